"""Mappings that only grow, and are values: equal ones are one object, and growing costs no copy.

A recording names every description that it meets. A place in it is told by all names so far; with
a dictionary each line would copy, and compare, all that came before it.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Hashable)


class Grown(Generic[Key, Value]):
    """A mapping of what was put in, in its order; begin with an empty one, `Grown()`.

    Two that grew from the same beginning by the same steps are one object. The values of a line of
    growth share one index, in which each has its place: what stands behind one's own end was put in
    later. Who grows another way from the middle of it begins an index of their own.
    """

    def __init__(self, index: dict[Key, tuple[int, Value]] | None = None, size: int = 0) -> None:
        self._index: dict[Key, tuple[int, Value]] = {} if index is None else index
        self._size = size
        self._next: dict[tuple[Key, Value], Grown[Key, Value]] = {}

    def __len__(self) -> int:
        return self._size

    def get(self, key: Key) -> Value | None:
        """What was put in under this key, or None."""
        found = self._index.get(key)
        return None if found is None or found[0] >= self._size else found[1]

    def with_(self, key: Key, value: Value) -> Grown[Key, Value]:
        """This, and one more; the key must be new."""
        grown = self._next.get((key, value))
        if grown is None:
            index = self._index if len(self._index) == self._size else self._own()
            index[key] = self._size, value
            grown = self._next[key, value] = Grown(index, self._size + 1)
        return grown

    def _own(self) -> dict[Key, tuple[int, Value]]:
        return {key: told for key, told in self._index.items() if told[0] < self._size}

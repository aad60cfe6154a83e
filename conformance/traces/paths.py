"""The ways that recordings went: what another recording said before needs no second look."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from .format import Header, Sdp
from .said import Said

MOST_PATHS = 1 << 18
"""Paths that are kept; then remembering begins anew, so that endless input fills no memory."""


class Path:
    """What was said so far: `said` last, `parent` before that. `steps` are the known ways on.

    A step is (what is said, the path after it, how its line starts), under the rest of the line (or
    both, where the rest alone is taken); of an SDP text under its id and summary, of a quiet time
    under what it comes to. The first step by a rest is the `usual` one: (rest, what is said, ...).
    """

    __slots__ = ("parent", "said", "steps", "usual")

    def __init__(self, parent: Path | None = None, said: Said | Sdp | None = None) -> None:
        self.parent = parent
        self.said = said
        self.usual: tuple[bytes | None, Any, Any, bytes] = _NO_STEP
        self.steps: dict[Hashable, tuple[Any, Path, bytes]] | None = None

    def step(self, key: Hashable) -> tuple[Any, Path, bytes] | None:
        """The step under a key, if it is known."""
        if self.usual[0] == key:
            return self.usual[1:]
        return None if self.steps is None else self.steps.get(key)

    def add(self, key: Hashable, step: tuple[Any, Path, bytes]) -> None:
        """Know one more step."""
        if self.usual is _NO_STEP and isinstance(key, bytes):
            self.usual = (key, *step)
            return
        if self.steps is None:
            self.steps = {}
        self.steps[key] = step

    def so_far(self) -> Iterator[Said | Sdp]:
        """What was said, the last first."""
        path: Path | None = self
        while path is not None and path.said is not None:
            yield path.said
            path = path.parent


_NO_STEP = (None, None, None, b"")

NOWHERE = Path()
"""No path: there is no step from it."""


class Paths:
    """All paths that were gone, from their starts: one for each set of peers."""

    def __init__(self) -> None:
        self._starts: dict[frozenset[str], Path] = {}
        self._size = 0
        self._shared: dict[bytes, bytes] = {}

    def shared(self, start: bytes) -> bytes:
        """One object for equal starts of lines: there are few, and they stay in the cache."""
        return self._shared.setdefault(start, start)

    def start(self, header: Header) -> Path:
        """Where recordings with these peers start."""
        return self._starts.setdefault(frozenset(header.peers), Path())

    def extended(self, path: Path, key: Hashable, said: Said | Sdp, start: bytes) -> Path:
        """A new path, with one more line."""
        if self._size >= MOST_PATHS:
            self._starts.clear()
            self._shared.clear()
            self._size = 0
        self._size += 1
        after = Path(path, said)
        path.add(key, (said, after, start))
        return after

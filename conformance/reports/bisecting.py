"""Bisecting: between which two versions does something change?

Pure: versions are names in their order, and a function tells how one behaves (anything that can be
compared), or None where that cannot be told. Nothing is asked twice.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from ..traces.version_numbers import begins_with, numbers

T = TypeVar("T")


class Change(msgspec.Struct, frozen=True):
    """The last version that behaves as those before it, and the first that does not.

    `untold` are the versions in between of which nothing could be told.
    """

    before: str
    after: str
    untold: tuple[str, ...] = ()


class Walk(Generic[T]):
    """Walks up and down a ladder of versions, and remembers what it saw."""

    def __init__(self, versions: Sequence[str], behaves: Callable[[str], T | None]) -> None:
        self.versions = tuple(versions)
        self.seen: dict[str, T | None] = {}
        self._behaves = behaves

    def at(self, version: str) -> T | None:
        """How the version behaves; None where that cannot be told."""
        if version not in self.seen:
            self.seen[version] = self._behaves(version)
        return self.seen[version]

    def boundary(self) -> Change | None:
        """Where behaviour ceases to be that of the first version, or None where the last has it.

        Asks at most ceil(log2 n) + 2 of n versions, and one more for each that cannot be told. It
        is one change among others where behaviour changes more than once.
        """
        told = list(self.versions)
        for end in (0, -1):
            while told and self.at(told[end]) is None:
                told.pop(end)
        if not told or self.at(told[0]) == self.at(told[-1]):
            return None
        low, high = 0, len(told) - 1
        while high - low > 1:
            middle = (low + high) // 2
            behaviour = self.at(told[middle])
            if behaviour is None:
                told.pop(middle)
                high -= 1
            elif behaviour == self.at(told[0]):
                low = middle
            else:
                high = middle
        return self._change(told[low], told[high])

    def look_at(self, versions: Sequence[str]) -> None:
        """Ask for all of these."""
        for version in versions:
            self.at(version)

    def changes(self) -> list[Change]:
        """All changes between neighbours among the versions that were asked for, in order.

        More than one says that behaviour is not monotone.
        """
        told = [one for one in self.versions if self.seen.get(one) is not None]
        return [
            self._change(one, other)
            for one, other in itertools.pairwise(told)
            if self.seen[one] != self.seen[other]
        ]

    def _change(self, before: str, after: str) -> Change:
        begin, end = self.versions.index(before), self.versions.index(after)
        between = self.versions[begin + 1 : end]
        return Change(before, after, tuple(one for one in between if one in self.seen))


def between(versions: Sequence[str], first: str, last: str) -> list[str]:
    """The versions from one to another, both given by as many numbers as are wanted."""
    return [
        one
        for one in versions
        if (begins_with(one, first) or numbers(one) >= numbers(first))
        and (begins_with(one, last) or numbers(one) <= numbers(last))
    ]

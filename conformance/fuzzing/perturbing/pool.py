"""The recordings that are perturbed, read and judged when their turn comes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.errors import TraceError
from negotiation.conformance.traces import format

from .oracle import conforming_part, judge
from .recorded import Recording, read_recorded
from .rows import Row

MOST_HELD = 1024
"""Recordings that are held in memory."""

AHEAD = 512
"""Recordings that are looked at, at most, for one in which a row applies."""


class Held(msgspec.Struct, frozen=True):
    """A recording, or the part of it that conforms, with its verdict."""

    recording: Recording
    verdict: TraceVerdict


class Pool:
    """Recordings by number, the smallest file first; what cannot be read has no observation."""

    def __init__(self, sources: Sequence[str], checker: Checker) -> None:
        self.sources = sorted(sources, key=lambda one: (_size(one), one))
        self.checker = checker
        self.whole = lru_cache(MOST_HELD)(self._whole)
        self.part = lru_cache(MOST_HELD)(self._part)
        self._read = lru_cache(MOST_HELD)(self._read_one)
        self._applies: dict[tuple[int, str, bool], bool] = {}

    def __len__(self) -> int:
        return len(self.sources)

    def find(self, start: int, row: Row, *, whole: bool) -> int | None:
        """The first recording from this one on in which the row applies, if one is near."""
        for ahead in range(min(AHEAD, len(self))):
            at = (start + ahead) % len(self)
            if self.applies(at, row, whole=whole):
                return at
        return None

    def applies(self, at: int, row: Row, *, whole: bool) -> bool:
        """Whether a row applies in a recording (or in the part of it that conforms)."""
        key = at, row.name, whole
        if key not in self._applies:
            recording = self._read(at)
            applies = _first(row, recording)
            if applies and not whole:
                applies = _first(row, self.part(at).recording)
            self._applies[key] = applies
        return self._applies[key]

    def _read_one(self, at: int) -> Recording:
        try:
            return read_recorded(self.sources[at])
        except TraceError:
            header = format.Header("negotiation-trace", format.VERSION, "", {})
            return Recording(self.sources[at], header, {}, (), ())

    def _whole(self, at: int) -> Held:
        recording = self._read(at)
        return Held(recording, judge(self.checker, recording))

    def _part(self, at: int) -> Held:
        return Held(*conforming_part(self.checker, self._read(at)))


def _first(row: Row, recording: Recording) -> bool:
    return next(iter(row.places(recording)), None) is not None


def _size(source: str) -> int:
    try:
        return os.path.getsize(source)
    except OSError:
        return 0

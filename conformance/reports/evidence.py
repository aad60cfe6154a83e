"""What one peer did and was evidently in: states by line, and what negotiations began with."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from ..traces import format

CHANGES = frozenset(
    {
        "addTransceiver",
        "addTrack",
        "removeTrack",
        "createDataChannel",
        "direction",
        "stop",
        "setStreams",
        "restartIce",
    }
)
"""Calls after which there may be something to negotiate."""

NEEDED = "negotiationneeded"


class Point(msgspec.Struct, frozen=True):
    """A line of the trace, and its time in milliseconds."""

    line: int
    t: float


class Beginning(msgspec.Struct, frozen=True):
    """What a negotiation began with: a call, or an event."""

    what: str
    line: int
    t: float


class Seen(msgspec.Struct, frozen=True):
    """An observation of one peer, with the state that it was evidently in (None: not known).

    `changes`: it is a call that left something to negotiate, as far as can be seen.
    """

    line: int
    one: format.AnyObservation
    state: str | None = None
    changes: bool = False

    @property
    def point(self) -> Point:
        """Where and when."""
        return Point(self.line, self.one.t)


class Evidence:
    """The states that a peer was evidently in, by line."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self._seen: list[tuple[Point, str]] = []
        self._points: dict[str, list[Point]] = {}
        for one in seen:
            if one.state is not None:
                self._seen.append((one.point, one.state))
                self._points.setdefault(one.state, []).append(one.point)

    @property
    def first_state(self) -> str | None:
        """The state that was seen first."""
        return self._seen[0][1] if self._seen else None

    def first(self, state: str, after: int, until: int | None) -> Point | None:
        """When the state is first seen behind a line, up to another."""
        points = self._points.get(state, [])
        at = bisect_right(points, after, key=_line)
        if at == len(points) or (until is not None and points[at].line > until):
            return None
        return points[at]

    def between(self, after: int, until: int | None) -> list[tuple[Point, str]]:
        """What was seen behind a line, up to another, in its order."""
        first = bisect_right(self._seen, after, key=_line_of_seen)
        return self._seen[first : self._end(until)]

    def last(self, until: int | None) -> tuple[Point, str] | None:
        """What was seen last, up to a line."""
        end = self._end(until)
        return self._seen[end - 1] if end else None

    def _end(self, until: int | None) -> int:
        if until is None:
            return len(self._seen)
        return bisect_right(self._seen, until, key=_line_of_seen)


def _line(one: Point | Beginning) -> int:
    return one.line


def _line_of_seen(one: tuple[Point, str]) -> int:
    return one[0].line


class Beginnings:
    """What negotiations began with: the first change, or event, since the last return to stable."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        told = [one for one in seen if _begins(one)]
        self._changes = [_beginning(one) for one in told if _of(one) != "createOffer"]
        self._created = [_beginning(one) for one in told if _of(one) == "createOffer"]
        self._returned = 0

    def returned(self, line: int) -> None:
        """The connection was stable again in this line."""
        self._returned = line

    def of(self, called: Point | None, effect: Point | None) -> Beginning | None:
        """What the offer began with that was set here; if nothing else, with the call."""
        made: list[Beginning] = []
        if called is not None:
            made = [Beginning("setLocalDescription", called.line, called.t)]
        until = max(one.line for one in (called, effect) if one is not None)
        for known in (self._changes, self._created):
            at = bisect_right(known, self._returned, key=_line)
            if at < len(known) and known[at].line <= until:
                return min([known[at], *made], key=_line)
        return made[0] if made else None


def _beginning(seen: Seen) -> Beginning:
    return Beginning(_of(seen), seen.line, seen.one.t)


def _of(seen: Seen) -> str:
    one = seen.one
    return one.method if isinstance(one, format.Call) else getattr(one, "name", "")


def _begins(seen: Seen) -> bool:
    if isinstance(seen.one, format.Call):
        return seen.changes or seen.one.method == "createOffer"
    return isinstance(seen.one, format.Event) and seen.one.name == NEEDED

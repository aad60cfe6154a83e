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
        self._lines: dict[str, list[int]] = {}
        self._points: dict[str, list[Point]] = {}
        self.first_state: str | None = None
        for one in seen:
            if one.state is not None:
                self.first_state = self.first_state or one.state
                self._lines.setdefault(one.state, []).append(one.line)
                self._points.setdefault(one.state, []).append(one.point)

    def first(self, state: str, after: int, until: int | None) -> Point | None:
        """When the state is first seen behind a line, up to another."""
        lines = self._lines.get(state, [])
        at = bisect_right(lines, after)
        if at == len(lines) or (until is not None and lines[at] > until):
            return None
        return self._points[state][at]

    def last(self, until: int | None) -> tuple[int, str | None]:
        """The state that was seen last, up to a line, and where."""
        latest: tuple[int, str | None] = (0, None)
        for state, lines in self._lines.items():
            at = len(lines) if until is None else bisect_right(lines, until)
            if at and lines[at - 1] > latest[0]:
                latest = lines[at - 1], state
        return latest


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

    def of(self, called: Point, effect: Point | None) -> Beginning:
        """What the offer that was set here began with; if nothing else, with itself."""
        made = Beginning("setLocalDescription", called.line, called.t)
        until = called.line if effect is None else effect.line
        for known in (self._changes, self._created):
            at = bisect_right(known, self._returned, key=_place)
            if at < len(known) and known[at].line <= until:
                return min(known[at], made, key=_place)
        return made


def _place(one: Beginning) -> int:
    return one.line


def _beginning(seen: Seen) -> Beginning:
    return Beginning(_of(seen), seen.line, seen.one.t)


def _of(seen: Seen) -> str:
    one = seen.one
    return one.method if isinstance(one, format.Call) else getattr(one, "name", "")


def _begins(seen: Seen) -> bool:
    if isinstance(seen.one, format.Call):
        return seen.changes or seen.one.method == "createOffer"
    return isinstance(seen.one, format.Event) and seen.one.name == NEEDED

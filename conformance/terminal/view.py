"""Which rows are shown, and where one is among them: filters, steps, searches.

Position 0 of a view is the story; the others are rows.
"""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence

import msgspec

from ..reports.observing import kind_of
from ..traces import format
from .rows import Rows

STORY = -1
"""What stands for the story where a row is meant."""

KINDS: dict[str, frozenset[str]] = {
    "calls": frozenset({"call", "return", "throw", "resolve", "reject"}),
    "events": frozenset({"event"}),
    "messages": frozenset({"send", "receive"}),
    "idle and remarks": frozenset({"idle", "mark"}),
}
"""What one can restrict a view to, by what the kinds of observations are called in a trace."""


class Filter(msgspec.Struct, frozen=True):
    """What is shown: of one peer (None: all), of some kinds, only where something was found."""

    peer: str | None = None
    kind: str | None = None
    only_findings: bool = False

    def __str__(self) -> str:
        told = [
            f"peer {self.peer}" if self.peer is not None else "",
            self.kind or "",
            "findings" if self.only_findings else "",
        ]
        return ", ".join(one for one in told if one)

    def shows(self, one: format.AnyObservation) -> bool:
        """Whether the peer and the kind of an observation are among what is shown."""
        if self.peer is not None and one.peer != self.peer:
            return False
        return self.kind is None or kind_of(one) in KINDS[self.kind]


class View:
    """The rows that pass the filter, and the one that one is at."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.filter = Filter()
        self.sought = ""
        self.shown: Sequence[int] = range(len(rows))
        self.at = 0

    def __len__(self) -> int:
        return len(self.shown) + 1

    @property
    def row(self) -> int:
        """The row that one is at, or STORY."""
        return self.row_at(self.at)

    def row_at(self, position: int) -> int:
        """The row at a position."""
        return STORY if position == 0 else self.shown[position - 1]

    def move(self, by: int) -> None:
        """Step by so many rows, up to the ends."""
        self.go(self.at + by)

    def go(self, position: int) -> None:
        """Go to a position, or to the nearest there is."""
        self.at = max(0, min(position, len(self.shown)))

    def go_to_row(self, row: int) -> None:
        """Go to a row, or to the nearest shown one after it (or the last)."""
        at = 0 if row == STORY else bisect.bisect_left(self.shown, row) + 1
        self.go(at)

    def restrict(self, to: Filter) -> None:
        """Show other rows, and stay as near as possible."""
        row = self.row
        self.filter = to
        rows: Sequence[int] = self.rows.with_findings if to.only_findings else range(len(self.rows))
        if to.peer is not None or to.kind is not None:
            rows = [one for one in rows if to.shows(self.rows.observation(one))]
        self.shown = rows
        self.go_to_row(row)

    def finding(self, forwards: bool) -> bool:
        """Go to the next row (or the one before) where something was found, if there is one."""
        return self._first(lambda row: bool(self.rows.findings(row)), forwards)

    def any_finding(self, first: int, last: int) -> bool:
        """Whether something was found in rows at these positions, the last not among them."""
        rows = self.rows.with_findings
        first, last = max(first, 1), min(last, len(self))
        if first >= last:
            return False
        at = bisect.bisect_left(rows, self.row_at(first))
        return at < len(rows) and rows[at] <= self.row_at(last - 1)

    def search(self, forwards: bool) -> bool:
        """Go to the next row (or the one before) in which `sought` occurs, if there is one."""
        exact = self.sought != self.sought.lower()
        sought = self.sought

        def occurs(row: int) -> bool:
            # A state is meant by its beginning: "offer" would be in most of them.
            text, state = self._text(row), self._state(row)
            return state.startswith(sought) or sought in (text if exact else text.lower())

        return bool(sought) and self._first(occurs, forwards)

    def _first(self, holds: Callable[[int], bool], forwards: bool) -> bool:
        positions = range(self.at + 1, len(self)) if forwards else range(self.at - 1, 0, -1)
        for position in positions:
            if holds(self.row_at(position)):
                self.at = position
                return True
        return False

    def _text(self, row: int) -> str:
        """What a row is searched by: its words, and what was found."""
        found = (f"{each.id} {each.message}" for each in self.rows.findings(row))
        return "\n".join([self.rows.words(row), *found])

    def _state(self, row: int) -> str:
        """The signaling state that was read with it; "" if none was."""
        read = self.rows.observation(row).state
        return "" if read is None else read.signalingState or ""

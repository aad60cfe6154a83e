"""Which recording is perturbed how: Hypothesis picks, so that it can shrink what fails."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import assume
from hypothesis import strategies as st

from negotiation.conformance.checking.judging import Checker, TraceVerdict

from .oracle import Objection, judge, objection
from .pool import Held, Pool
from .recorded import Recording
from .rows import Keeps, Place, Row

MOST_BEFORE = 2
"""Allowed perturbations that come before the last one, at most."""

_WEAKEST: tuple[Keeps, ...] = ("conformance", "departures", "findings")


class Applied(msgspec.Struct, frozen=True):
    """A row, and where it was applied."""

    row: Row
    place: Place


class Example(msgspec.Struct, frozen=True):
    """A recording, and what is done to it: allowed perturbations, and then the last one."""

    held: Held
    applied: tuple[Applied, ...]

    @property
    def last(self) -> Applied:
        """The perturbation that is tried."""
        return self.applied[-1]

    @property
    def keeps(self) -> Keeps:
        """What all of them together leave as it is."""
        return min((one.row.keeps for one in self.applied), key=_WEAKEST.index)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for the same perturbations of the same recording."""
        steps = ((one.row.name, one.place) for one in self.applied)
        return self.held.recording.file, len(self.held.recording.told), *steps


def examples(draw: st.DataObject, pool: Pool, rows: Sequence[Row]) -> Example:
    """An example with one of the rows as the last; rejects where there is none."""
    row = draw.draw(st.sampled_from(rows))
    allowed = [one for one in rows if one.kind == "allowed"]
    some = st.lists(st.sampled_from(allowed), max_size=MOST_BEFORE) if allowed else st.just([])
    before = draw.draw(some)
    whole = row.kind == "allowed" and all(one.keeps != "conformance" for one in (*before, row))
    found = pool.find(draw.draw(st.integers(0, len(pool) - 1)), row, whole=whole)
    assume(found is not None)
    assert found is not None
    held = pool.whole(found) if whole else pool.part(found)
    return Example(held, _placed(draw, held.recording, before, row))


def _placed(
    draw: st.DataObject, recording: Recording, before: Sequence[Row], last: Row
) -> tuple[Applied, ...]:
    applied = []
    for row in (*before, last):
        places = row.applied(recording)
        assume(places or row is not last)
        if places:
            place = draw.draw(st.sampled_from(places))
            applied.append(Applied(row, place))
            recording = row.make(recording, place)
    return tuple(applied)


class Outcome(msgspec.Struct, frozen=True):
    """The perturbed recording, its verdict, and whether that contradicts the text.

    `at` is the first observation that the last perturbation touched.
    """

    recording: Recording
    at: int
    verdict: TraceVerdict
    objection: Objection | None


def outcome(checker: Checker, example: Example) -> Outcome:
    """What the checker says of an example."""
    recording = before = example.held.recording
    for one in example.applied:
        before, recording = recording, one.row.make(recording, one.place)
    at = _first_difference(before, recording)
    after = judge(checker, recording)
    row = example.last.row
    line = recording.written_line(at)
    contradicts = objection(row.kind, example.keeps, example.held.verdict, after, line)
    return Outcome(recording, at, after, contradicts)


def _first_difference(before: Recording, after: Recording) -> int:
    pairs = enumerate(zip(before.told, after.told, strict=False))
    shorter = min(len(before.told), len(after.told))
    return next((at for at, (one, other) in pairs if one is not other), shorter)

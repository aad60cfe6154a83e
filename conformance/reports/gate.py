"""The gate: verdicts and expectations together, and the exit code that follows from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

import msgspec

from ..checking.findings import Finding
from ..checking.judging import VerdictName
from .expectations import Expectation, Stale, stale
from .judged import Judged, Quoted
from .known import Baselined, Came, Compared, Identity, places_of

PASSED, FAILED, NOTHING, UNREADABLE, UNDECIDED = range(5)
"""The exit codes of `check`."""


class Weighed(msgspec.Struct, frozen=True):
    """A finding, the expectation that covers it, and the line of the trace that it is about.

    `known_since` is the day on which it came into the baseline; `is_unchanged` says that it came in
    the other run, too, that this one is compared with.
    """

    finding: Finding
    judged: Judged
    expected_by: Expectation | None = None
    known_since: datetime.date | None = None
    is_unchanged: bool = False

    @property
    def identity(self) -> Identity:
        """What is wrong, and not where."""
        return Identity.of(self.judged, self.finding)

    @property
    def fails(self) -> bool:
        """Whether it is a departure or a fault, and nothing covers it."""
        covered = self.expected_by is not None or self.known_since is not None or self.is_unchanged
        return self.finding.class_ != "note" and not covered

    @property
    def quoted(self) -> Quoted | None:
        """The observation."""
        return self.judged.quoted.get(self.finding.line)


class Gate(msgspec.Struct, frozen=True):
    """What is to be told of some judged traces."""

    judged: tuple[Judged, ...]
    weighed: tuple[Weighed, ...]
    stale: tuple[Stale, ...] = ()
    seconds: float = 0.0
    allow_undecided: bool = False
    baseline: Baselined | None = None
    against: Compared | None = None

    @property
    def unexpected(self) -> tuple[Weighed, ...]:
        """Departures and faults that nothing covers: no expectation, baseline or other run."""
        return tuple(one for one in self.weighed if one.fails)

    @property
    def known(self) -> tuple[Weighed, ...]:
        """Departures and faults that are in the baseline."""
        return tuple(one for one in self.weighed if one.known_since is not None)

    @property
    def unchanged(self) -> tuple[Weighed, ...]:
        """Departures and faults that only the other run covers."""
        return tuple(one for one in self.weighed if one.is_unchanged)

    @property
    def expected(self) -> tuple[Weighed, ...]:
        """Departures and faults that are expected."""
        return tuple(one for one in self.weighed if one.expected_by is not None)

    @property
    def notes(self) -> tuple[Weighed, ...]:
        """What is worth telling, and not wrong."""
        return tuple(one for one in self.weighed if one.finding.class_ == "note")

    @property
    def came(self) -> Came:
        """What came in these traces, apart from what is expected."""
        counted = (one for one in self.weighed if one.finding.class_ != "note")
        seen = frozenset(one.identity for one in counted if one.expected_by is None)
        tried = (place for one in self.judged if one.is_whole for place in places_of(one))
        return Came(seen, frozenset(tried))

    @property
    def undecided(self) -> tuple[Judged, ...]:
        """The traces that were read, and not judged to their end."""
        return tuple(one for one in self.judged if one.verdict.undecided)

    @property
    def unreadable(self) -> tuple[Judged, ...]:
        """The traces that could not be read to their end."""
        return tuple(one for one in self.judged if one.verdict.error is not None)

    @property
    def observations(self) -> int:
        """How many observations there were in all."""
        return sum(one.verdict.observations for one in self.judged)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the verdicts rest on."""
        told = (assumption for one in self.judged for assumption in one.verdict.assumptions)
        return tuple(dict.fromkeys(told))

    @property
    def limits(self) -> tuple[str, ...]:
        """What could not be concluded, and why."""
        told = (limit for one in self.judged for limit in one.verdict.limits)
        return tuple(dict.fromkeys(told))

    @property
    def verdict(self) -> VerdictName:
        """The worst verdict."""
        verdicts = {one.verdict.verdict for one in self.judged}
        if "violates" in verdicts:
            return "violates"
        return "conforms" if verdicts == {"conforms"} else "undecided"

    @property
    def exit_code(self) -> int:
        """What the command returns; the worst wins in the order 1, 3, 4."""
        if self.unexpected or self.stale:
            return FAILED
        if self.unreadable:
            return UNREADABLE
        if not self.observations:
            return NOTHING
        if self.undecided and not self.allow_undecided:
            return UNDECIDED
        return PASSED

    @property
    def passed(self) -> bool:
        """Whether every departure and fault is expected, and everything could be judged."""
        return self.exit_code == PASSED


def weigh(
    judged: Sequence[Judged],
    expectations: Sequence[Expectation],
    *,
    seconds: float = 0.0,
    allow_undecided: bool = False,
) -> Gate:
    """The gate for these verdicts."""
    weighed = tuple(one for each in judged for one in weigh_findings(each, expectations))
    return Gate(
        tuple(judged), weighed, tuple(stale(expectations, judged)), seconds, allow_undecided
    )


def weigh_findings(judged: Judged, expectations: Sequence[Expectation]) -> Iterator[Weighed]:
    """The findings of one trace, each with the expectation that covers it, if one does."""
    expected: dict[tuple[str, int], Expectation] = {}
    for finding in judged.verdict.findings:
        matching = (one for one in expectations if one.expects(judged, finding))
        expectation = next(matching, None)
        if expectation is None and finding.after is not None and finding.class_ != "note":
            # What only follows from an expected finding is expected with it.
            expectation = expected.get((finding.peer, finding.after))
        if expectation is not None:
            expected[finding.peer, finding.line] = expectation
        yield Weighed(finding, judged, expectation)

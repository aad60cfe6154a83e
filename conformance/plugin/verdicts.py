"""The verdict on what a test has recorded, as `negotiation check` would give it, and its text."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..checking.findings import FINDINGS, Finding
from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.expectations import (
    Expectation,
    Row,
    Stale,
    expectations_for,
    known_of_stacks,
    read_expectations,
    stale,
)
from ..reports.gate import NOTHING, Gate, Weighed, weigh_findings
from ..reports.judged import Judged, judge_trace
from ..reports.paper import Paper
from ..reports.telling import tell_finding


@cache
def checker() -> Checker:
    """One for all tests of a process: what it has worked out, it remembers."""
    return Checker()


def expected_row(id: str, test: str, reason: str, about: str | None) -> Expectation:
    """What a test itself expects, of whichever trace it has: it may have made some in another way.

    Raises:
        UsageError: there is no such finding, or it never fails.
    """
    if id not in FINDINGS:
        raise UsageError(f"there is no finding {id!r}; `negotiation explain` lists them")
    if FINDINGS[id].class_ == "note":
        raise UsageError(f"{id} is a note, which never fails; leave it out")
    return Expectation(Row(id, "*", reason, about=about), test, 1)


class Expected(NamedTuple):
    """What is expected of the traces of a test: by the test itself, by files, and of everybody."""

    own: tuple[Expectation, ...]
    given: tuple[Expectation, ...]
    known: tuple[Expectation, ...]

    @property
    def every(self) -> list[Expectation]:
        """All of it, the nearest first."""
        return [*self.own, *self.given, *self.known]

    def expects(self, judged: Judged, finding: Finding) -> bool:
        """Whether a finding is expected: it is not looked into any further then."""
        return any(one.expects(judged, finding) for one in self.every)

    def unexpected(self, judged: Judged) -> Callable[[Finding], bool]:
        """Whether a finding of this trace is not expected."""
        return lambda finding: not self.expects(judged, finding)


def expected_of(
    files: Sequence[Path], expectation_files: Sequence[str], own: Sequence[Expectation]
) -> Expected:
    """What the given files expect, or else those beside the traces and above.

    Raises:
        UsageError: one is not as it should be.
    """
    if expectation_files:
        given = [one for file in expectation_files for one in read_expectations(file)]
    else:
        given = expectations_for([str(file) for file in files])
    return Expected(tuple(own), tuple(given), known_of_stacks())


def judged(files: Sequence[Path], expected: Expected, *, allow_undecided: bool) -> Gate:
    """The gate for the traces of one test.

    An expectation is stale where it names exactly this test, or the test said it: what other tests
    have recorded is not known here.
    """
    told = [str(file) for file in files]
    every = expected.every
    begun = time.perf_counter()
    results = [judge_trace(one, checker(), expected.expects) for one in told]
    seconds = time.perf_counter() - begun
    weighed: tuple[Weighed, ...] = tuple(w for one in results for w in weigh_findings(one, every))
    programs = {one.verdict.program or "" for one in results}
    named = [one for one in expected.given if set(one.row.programs) <= programs - {""}]
    gone: tuple[Stale, ...] = tuple(stale([*expected.own, *named], results))
    return Gate(tuple(results), weighed, gone, seconds, allow_undecided)


def text_of(gate: Gate, *, width: int = 100) -> str:
    """What is wrong, in the first line; then each finding in full, the application's first."""
    if gate.exit_code == NOTHING:
        return (
            "Nothing was recorded: watch a connection with `negotiation.watch`, or a page with\n"
            "`negotiation.watch_page` before it goes to its address."
        )
    paper = Paper(width=width)
    paper.as_it_is(_heading(gate))
    for number, weighed in enumerate(_in_order(gate), start=1):
        paper.blank()
        stack = weighed.judged.stack(weighed.finding.peer)
        tell_finding(paper, weighed.finding, quoted=weighed.quoted, stack=stack, number=number)
    _tell_rest(paper, gate)
    return paper.text().rstrip()


def _in_order(gate: Gate) -> list[Weighed]:
    return sorted(gate.unexpected, key=lambda one: one.finding.blame == "stack")


def _heading(gate: Gate) -> str:
    kinds = dict.fromkeys(one.finding.id for one in _in_order(gate))
    told = [f"{id} ({FINDINGS[id].title})" for id in kinds]
    told += [f"{one.expectation.row.id} was expected, and did not come" for one in gate.stale]
    told += [str(one.verdict.error) for one in gate.unreadable]
    if not gate.allow_undecided:
        told += [f"undecided: {why}" for one in gate.undecided for why in one.verdict.undecided]
    return "; ".join(told) or "Nothing is wrong with the negotiation"


def _tell_rest(paper: Paper, gate: Gate) -> None:
    """How much there was, what else was found, and who tells more."""
    told = [f"{gate.observations} observations of {_stacks(gate)}"]
    if gate.expected:
        kinds = Counter(one.finding.id for one in gate.expected)
        told.append(f"expected: {_counted(kinds)}")
    if gate.notes:
        told.append(f"notes: {_counted(Counter(one.finding.id for one in gate.notes))}")
    paper.blank()
    paper.paragraph(f"{'; '.join(told)}. `negotiation check TRACE` tells all.")


def _counted(kinds: Counter[str]) -> str:
    return ", ".join(f"{number} x {id}" for id, number in kinds.most_common())


def _stacks(gate: Gate) -> str:
    named = dict.fromkeys(stack for one in gate.judged for stack in one.verdict.stacks)
    return ", ".join(named) or "an unknown stack"

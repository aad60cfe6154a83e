"""What a campaign found, as data: the same for the text and the JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec

from ..checking.judging import Checker
from ..coverage.counting import Coverage
from ..fuzzing.campaign import REPETITIONS, Core, Tally
from ..fuzzing.cases import Fault
from ..fuzzing.playing import faults_in
from ..fuzzing.wording import in_words
from .expectations import Expectation
from .judged import Progress
from .versions import is_within


class FoundCase(msgspec.Struct, frozen=True):
    """A new fault, its shortest program in words, its case's file, and how to play that again."""

    fault: Fault
    message: str
    program: tuple[str, ...]
    file: str
    line: int
    times: int
    number: int
    confirmed: int
    minimal: bool
    runs: int
    behind: tuple[Fault, ...] = ()
    repeated: int = REPETITIONS
    replay: str = ""

    @property
    def is_fleeting(self) -> bool:
        """Whether it was seen once, and never again when its program was repeated."""
        return self.repeated > 0 and not self.confirmed and self.times <= 1


class Seen(msgspec.Struct, frozen=True):
    """A fault, and how many of the generated programs showed it."""

    fault: Fault
    times: int


class Shown(msgspec.Struct, frozen=True):
    """The faults that recordings show; `alone` are those that come first in one of them.

    What is only shown behind another fault may be a consequence of that one.
    """

    recordings: int = 0
    faults: frozenset[Fault] = frozenset()
    alone: frozenset[Fault] = frozenset()


class Comparison(msgspec.Struct, frozen=True):
    """What a campaign found beside what recordings show: `beyond` is in none of them.

    `alone_both` and `alone_missing` are of those that a recording shows alone.
    """

    recordings: int
    both: tuple[Fault, ...]
    beyond: tuple[Fault, ...]
    missing: tuple[Fault, ...]
    alone_both: tuple[Fault, ...] = ()
    alone_missing: tuple[Fault, ...] = ()


class Breakdown(msgspec.Struct, frozen=True):
    """Milliseconds a run: the stack's work, waits for quiet, the checker, the generator."""

    stack: float
    quiet: float
    checker: float
    generator: float


class Covered(msgspec.Struct, frozen=True):
    """How much of the model the generated programs exercised: kinds of items, and what is left."""

    seen: dict[str, int]
    of: dict[str, int]
    missing: tuple[str, ...]


NOTHING_NEW, FOUND = 0, 1
"""The exit codes of `fuzz`."""


class FuzzReport(msgspec.Struct, frozen=True):
    """What a campaign did and found.

    `fleeting` are the cases that were seen once and never again: they are no faults yet.
    """

    stack: str
    seed: int
    stopped: str
    seconds: float
    programs: int
    runs: int
    cases: tuple[FoundCase, ...]
    known: tuple[Seen, ...]
    unsupported: tuple[str, ...]
    troubles: dict[str, int]
    breakdown: Breakdown
    coverage: Covered
    comparison: Comparison | None = None
    fleeting: tuple[FoundCase, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the command returns."""
        return FOUND if self.cases else NOTHING_NEW


def found_case(core: Core, tally: Tally, file: str, replay: str = "") -> FoundCase:
    """A new fault, for the report; `replay` is the command that plays its case again."""
    return FoundCase(
        core.fault,
        core.finding.message,
        tuple(in_words(core.played.program)),
        file,
        core.finding.line,
        tally.times.get(core.fault, 0),
        core.number,
        core.confirmed,
        core.minimal,
        core.runs,
        core.behind,
        core.repeated,
        replay,
    )


def breakdown(tally: Tally, generating: float) -> Breakdown:
    """Where the time of a run goes; `generating` is the time for a program, in seconds."""
    runs = max(tally.runs, 1) / 1000
    took = tally.took
    return Breakdown(
        round(took.stack / runs, 2),
        round(took.quiet / runs, 2),
        round(took.checker / runs, 2),
        round(generating * 1000, 2),
    )


def covered(coverage: Coverage) -> Covered:
    """The coverage of the model, kind by kind."""
    seen = Counter[str](one.kind for one in coverage.counts)
    listed = Counter[str](one.kind for one in coverage.universe)
    return Covered(dict(seen), dict(listed), tuple(map(str, coverage.missing())))


def faults_of(sources: Sequence[str], checker: Checker, progress: Progress | None = None) -> Shown:
    """The faults that recordings show."""
    faults: set[Fault] = set()
    alone: set[Fault] = set()
    judged = 0
    for done, source in enumerate(sources, start=1):
        if progress is not None:
            progress(done, len(sources))
        verdict = checker.judge(source)
        judged += verdict.observations > 0
        found = faults_in(verdict)
        faults |= found.keys()
        alone.update(islice(found, 1))
    return Shown(judged, frozenset(faults), frozenset(alone))


def comparison(found: Iterable[Fault], shown: Shown) -> Comparison:
    """What was found beside what recordings show."""
    ours = set(found)
    return Comparison(
        recordings=shown.recordings,
        both=tuple(sorted(ours & shown.faults)),
        beyond=tuple(sorted(ours - shown.faults)),
        missing=tuple(sorted(shown.faults - ours)),
        alone_both=tuple(sorted(ours & shown.alone)),
        alone_missing=tuple(sorted(shown.alone - ours)),
    )


def tolerates(expectation: Expectation, fault: Fault, stack: str, version: str) -> bool:
    """Whether an expectation speaks of the fault, whatever the program.

    Generated programs have no names that a row could know: a row tolerates all faults of its kind
    that its `anchor`, `rule` and `about` leave.
    """
    row = expectation.row
    if row.id != fault.id or not expectation.speaks_of(stack):
        return False
    if row.versions is not None and not is_within(version, row.versions):
        return False
    return (
        row.anchor in (None, fault.anchor)
        and row.rule in (None, fault.rule)
        and expectation.is_of_subject(fault.about)
    )

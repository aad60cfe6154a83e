"""Perturbing recordings until time or examples are over: what the checker says against the text.

A failure is the checker's, not a stack's: it accepted what the text forbids, or it flagged what the
text allows. It does not end the campaign: it is shrunk, and from then on it is known.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker

from . import ROWS
from .oracle import judge
from .picking import Applied, Example, Outcome, examples, outcome
from .pool import Held, Pool
from .recorded import written
from .rows import Kind, Row

SHRINKING = 30.0
"""Seconds that shrinking one failure may take."""

LEAST = 100
"""Examples that Hypothesis is asked for at least: with fewer it might only repeat some."""

Progress = Callable[[int, int], None]
"""Is told how many examples were tried, of how many."""


class Failure(msgspec.Struct, frozen=True):
    """Where the checker contradicts the text.

    `line` is the line of `recording` at which it was perturbed; `before` are the allowed
    perturbations that came first, as words. `says` is what the checker did, `finding` what it told;
    `trace` is the perturbed recording, `file` where it was written; `observations` counts what is
    left of it, and `times` the examples that failed so.
    """

    row: str
    kind: Kind
    anchor: str
    why: str
    recording: str
    line: int
    before: tuple[str, ...]
    says: str
    finding: Finding | None
    observations: int
    trace: bytes
    times: int = 1
    file: str | None = None


class Perturbed(msgspec.Struct, frozen=True):
    """What came of a campaign.

    `tried` counts the examples of each row, `distinct` different (recording, row, place);
    `stopped` says why it ended.
    """

    recordings: int
    examples: int
    distinct: int
    seconds: float
    seed: int
    stopped: str
    tried: dict[str, int]
    failures: tuple[Failure, ...] = ()

    @property
    def never(self) -> tuple[str, ...]:
        """The rows that were not tried: they apply nowhere in these recordings, or seldom."""
        return tuple(name for name, times in self.tried.items() if not times)


class ContradictionError(AssertionError):
    """The checker contradicts the text: Hypothesis shrinks what raises this."""


class _OverError(BaseException):
    """Leaves Hypothesis, which takes every `Exception` for a failure."""


def perturb_recordings(
    sources: Sequence[str],
    checker: Checker,
    *,
    examples: int = 1000,
    seconds: float = 600.0,
    seed: int = 0,
    progress: Progress | None = None,
    rows: Mapping[str, Row] = ROWS,
) -> Perturbed:
    """Perturb the recordings, and compare what the checker says with what the text says.

    `sources` are what `find_recordings` found. It ends after so many examples or seconds, whichever
    comes first; the same seed tries the same as long as there is time.

    Raises as `read_recording` does, but for recordings that cannot be read: these are left out.
    """
    campaign = _Campaign(Pool(sources, checker), rows, examples, seconds, progress)
    for number in itertools.count(seed):
        before = campaign.done
        failing = campaign.run(number) if campaign.goes_on else None
        if failing is not None:
            campaign.know(*failing)
        elif campaign.done == before:
            break
    return campaign.report(seed)


def save_failures(perturbed: Perturbed, folder: Path) -> Perturbed:
    """Write each perturbed trace into the folder, and say where."""
    folder.mkdir(parents=True, exist_ok=True)
    saved = []
    for number, one in enumerate(perturbed.failures, start=1):
        file = folder / f"{one.row}-{number}.jsonl"
        file.write_bytes(one.trace)
        saved.append(msgspec.structs.replace(one, file=str(file)))
    return msgspec.structs.replace(perturbed, failures=tuple(saved))


class _Campaign:
    """What was tried so far, and what is known to fail."""

    def __init__(
        self,
        pool: Pool,
        rows: Mapping[str, Row],
        most: int,
        seconds: float,
        progress: Progress | None,
    ) -> None:
        self.pool = pool
        self.rows = rows
        self.most = most
        self.began = time.monotonic()
        self.until = self.began + seconds
        self.progress = progress
        self.tried: Counter[str] = Counter()
        self.seen: set[tuple[object, ...]] = set()
        self.distinct: set[tuple[object, ...]] = set()
        self.failures: dict[tuple[object, ...], Failure] = {}
        self.known: dict[tuple[object, ...], tuple[object, ...]] = {}
        self.times: Counter[tuple[object, ...]] = Counter()

    @property
    def done(self) -> int:
        return self.tried.total()

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.until

    @property
    def goes_on(self) -> bool:
        return self.done < self.most and not self.is_late and len(self.pool) > 0

    def run(self, number: int) -> tuple[Example, Outcome] | None:
        """The first failure that is not known yet, shrunk; None: there was none."""
        failing: dict[tuple[object, ...], Outcome] = {}
        last: list[tuple[Example, Outcome]] = []
        shrinking_until = [0.0]

        @seed(number)
        @settings(
            max_examples=max(LEAST, self.most - self.done),
            phases=(Phase.generate, Phase.shrink),
            database=None,
            deadline=None,
            derandomize=False,
            report_multiple_bugs=False,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(st.data())
        def tries(data: st.DataObject) -> None:
            example = examples(data, self.pool, list(self.rows.values()))
            if not failing and not self.goes_on:
                raise _OverError
            if not failing and example.key in self.seen:
                return
            if example.key not in failing:
                if failing and time.monotonic() > shrinking_until[0]:
                    return
                told = outcome(self.pool.checker, example)
                if not failing:
                    self._count(example)
                if not self._is_new(example, told):
                    return
                shrinking_until[0] = shrinking_until[0] or time.monotonic() + SHRINKING
                failing[example.key] = told
            last[:] = [(example, failing[example.key])]
            raise ContradictionError

        try:
            tries()
        except ContradictionError:
            return last[0]
        except (_OverError, Unsatisfiable):
            return None
        return None

    def _count(self, example: Example) -> None:
        self.tried[example.last.row.name] += 1
        self.seen.add(example.key)
        self.distinct.add((example.held.recording.file, example.last.row.name, example.last.place))
        if self.progress is not None:
            self.progress(self.done, self.most)

    def _is_new(self, example: Example, told: Outcome) -> bool:
        if told.objection is None:
            return False
        key = _fault(example, told)
        self.times[self.known.get(key, key)] += 1
        return key not in self.known

    def know(self, example: Example, told: Outcome) -> None:
        """The failure is known from now on; of its recording only what is needed is kept."""
        found = _fault(example, told)
        example, told = _without_what_follows(self.pool.checker, example, told)
        key = _fault(example, told)
        self.known[found] = self.known[key] = key
        if found != key:
            self.times[key] += self.times.pop(found, 0)
        if key not in self.failures:
            self.failures[key] = _failure(*_shortest(self.pool.checker, example, told))

    def report(self, number: int) -> Perturbed:
        """What came of it."""
        failures = (
            msgspec.structs.replace(one, times=max(1, self.times[key]))
            for key, one in self.failures.items()
        )
        return Perturbed(
            recordings=len(self.pool),
            examples=self.done,
            distinct=len(self.distinct),
            seconds=time.monotonic() - self.began,
            seed=number,
            stopped=self._reason(),
            tried={name: self.tried[name] for name in self.rows},
            failures=tuple(failures),
        )

    def _reason(self) -> str:
        if self.done >= self.most:
            return "all examples were tried"
        return "the time was over" if self.is_late else "nothing else was found to try"


def _fault(example: Example, told: Outcome) -> tuple[object, ...]:
    """Equal for failures that are the same thing."""
    assert told.objection is not None
    found = told.objection.finding
    return example.last.row.name, None if found is None else (found.id, found.refused_by)


def _without_what_follows(
    checker: Checker, example: Example, told: Outcome
) -> tuple[Example, Outcome]:
    """The first of the perturbations after which the checker contradicts the text."""
    for length in range(1, len(example.applied)):
        fewer = Example(example.held, example.applied[:length])
        then = outcome(checker, fewer)
        if then.objection is not None:
            return fewer, then
    return example, told


def _shortest(checker: Checker, example: Example, told: Outcome) -> tuple[Example, Outcome]:
    """The same with the shortest beginning of the recording that still fails so."""
    key = _fault(example, told)
    recording = example.held.recording
    for length in range(1, len(recording.told)):
        cut = recording.cut(length)
        if not _fits(Example(Held(cut, example.held.verdict), example.applied)):
            continue
        shorter = Example(Held(cut, judge(checker, cut)), example.applied)
        then = outcome(checker, shorter)
        if then.objection is not None and _fault(shorter, then) == key:
            return shorter, then
    return example, told


def _fits(example: Example) -> bool:
    """Whether the rows apply at their places in this recording."""
    recording = example.held.recording
    for one in example.applied:
        if one.place not in one.row.applied(recording):
            return False
        recording = one.row.make(recording, one.place)
    return True


def _failure(example: Example, told: Outcome) -> Failure:
    assert told.objection is not None
    row = example.last.row
    original = example.held.recording
    return Failure(
        row=row.name,
        kind=row.kind,
        anchor=row.anchor,
        why=row.why,
        recording=original.file,
        line=told.recording.lines[min(told.at, len(told.recording.lines) - 1)],
        before=tuple(_in_words(one) for one in example.applied[:-1]),
        says=told.objection.says,
        finding=told.objection.finding,
        observations=len(told.recording.told),
        trace=written(told.recording),
    )


def _in_words(applied: Applied) -> str:
    what = f" ({applied.place.what})" if applied.place.what else ""
    return f"{applied.row.name}{what} at observation {applied.place.at + 1}"

"""Playing a program on a stack, judged while its lines come in."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from typing import Protocol

import msgspec

from negotiation.model import Specification

from ..checking.findings import Finding
from ..checking.judging import Checker, Pass, TraceVerdict
from ..programs.language import Program
from ..programs.model_stack import AS_STACK, EndlessProgramError, run_scheduled, trace_of
from ..stacks.recording import LiveStack
from ..stacks.taking import Outcome, Recording
from ..traces.format import Header, Idle, Line
from .cases import Fault


class Times(msgspec.Struct):
    """Where the time went, in seconds: the stack's work, waits for quiet, and the checker's.

    The checker's is CPU time, as it works while the stack does; the stack's is what is left of the
    time that passed.
    """

    stack: float = 0.0
    quiet: float = 0.0
    checker: float = 0.0

    def add(self, other: Times) -> None:
        """Adds another's."""
        self.stack += other.stack
        self.quiet += other.quiet
        self.checker += other.checker


class Played(msgspec.Struct, frozen=True):
    """A program that was played: what was recorded, and what is to be said of it."""

    program: Program
    lines: tuple[Line, ...]
    verdict: TraceVerdict
    outcome: Outcome = Outcome.COMPLETE
    detail: str = ""
    times: Times = msgspec.field(default_factory=Times)

    @property
    def faults(self) -> dict[Fault, Finding]:
        """The stack's faults, each with the first finding that shows it."""
        return faults_in(self.verdict)

    def before(self, fault: Fault) -> tuple[Fault, ...]:
        """The faults that the same program shows before this one: it may follow from them.

        Of two in one line, the one that is told first.
        """
        faults = [*self.faults]
        return tuple(faults[: faults.index(fault)])


def faults_in(verdict: TraceVerdict) -> dict[Fault, Finding]:
    """The stack's faults that a recording shows, each with the first finding of it.

    What only follows from an earlier finding is none of its own.
    """
    found: dict[Fault, Finding] = {}
    for one in verdict.findings:
        if one.class_ == "departure" and one.after is None:
            found.setdefault(Fault.of(one), one)
    return found


def contents(program: Program) -> bytes:
    """What a program does, whatever it is called: programs that do the same have the same."""
    return msgspec.json.encode((program.peers, program.steps, program.handlers))


class Player(Protocol):
    """Plays programs on something."""

    def play(self, program: Program) -> Played:
        """Plays it once."""
        ...


class _Judge:
    """Takes the lines of one recording as they come, and judges each.

    `passed` is how long that took, `seconds` how long it worked: the generator may be in its way.
    """

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._pass: Pass | None = None
        self._lines = 0
        self.passed = 0.0
        self.seconds = 0.0

    def take(self, line: Line) -> None:
        began = self._begin()
        self._lines += 1
        if isinstance(line, Header):
            self._pass = Pass(self._checker, line)
        elif self._pass is not None:
            self._pass.take_line(self._lines, line)
        self._end(*began)

    def verdict(self, name: str) -> TraceVerdict:
        began = self._begin()
        if self._pass is None:
            return TraceVerdict(name, "undecided", 0)
        told = self._pass.verdict(name, wanted=lambda finding: False)
        self._end(*began)
        return told

    def _begin(self) -> tuple[float, float]:
        return time.perf_counter(), time.thread_time()

    def _end(self, passed: float, worked: float) -> None:
        self.passed += time.perf_counter() - passed
        self.seconds += time.thread_time() - worked


class OnModel:
    """The model as the stack, or a mutation of it, on schedules that follow from the seed."""

    def __init__(
        self, checker: Checker, make: Callable[[], Specification] | None = None, *, seed: int = 0
    ) -> None:
        self._checker = checker
        self._specification = make() if make is not None else Specification(AS_STACK)
        self._seed = seed

    def play(self, program: Program) -> Played:
        """Plays it once; the same program always in the same way."""
        began = time.perf_counter()
        judge = _Judge(self._checker)
        try:
            rng = random.Random(self._seed)
            emissions = run_scheduled(program, rng.randrange, self._specification)
            # Here, too, as a mutation may make a description that no text can say.
            lines = tuple(trace_of(program, emissions, seed=self._seed))
        except (EndlessProgramError, LookupError, ValueError, AssertionError) as error:
            return Played(program, (), judge.verdict(program.name), Outcome.FAILED, str(error))
        stack = time.perf_counter() - began
        for line in lines:
            judge.take(line)
        verdict = judge.verdict(program.name)
        times = Times(stack, 0.0, judge.seconds)
        return Played(program, lines, verdict, times=times)


class OnStack:
    """A real stack, or two of them, kept running."""

    def __init__(self, checker: Checker, live: LiveStack) -> None:
        self._checker = checker
        self._live = live

    def play(self, program: Program) -> Played:
        """Plays it once. A stack that hangs or dies has its finding, and is started again."""
        judge = _Judge(self._checker)
        began = time.perf_counter()
        recorded: Recording = self._live.run(program, lambda _, line: judge.take(line))
        seconds = time.perf_counter() - began - judge.passed
        verdict = judge.verdict(program.name)
        quiet = quiet_in(recorded.lines) / 1000
        times = Times(max(seconds - quiet, 0.0), quiet, judge.seconds)
        return Played(program, recorded.lines, verdict, recorded.outcome, recorded.detail, times)


def quiet_in(lines: Iterable[Line]) -> float:
    """Milliseconds that the recorder waited to see that nothing more comes."""
    waited = before = 0.0
    for line in lines:
        t = getattr(line, "t", None)
        if t is not None:
            waited += max(t - before, 0.0) if isinstance(line, Idle) else 0.0
            before = max(t, before)
    return waited

"""Fuzzing as a test of one's own: a state machine for pytest, for Hypothesis, for HypoFuzz.

    from negotiation.conformance.fuzzing.harness import state_machine

    TestChromium = state_machine("chromium", tolerated=known).TestCase

A run is a program that the machine writes, played on the stack and judged. A fault that is not
tolerated raises `FaultFound`, of a type of its own, so that Hypothesis tells faults apart and
shrinks each by itself. Settings, the example database and how long it takes are Hypothesis's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import NoReturn
from unittest import TestCase

from hypothesis import HealthCheck, Phase, note
from hypothesis import settings as Settings  # noqa: N812
from hypothesis.stateful import RuleBasedStateMachine

from ..coverage.items import Items
from ..coverage.running import as_stack
from ..errors import NegotiationError, UsageError
from ..programs.language import Program
from .campaign import Core, Tally
from .cases import Fault, read_case
from .keeping import Kept
from .machine import PEERS, Writer
from .opening import MODEL, hurried, on_model, on_stacks
from .playing import Player
from .remembering import Remembered, Shown
from .saving import Cases
from .supports import Supported
from .wording import in_words

__all__ = ["FaultFound", "state_machine"]

Tolerated = Callable[[Fault], bool] | Iterable[Fault]
"""What is known, and raises nothing: a question that is asked of each fault, or the faults."""

_NOT_IN_NAMES = re.compile(r"\W+")


class FaultFound(AssertionError):  # noqa: N818
    """A program showed a fault that is not tolerated; `message` tells it, with the program.

    Each fault has a subclass of its own, as Hypothesis tells failures apart by their type.
    """

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(fault, message)
        self.fault = fault
        self.message = message

    def __str__(self) -> str:
        return self.message


@cache
def _type_of(fault: Fault) -> type[FaultFound]:
    name = _NOT_IN_NAMES.sub("_", f"FaultFound_{fault.id}")
    return type(name, (FaultFound,), {"__module__": __name__, "__doc__": str(fault)})


class _Judge:
    """Plays complete programs, and raises what is new."""

    def __init__(self, player: Player, new: Callable[[Fault], bool], cases: Cases | None) -> None:
        self._played = Remembered(player, new)
        self._new = new
        self._cases = cases
        self._tally = Tally()

    def play(self, program: Program, items: Items) -> None:
        """Plays it. Raises FaultFound for the first fault that is not tolerated."""
        self._tally.programs += 1
        shown = self._played.show(program)
        if shown is None:
            return
        faults = [one for one in shown.played.faults if self._new(one)]
        for one in faults:
            self._tally.times[one] = self._tally.times.get(one, 0) + 1
        self._raise(faults[0], shown)

    def _raise(self, fault: Fault, shown: Shown) -> NoReturn:
        played = shown.played
        replay = self._saved(fault, shown)
        for line in (*in_words(played.program), *([f"It replays: {replay}"] if replay else ())):
            note(line)
        raise _type_of(fault)(fault, _message(fault, shown))

    def _saved(self, fault: Fault, shown: Shown) -> str:
        """Writes the case, the last time the shortest; gives the command that replays it."""
        if self._cases is None:
            return ""
        core = Core(
            fault,
            shown.played,
            shown.played.faults[fault],
            minimal=False,  # Hypothesis shrinks what it draws, which is not every part
            confirmed=shown.times[fault] - 1,
            number=self._tally.programs,
            runs=shown.runs,
            behind=shown.played.before(fault),
            repeated=shown.runs - 1,
        )
        return read_case(str(self._cases.save(core, self._tally))).found.replay


def _message(fault: Fault, shown: Shown) -> str:
    finding = shown.played.faults[fault]
    told = [f"{fault}", f"{finding.message} (peer {finding.peer}, line {finding.line})"]
    told += [f"It showed so {often}." for often in [shown.often(fault)] if often]
    before = shown.played.before(fault)
    told += [f"It may follow from: {'; '.join(map(str, before))}."] if before else []
    return "\n".join(told)


def state_machine(
    stack: str | tuple[str, str],
    *,
    mutation: str | None = None,
    tolerated: Tolerated = (),
    settings: Settings | None = None,
    cases: str | Path | None = "cases",
    seed: int = 0,
) -> type[RuleBasedStateMachine]:
    """A state machine that fuzzes a stack; pytest collects its `TestCase`.

    `stack` is named as for `negotiation fuzz --stack`; two are the two peers. "model" is the model
    itself, on schedules that follow from `seed`, with `mutation` broken in that one rule. `cases`
    is the folder in which what was found is written, None for nowhere. `settings` are Hypothesis's;
    deadlines and health checks are for tests that are quick, and are left out.

    Raises:
        UsageError: there is no such mutation, or what was given does not go together. That a stack
            is not here is raised when it is first used.
    """
    stacks = (stack,) if isinstance(stack, str) else tuple(stack)
    _check(stacks, mutation)
    judge = _Judge(
        _player(stacks, mutation, seed), _new(tolerated), _cases(stacks, mutation, cases, seed)
    )
    # Hypothesis's database knows a machine by its name, as there is no source of it to be read.
    name = _NOT_IN_NAMES.sub("_", "_".join(("Fuzz", *stacks, *([mutation] if mutation else []))))
    members = {
        "play": staticmethod(judge.play),
        "apart": len(stacks) == 2,
        "specification": as_stack(),
        "__module__": __name__,
        "__doc__": f"Fuzzes {' and '.join(stacks)}.",
    }
    machine: type[Writer] = type(name, (Writer,), members)
    _prepare(
        machine.TestCase, settings, lambda: None if stacks == (MODEL,) else _kept(stacks).start()
    )
    return machine


def _check(stacks: tuple[str, ...], mutation: str | None) -> None:
    if len(stacks) not in (1, 2):
        raise UsageError("a program has two peers at most; name one stack, or two")
    if len(stacks) == 2 and MODEL in stacks:
        raise UsageError(f"{MODEL!r} plays alone; name two stacks for two peers")
    if mutation is not None and stacks != (MODEL,):
        raise UsageError(f"mutation is for the stack {MODEL!r}; leave it out")


def _player(stacks: tuple[str, ...], mutation: str | None, seed: int) -> Player:
    if stacks == (MODEL,):
        return on_model(mutation, seed=seed)
    return Supported(_kept(stacks), PEERS[1] if len(stacks) == 2 else ())


@cache
def _kept(stacks: tuple[str, ...]) -> Kept:
    """One for all machines of a process: two browsers would only be in each other's way."""
    return Kept(lambda: _opened(stacks))


def _cases(
    stacks: tuple[str, ...], mutation: str | None, folder: str | Path | None, seed: int
) -> Cases | None:
    if folder is None:
        return None
    told = " ".join(f"--stack {name}" for name in stacks)
    option = f"{told} --mutation {mutation}" if mutation is not None else told
    return Cases(Path(folder), "+".join(stacks), option, seed)


def _opened(stacks: tuple[str, ...]) -> AbstractContextManager[Player]:
    from ..stacks.recording import Settings as Bounds
    from ..stacks.registry import MissingStackError, UnknownStackError, row

    def told(reason: str) -> None:
        warn = f"{' and '.join(stacks)}: fuzzed with the network of this machine: {reason}"
        print(NegotiationError(warn), file=sys.stderr)

    try:
        rows = [row(name) for name in stacks]
    except (MissingStackError, UnknownStackError) as error:
        raise UsageError(str(error)) from None
    return on_stacks(rows, hurried(Bounds()), told)


def _new(tolerated: Tolerated) -> Callable[[Fault], bool]:
    if callable(tolerated):
        return lambda fault: not tolerated(fault)
    known = frozenset(tolerated)
    return lambda fault: fault not in known


def _prepare(case: type[TestCase], settings: Settings | None, start: Callable[[], None]) -> None:
    """What Hypothesis's test needs to play on a stack, whatever settings it is given later.

    The stack starts before Hypothesis does, which would take a missing one for something found.
    """

    def set_up(self: TestCase) -> None:
        start()
        given: Settings = self.settings  # type: ignore[attr-defined]
        phases = tuple(one for one in given.phases if one is not Phase.explain)
        usual = list(HealthCheck)
        self.settings = Settings(  # type: ignore[attr-defined]
            given, deadline=None, suppress_health_check=usual, phases=phases
        )

    case.setUp = set_up  # type: ignore[method-assign]
    if settings is not None:
        case.settings = settings  # type: ignore[attr-defined]

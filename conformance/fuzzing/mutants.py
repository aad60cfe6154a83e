"""Mutations of the model as stacks with one known fault each: does fuzzing alone find them?

All are given the same programs, on the same schedules. A run in which a mutation shows nothing else
than the model itself does needs no judge; where it shows something else, the checker has to say so.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import msgspec

from negotiation.model import Specification

from ..checking.judging import Checker
from ..mutations.mutating import Mutation
from ..programs.language import Program
from ..programs.model_stack import AS_STACK, EndlessProgramError, run_scheduled
from ..traces.format import Observation
from .cases import Fault
from .playing import OnModel
from .shrinking import shortest

SCHEDULES = 4
"""Schedules on which a shorter program is tried, beside that of its witness."""

SHRINKING = 20.0


class Ran(msgspec.Struct, frozen=True):
    """A program, its number, which is its schedule, too, and what the model itself shows of it."""

    program: Program
    number: int
    shown: tuple[Observation, ...]


class Caught(msgspec.Struct, frozen=True):
    """A mutation, and how it was found: None where it was not.

    `programs` counts those that were needed, `size` the things that the shortest one does.
    """

    mutation: str
    says: str
    programs: int | None = None
    size: int | None = None
    fault: Fault | None = None
    program: Program | None = None


def ran(programs: Iterable[Program]) -> Iterator[Ran]:
    """The programs, run on the model; one that never ends is left out."""
    model = Specification(AS_STACK)
    for number, program in enumerate(programs, start=1):
        shown = _shown(program, number, model)
        if shown is not None:
            yield Ran(program, number, shown)


def _shown(
    program: Program, number: int, specification: Specification
) -> tuple[Observation, ...] | None:
    """What is shown of a program on its schedule; a run that breaks off is no recording."""
    try:
        emissions = run_scheduled(program, random.Random(number).randrange, specification)
    except (EndlessProgramError, LookupError, ValueError, AssertionError):
        return None
    return tuple(one.observation for one in emissions)


def hunted(mutation: Mutation, pool: Sequence[Ran], checker: Checker) -> Caught:
    """Whether the programs find the mutation; the first that does is cut to its core."""
    specification = mutation.make(AS_STACK)
    for one in pool:
        if _shown(one.program, one.number, specification) in (None, one.shown):
            continue
        faults = _on(one.number, mutation, checker).play(one.program).faults
        if faults:
            return _cut(mutation, one, next(iter(faults)), checker)
    return Caught(mutation.name, mutation.says)


def _cut(mutation: Mutation, one: Ran, fault: Fault, checker: Checker) -> Caught:
    schedules = (one.number, *range(SCHEDULES))
    players = [_on(number, mutation, checker) for number in schedules]

    def shows(program: Program) -> bool:
        return any(fault in player.play(program).faults for player in players)

    found = shortest(one.program, shows, seconds=SHRINKING).program
    size = sum(len(step.do) for step in found.steps) + sum(len(h.do) for h in found.handlers)
    return Caught(mutation.name, mutation.says, one.number, size, fault, found)


def _on(number: int, mutation: Mutation, checker: Checker) -> OnModel:
    return OnModel(checker, partial(mutation.make, AS_STACK), seed=number)

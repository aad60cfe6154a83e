"""Mutations of the model as stacks with one known fault each: does fuzzing alone find them?

All are given the same programs, on the same schedules. A run in which a mutation shows nothing else
than the model itself does needs no judge; where it shows something else, the checker has to say so.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from negotiation.model import Specification

from ..checking.judging import Checker
from ..coverage.items import RULES
from ..coverage.running import Watch
from ..coverage.watching import Watched
from ..mutations.mutating import Mutation
from ..programs.language import Program
from ..programs.model_stack import AS_STACK, EndlessProgramError, run_scheduled
from ..traces.format import Observation
from .cases import Fault
from .playing import OnModel
from .shrinking import shortest

LONGEST = 5_000
"""Steps of the model for a program, beyond which it is left out."""

SCHEDULES = 4
"""Schedules on which a shorter program is tried, beside that of its witness."""

SHRINKING = 20.0


class Ran(msgspec.Struct, frozen=True):
    """A program with what the model itself shows of it, and the rules that it asks on the way."""

    program: Program
    number: int
    shown: tuple[Observation, ...]
    asked: frozenset[str]


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


def ran(programs: Iterable[Program], specification: Watched) -> Iterator[Ran]:
    """The programs, run on the model."""
    for number, program in enumerate(programs, start=1):
        watch = Watch(program, specification)
        choose = random.Random(number).randrange
        run = watch.execution.start()
        shown: list[Observation] = []
        for _ in range(LONGEST):
            options = list(watch.execution.options(run))
            if not options:
                asked = {one.name for one in watch.items if one.kind in ("rule", "guard")}
                yield Ran(program, number, tuple(shown), frozenset(asked))
                break
            option = options[choose(len(options)) if len(options) > 1 else 0]
            watch.took(run, option)
            shown += [one.observation for one in option[0]]
            run = option[1]


def hunted(mutation: Mutation, pool: Sequence[Ran], checker: Checker) -> Caught:
    """Whether the programs find the mutation; the first that does is cut to its core."""
    specification = mutation.make(AS_STACK)
    replaced = frozenset(vars(mutation.specification)) & {*dir(Specification)}
    rules = replaced if replaced <= set(RULES) else None
    for one in pool:
        if rules is not None and not rules & one.asked:
            continue  # what it never asks cannot be told from what it should be
        if _shows_the_same(one, specification):
            continue
        faults = _on(one.number, mutation, checker).play(one.program).faults
        if faults:
            return _cut(mutation, one, next(iter(faults)), checker)
    return Caught(mutation.name, mutation.says)


def _shows_the_same(one: Ran, specification: Specification) -> bool:
    try:
        emissions = run_scheduled(one.program, random.Random(one.number).randrange, specification)
    except (EndlessProgramError, LookupError, ValueError, AssertionError):
        return True  # a run that breaks off is no recording
    return tuple(each.observation for each in emissions) == one.shown


def _cut(mutation: Mutation, one: Ran, fault: Fault, checker: Checker) -> Caught:
    schedules = (one.number, *range(SCHEDULES))
    players = [_on(number, mutation, checker) for number in schedules]

    def shows(program: Program) -> bool:
        return any(fault in player.play(program).faults for player in players)

    found = shortest(one.program, shows, seconds=SHRINKING).program
    size = sum(len(step.do) for step in found.steps) + sum(len(h.do) for h in found.handlers)
    return Caught(mutation.name, mutation.says, one.number, size, fault, found)


def _on(number: int, mutation: Mutation, checker: Checker) -> OnModel:
    make: Callable[[], Specification] = lambda: mutation.make(AS_STACK)  # noqa: E731
    return OnModel(checker, make, seed=number)

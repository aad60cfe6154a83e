"""What a run of a program on the model covers, while it runs: cheap enough for a fuzzer."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator

from negotiation.model import Connection, Specification

from ..programs.language import Program
from ..programs.model_stack import AS_STACK, LONGEST_RUN, EndlessProgramError
from ..programs.running import Execution, Option
from ..programs.runs import Run
from ..traces import format
from .items import Item, Items, state_item
from .labels import Labels
from .raisable import Raising, Shown, all_rows
from .watching import Watched, watched

_SHOWN: dict[type[format.Observation], Shown] = {
    format.Call: "call",
    format.Return: "return",
    format.Throw: "throw",
    format.Resolve: "resolve",
    format.Reject: "reject",
    format.Event: "event",
    format.Idle: "idle",
}

READ = frozenset({"whole", "signalingState", "transceivers", "descriptions", "description"})
BARE = frozenset({"whole"})
"""What of an observation of the model is judged: with everything that can be read, or without."""

READING = format.Reading()
"""Stands for what was read: that it was read is all that counts."""


class WatchedExecution(Execution):
    """An execution on a watched specification: what was asked for each option is known."""

    def __init__(self, program: Program, specification: Watched) -> None:
        super().__init__(program, specification)
        self.watched = specification
        self.offered: list[tuple[Run, Collection[Item]]] = []

    def options(self, run: Run) -> Iterator[Option]:
        """As `Execution.options`; `offered` are those of the last time that were taken out."""
        self.offered = []
        self.watched.asked = ()
        for option in super().options(run):
            self.offered.append((option[1], self.watched.asked))
            yield option

    def reading(self, connection: Connection) -> format.Reading:
        """Nobody looks at what is read."""
        return READING


class Notes:
    """What one run covers, in `items`."""

    def __init__(self, program: Program) -> None:
        self.items: set[Item] = set()
        self._indices = {name: index for index, name in enumerate(program.peers)}
        self._labels = {name: Labels() for name in program.peers}
        left = all_rows()
        self._raising = {name: Raising(left) for name in program.peers}

    def note(self, before: Run, option: Option) -> None:
        """The run went on from `before` by this option: what it shows, and the states after it."""
        emissions, after = option
        for peer, was in zip(after.peers, before.peers, strict=True):
            if peer.connection is not was.connection:
                self.items.add(state_item(peer.connection))
        for emission in emissions:
            told = emission.observation
            was = before.peers[self._indices[told.peer]]
            self.shown(was.connection, told)

    def shown(self, before: Connection, told: format.Observation) -> None:
        """A peer showed this in this state."""
        labels = self._labels[told.peer]
        pair = labels.take(told)
        if pair is not None:
            self.items.add(pair)
        shown = _SHOWN.get(type(told), "other")
        name = ""
        if isinstance(told, format.Event):
            name = told.name
        elif isinstance(told, format.Resolve):
            name = labels.method(told.call)
        judged = BARE if told.state is None else READ
        raising = self._raising[told.peer]
        raisable = raising.take(before, shown, name, settled=shown == "idle", judged=judged)
        self.items.update(raisable)


class Watch(Notes):
    """Notes in `items` what one run covers.

    Step `execution` as any other, and tell `took` of each option that was taken, in order, before
    asking for the next options:

        watch = Watch(program)
        run = watch.execution.start()
        while options := list(watch.execution.options(run)):
            option = options[choose(len(options))]
            watch.took(run, option)
            run = option[1]

    `specification` is a `Watched` one; of runs one after the other it can be the same, which then
    remembers steps.
    """

    def __init__(self, program: Program, specification: Watched | None = None) -> None:
        super().__init__(program)
        self.execution = WatchedExecution(program, specification or as_stack())

    def took(self, before: Run, option: Option) -> None:
        """The run went on from `before` by this option of its last options."""
        for run, asked in self.execution.offered:
            if run is option[1]:
                self.items.update(asked)
                self.note(before, option)
                return
        raise ValueError("this is none of the options that were asked for last")


def as_stack(specification: type[Specification] = Specification) -> Watched:
    """The specification (or a mutation of it), watched, as the model plays a stack."""
    return watched(specification)(AS_STACK)


def coverage_of_run(
    program: Program, *, seed: int = 0, specification: Watched | None = None
) -> Items:
    """What the run of a program with this schedule covers; the run is that of `run_program`.

    Raises:
        EndlessProgramError: it did not end.
    """
    choose = random.Random(seed).randrange
    watch = Watch(program, specification)
    run = watch.execution.start()
    for _ in range(LONGEST_RUN):
        options = list(watch.execution.options(run))
        if not options:
            return frozenset(watch.items)
        option = options[choose(len(options)) if len(options) > 1 else 0]
        watch.took(run, option)
        run = option[1]
    raise EndlessProgramError(f"{program.name} did not end within {LONGEST_RUN} steps")

"""What a run of a program on the model covers, while it runs: cheap enough for a fuzzer."""

from __future__ import annotations

import random
from collections.abc import Iterator

from negotiation.model import Specification

from ..programs.language import Program
from ..programs.model_stack import AS_STACK, LONGEST_RUN, EndlessProgramError
from ..programs.running import Execution, Option
from ..programs.runs import PeerRun, Run
from ..traces import format
from .items import NOTHING, Item, Items, state_item
from .labels import Labels
from .raisable import Raising, Shown
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


class WatchedExecution(Execution):
    """An execution on a watched specification: what was asked for each option is known."""

    def __init__(self, program: Program, specification: Watched) -> None:
        super().__init__(program, specification)
        self.watched = specification
        self.offered: list[tuple[Run, Items]] = []

    def options(self, run: Run) -> Iterator[Option]:
        """As `Execution.options`; `offered` are those of the last time that were taken out."""
        self.offered = []
        self.watched.asked = NOTHING
        for option in super().options(run):
            self.offered.append((option[1], self.watched.asked))
            yield option


class Watch:
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
        self.items: set[Item] = set()
        self.execution = WatchedExecution(program, specification or as_stack())
        self._labels = {name: Labels() for name in program.peers}
        self._raising = {name: Raising() for name in program.peers}

    def took(self, before: Run, option: Option) -> None:
        """The run went on from `before` by this option of its last options."""
        emissions, after = option
        for run, asked in self.execution.offered:
            if run is after:
                self.items |= asked
                break
        for peer, was in zip(after.peers, before.peers, strict=True):
            if peer.connection is not was.connection:
                self.items.add(state_item(peer.connection))
        for emission in emissions:
            told = emission.observation
            shower = next(peer for peer in before.peers if peer.name == told.peer)
            self._show(shower, told)

    def _show(self, was: PeerRun, told: format.Observation) -> None:
        labels = self._labels[told.peer]
        pair = labels.take(told)
        if pair is not None:
            self.items.add(pair)
        shown = _SHOWN.get(type(told), "other")
        if isinstance(told, format.Event):
            name = told.name
        elif isinstance(told, format.Resolve):
            name = labels.method(told.call)
        else:
            name = ""
        self.items.update(
            self._raising[told.peer].take(
                was.connection,
                shown,
                name,
                settled=shown == "idle",
                judged=BARE if told.state is None else READ,
            )
        )


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

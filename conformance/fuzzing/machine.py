"""The state machine that writes programs: Hypothesis picks the rules, the model says what is there.

A rule adds one step to the program: a call, a chain of them, a message, a wrong call. When the
machine is torn down the program is complete and is played. Under pytest and under HypoFuzz `play`
raises where something is found, and Hypothesis shrinks; the command `fuzz` collects what is found,
goes on, and shrinks each by itself (`shrinking`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.errors import StopTest
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from ..coverage.items import Items
from ..coverage.watching import Watched
from ..programs.language import Do, Handler, Program, Step
from . import steps
from .guide import Guide
from .picking import NUMBERS, Pick
from .steps import Scene
from .vocabulary import ADDING, Script, call

Play = Callable[[Program, Items], None]
"""Plays a program that is complete; it is told what of the model the program covers."""

PEERS = (("A",), ("A", "B"))


class Writer(RuleBasedStateMachine):
    """Writes a program, one step a rule. `machine` makes a class of it that plays somewhere.

    `apart`: the program's peers are in two stacks, so that there are always two, and only messages
    tell one of the other. `specification` is what the guide runs on; None: a model of its own.
    `aims` are methods that few programs called so far.
    """

    play: ClassVar[Play]
    apart: ClassVar[bool] = False
    specification: ClassVar[Watched | None] = None
    aims: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.guide: Guide | None = None
        self.let_go = ""

    @initialize(numbers=st.lists(NUMBERS, max_size=2), beginning=NUMBERS)
    def begins(self, numbers: list[int], beginning: int) -> None:
        """Peers, their handlers, and a first change."""
        pick = Pick(beginning)
        peers = PEERS[1] if self.apart or pick.whether() else PEERS[0]
        bare = Guide(peers, (), self.specification)
        handlers = [self._handler(bare, Pick(number)) for number in numbers]
        self.guide = Guide(peers, handlers, self.specification) if handlers else bare
        if not pick.whether(4):
            self._goes_on(pick.of(peers), (pick.of(ADDING),))
        if pick.whether(3):
            self._completes(pick)

    def _handler(self, guide: Guide, pick: Pick) -> Handler:
        return steps.handler(self._scene(guide, pick), pick)

    def _scene(self, guide: Guide, pick: Pick) -> Scene:
        me = pick.of(guide.peers)
        other = next((one for one in guide.peers if one != me), None)
        found = guide.peer(other) if other is not None else None
        return Scene(guide, guide.peer(me), found, self.apart)

    def _adds(self, number: int, say: Callable[[Scene, Pick], Script]) -> None:
        assert self.guide is not None
        pick = Pick(number)
        scene = self._scene(self.guide, pick)
        if scene.me.name != self.let_go:
            self._goes_on(scene.me.name, say(scene, pick))

    def _completes(self, pick: Pick) -> None:
        assert self.guide is not None
        for peer, script in steps.whole_negotiation(self._scene(self.guide, pick), pick):
            self._goes_on(peer, script)

    def _goes_on(self, peer: str, script: Script) -> None:
        assert self.guide is not None
        if script:
            self.guide.goes_on(Step(peer=peer, do=script))

    @property
    def has_two(self) -> bool:
        """Whether there are messages."""
        return self.guide is not None and len(self.guide.peers) == 2

    @rule(number=NUMBERS)
    def negotiates(self, number: int) -> None:
        """What moves the negotiation on."""
        self._adds(number, steps.next_of_negotiation)

    @rule(number=NUMBERS)
    def completes(self, number: int) -> None:
        """A negotiation as it should be."""
        self._completes(Pick(number))

    @rule(number=NUMBERS)
    def changes(self, number: int) -> None:
        """Something is to be negotiated."""
        self._adds(number, steps.change)

    @rule(number=NUMBERS)
    def changes_again(self, number: int) -> None:
        """The same: most of what applications do is one or the other."""
        self._adds(number, steps.change)

    @rule(number=NUMBERS)
    def hurries(self, number: int) -> None:
        """Several calls in one task."""
        self._adds(number, steps.many_at_once)

    @rule(number=NUMBERS)
    def errs(self, number: int) -> None:
        """A call that has to fail."""
        self._adds(number, steps.wrong)

    @rule(number=NUMBERS)
    def misdescribes(self, number: int) -> None:
        """A description that is not the one to set now."""
        self._adds(number, steps.odd_description)

    @precondition(lambda self: self.aims)
    @rule(number=NUMBERS)
    def aims_at(self, number: int) -> None:
        """A call that was rare so far."""
        self._adds(number, steps.aimed(self.aims))

    @precondition(lambda self: self.has_two)
    @rule(number=NUMBERS)
    def sends(self, number: int) -> None:
        """A message goes out."""
        self._adds(number, steps.send)

    @precondition(lambda self: self.has_two and self.guide.messages)
    @rule(number=NUMBERS)
    def takes(self, number: int) -> None:
        """A message arrives."""
        self._adds(number, steps.take)

    @rule()
    def settles(self) -> None:
        """Nothing more happens."""
        assert self.guide is not None
        if self.guide.steps and not self.guide.steps[-1].settle:
            self.guide.goes_on(Step(settle=True))

    @rule(number=NUMBERS)
    def collects(self, number: int) -> None:
        """What nothing refers to any more is let go, now and then."""
        if Pick(number // 64).whether(4):
            self._adds(number, lambda scene, pick: (Do(collect=True),))

    @rule(number=NUMBERS)
    def lets_go(self, number: int) -> None:
        """One end is let go while it works, and does no more, now and then."""
        pick = Pick(number)
        if self.guide is not None and not self.let_go and pick.whether(6):
            scene = self._scene(self.guide, pick)
            self._goes_on(scene.me.name, steps.let_go(scene, pick))
            self.let_go = scene.me.name

    @rule(number=NUMBERS)
    def closes(self, number: int) -> None:
        """One end closes, now and then."""
        if Pick(number // 64).whether(5):
            self._adds(number, lambda scene, pick: (call("close"),))

    def teardown(self) -> None:
        """The program is complete; one that Hypothesis cut short stands for nothing."""
        if isinstance(sys.exc_info()[1], StopTest):
            return
        if self.guide is not None and self.guide.steps:
            type(self).play(self.guide.program(), self.guide.covered)


def machine(
    play: Play,
    *,
    apart: bool = False,
    specification: Watched | None = None,
    aims: tuple[str, ...] = (),
) -> type[Writer]:
    """A state machine whose programs are given to `play`; its `TestCase` is for pytest."""
    members = {"apart": apart, "specification": specification, "aims": aims}
    return type("Writer", (Writer,), {"play": staticmethod(play), **members})

"""What a stack lacks, found by asking it: programs are played without what it does not support.

An adapter says of a program which calls its stack lacks, in its own words. Which items these are is
found by playing each kind of item alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..programs.language import DescriptionSource, Do, Handler, Program, Step
from ..programs.written_out import written_out
from ..stacks.taking import Outcome
from .guide import program_of
from .playing import Played, Player

Kind = tuple[str, ...]
"""What of an item decides whether a stack supports it."""

_IMPLICIT = ("setLocalDescription", "implicit")


def kind_of(item: Do | Handler) -> Kind:
    """The kind of an item, or of a handler: that of its event."""
    if isinstance(item, Handler):
        return "event", item.event
    if item.collect:
        return ("collect",)
    if item.call is None:
        return ("message",)
    members = {**item.args, **item.args.get("candidate", {}), **item.args.get("init", {})}
    return item.call, *sorted(members), *_source(item)


def _source(item: Do) -> Iterator[str]:
    source = item.description
    if source is None:
        if item.call == "setLocalDescription":
            yield "implicit"
        return
    if source.type == "rollback":
        yield "rollback"
    elif source == DescriptionSource(type=source.type):
        yield f"type {source.type} only"
    elif source.of is not None:
        yield source.of[1]


class Supported:
    """Plays programs without what the stack lacks; what that is it learns on the way.

    `apart` are the peers of two stacks. Each program then has both of them, also one of which
    nothing is left for the other peer to do, and what one stack lacks the other one may have.
    """

    def __init__(self, player: Player, apart: tuple[str, ...] = ()) -> None:
        self._player = player
        self._apart = apart
        self._known: dict[tuple[str, Kind], bool] = {}

    @property
    def lacking(self) -> list[Kind]:
        """The kinds of items that the stack lacks, as far as it was asked."""
        return sorted({kind for (_, kind), there in self._known.items() if not there})

    def play(self, program: Program) -> Played:
        """Plays what the stack supports of the program."""
        played = self._player.play(self.fitting(program))
        while played.outcome is Outcome.UNSUPPORTED and self._learn(played.program):
            played = self._player.play(self.fitting(program))
        return played

    def fitting(self, program: Program) -> Program:
        """The program without what the stack is known to lack."""
        if self._apart:
            program = replace(program, peers=self._apart)
        if all(self._known.values()):
            return program
        lacks_implicit = _IMPLICIT in self.lacking
        handlers = tuple(one for one in program.handlers if self._has(one.peer, one))
        fit = replace(
            program,
            steps=tuple(self._step(one, lacks_implicit) for one in program.steps),
            handlers=tuple(
                replace(one, do=self._script(one.peer, one.do, lacks_implicit)) for one in handlers
            ),
        )
        return (written_out(fit) or fit) if lacks_implicit else fit

    def _has(self, peer: str, item: Do | Handler) -> bool:
        return self._known.get(self._key(peer, item), True)

    def _key(self, peer: str, item: Do | Handler) -> tuple[str, Kind]:
        return peer if self._apart else "", kind_of(item)

    def _step(self, step: Step, lacks_implicit: bool) -> Step:
        return replace(step, do=self._script(step.peer or "", step.do, lacks_implicit))

    def _script(self, peer: str, script: tuple[Do, ...], lacks_implicit: bool) -> tuple[Do, ...]:
        kept = []
        for item in script:
            if lacks_implicit and kind_of(item) == _IMPLICIT:
                kept.append(replace(item, wait=True))
            elif self._has(peer, item):
                kept.append(item)
        return tuple(kept)

    def _learn(self, program: Program) -> bool:
        """Asks for each kind of item that is not known; whether one is lacking."""
        learnt = False
        for peer, item in _items(program):
            key = self._key(peer, item)
            if key not in self._known:
                asks = peer if self._apart else program.peers[0]
                tried = self._player.play(_alone(program, asks, item))
                self._known[key] = tried.outcome is not Outcome.UNSUPPORTED
                learnt = learnt or not self._known[key]
        return learnt


def _items(program: Program) -> Iterator[tuple[str, Do | Handler]]:
    yield from ((one.peer, one) for one in program.handlers)
    for step in program.steps:
        yield from ((step.peer or "", item) for item in step.do)
    for handler in program.handlers:
        yield from ((handler.peer, item) for item in handler.do)


def _alone(program: Program, peer: str, item: Do | Handler) -> Program:
    if isinstance(item, Handler):
        return program_of(program.peers, (replace(item, do=()),), (Step(settle=True),), "support")
    return program_of(program.peers, (), (Step(peer=peer, do=(item,)),), "support")

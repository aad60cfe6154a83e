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
    """Plays programs without what the stack lacks; what that is it learns on the way."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._known: dict[Kind, bool] = {}

    @property
    def lacking(self) -> list[Kind]:
        """The kinds of items that the stack lacks, as far as it was asked."""
        return sorted(kind for kind, there in self._known.items() if not there)

    def play(self, program: Program) -> Played:
        """Plays what the stack supports of the program."""
        played = self._player.play(self.fitting(program))
        while played.outcome is Outcome.UNSUPPORTED and self._learn(played.program):
            played = self._player.play(self.fitting(program))
        return played

    def fitting(self, program: Program) -> Program:
        """The program without what the stack is known to lack."""
        if all(self._known.values()):
            return program
        lacks_implicit = not self._known.get(_IMPLICIT, True)
        handlers = tuple(one for one in program.handlers if self._known.get(kind_of(one), True))
        fit = replace(
            program,
            steps=tuple(self._step(one, lacks_implicit) for one in program.steps),
            handlers=tuple(
                replace(one, do=self._script(one.do, lacks_implicit)) for one in handlers
            ),
        )
        return (written_out(fit) or fit) if lacks_implicit else fit

    def _step(self, step: Step, lacks_implicit: bool) -> Step:
        return replace(step, do=self._script(step.do, lacks_implicit))

    def _script(self, script: tuple[Do, ...], lacks_implicit: bool) -> tuple[Do, ...]:
        kept = []
        for item in script:
            kind = kind_of(item)
            if lacks_implicit and kind == _IMPLICIT:
                kept.append(replace(item, wait=True))
            elif self._known.get(kind, True):
                kept.append(item)
        return tuple(kept)

    def _learn(self, program: Program) -> bool:
        """Asks for each kind of item that is not known; whether one is lacking."""
        learnt = False
        for item in _items(program):
            kind = kind_of(item)
            if kind not in self._known:
                tried = self._player.play(_alone(program, item))
                self._known[kind] = tried.outcome is not Outcome.UNSUPPORTED
                learnt = learnt or not self._known[kind]
        return learnt


def _items(program: Program) -> Iterator[Do | Handler]:
    yield from program.handlers
    for step in program.steps:
        yield from step.do
    for handler in program.handlers:
        yield from handler.do


def _alone(program: Program, item: Do | Handler) -> Program:
    if isinstance(item, Handler):
        return program_of(program.peers, (replace(item, do=()),), (Step(settle=True),), "support")
    step = Step(peer=program.peers[0], do=(item,))
    return program_of(program.peers, (), (step,), "support")

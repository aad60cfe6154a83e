"""The parts of a program whose peers are in different stacks: what each recorder is given."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..programs.language import Do, Program, Step


class Part:
    """A program with the steps and handlers of one peer, and with every wait for quiet.

    `numbers` are the numbers, in the part, of the steps of the whole program that are in it.
    """

    def __init__(self, whole: Program, peer: str) -> None:
        self.peer = peer
        self.numbers: dict[int, int] = {}
        steps: list[Step] = []
        for number, step in enumerate(whole.steps):
            if step.settle or step.peer == peer:
                self.numbers[number] = len(steps)
                steps.append(step)
        handlers = tuple(each for each in whole.handlers if each.peer == peer)
        self.program = replace(whole, peers=(peer,), steps=tuple(steps), handlers=handlers)


def settled(program: Program) -> Program:
    """The program with a wait for quiet at its end."""
    if program.steps and program.steps[-1].settle:
        return program
    return replace(program, steps=(*program.steps, Step(settle=True)))


def crossings(program: Program) -> Iterator[str]:
    """What a peer reads of another one, but for messages: no recorder could."""
    scripts = _scripts(program)
    made = {do.name: peer for peer, do in scripts if do.name is not None}
    for peer, do in scripts:
        source = do.description
        if source is None:
            continue
        if source.of is not None and source.of[0] != peer:
            yield f"{peer} reads {source.of[1]} of {source.of[0]}"
        if source.result is not None and made.get(source.result, peer) != peer:
            yield f"{peer} takes {source.result} of {made[source.result]}"


def _scripts(program: Program) -> list[tuple[str, Do]]:
    lists = [(step.peer, step.do) for step in program.steps if step.peer is not None]
    lists += [(handler.peer, handler.do) for handler in program.handlers]
    return [(peer, do) for peer, script in lists for do in script]

"""Programs whose implicit descriptions are written out, for stacks that have none.

`setLocalDescription()` without a text creates what it sets. Written out, the application creates
the offer or the answer that the state asks for, awaits it, and sets it: that is another program,
with another name, as other things can happen in between. The state has to be known then, and not
only when the operation runs: so descriptions that the same script sets before are awaited, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from msgspec.structs import replace

from .language import DescriptionSource, Do, Program

SUFFIX = "-written-out"
_ANSWER_STATES = ("have-remote-offer", "have-local-pranswer")


def written_out(program: Program) -> Program | None:
    """The program with its implicit descriptions written out.

    None: it has none, or one of them is not awaited although its script goes on. What follows would
    then wait for the creation, which it should not.
    """
    lists = [*(one.do for one in program.steps), *(one.do for one in program.handlers)]
    if not any(map(_has_implicit, lists)) or any(map(_goes_on, lists)):
        return None
    numbers = count(1)
    return replace(
        program,
        name=program.name + SUFFIX,
        steps=tuple(replace(one, do=_script(one.do, numbers)) for one in program.steps),
        handlers=tuple(replace(one, do=_script(one.do, numbers)) for one in program.handlers),
    )


def _is_implicit(item: Do) -> bool:
    """Whether the call creates the description that it sets."""
    source = item.description or DescriptionSource()
    told = (source.result, source.of, source.message, source.sdp, source.sections)
    is_rollback = source.type == "rollback"
    return item.call == "setLocalDescription" and not is_rollback and not any(told)


def _has_implicit(script: tuple[Do, ...]) -> bool:
    return any(map(_is_implicit, script))


def _goes_on(script: tuple[Do, ...]) -> bool:
    """Whether it goes on behind an implicit description without waiting for it."""
    return any(_is_implicit(item) and not item.wait for item in script[:-1])


def _script(script: tuple[Do, ...], numbers: Iterator[int]) -> tuple[Do, ...]:
    done: list[Do] = []
    for item in script:
        if _is_implicit(item):
            done = [*map(_awaited, done), *_explicit(item, next(numbers))]
        else:
            done.append(item)
    return tuple(done)


def _awaited(item: Do) -> Do:
    sets = item.call in ("setLocalDescription", "setRemoteDescription")
    return replace(item, wait=True) if sets else item


def _explicit(item: Do, number: int) -> tuple[Do, ...]:
    """Whether it is done, and whether it is an answer, is decided before anything is awaited."""
    does, answers, name = f"does-{number}", f"answers-{number}", f"description-{number}"
    type = None if item.description is None else item.description.type
    return (
        Do(set=does, to=(item.when,)),
        Do(set=answers, to=_answers(type)),
        Do(call="createOffer", name=name, wait=True, when=(does, f"!{answers}")),
        Do(call="createAnswer", name=name, wait=True, when=(does, answers)),
        replace(item, description=DescriptionSource(type=type, result=name), when=(does,)),
    )


def _answers(type: str | None) -> tuple[tuple[str, ...], ...]:
    if type is not None:
        return () if type == "offer" else ((),)
    return tuple((f"state:{state}",) for state in _ANSWER_STATES)

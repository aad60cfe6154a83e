"""Programs, made ready for a recorder that knows neither SDP nor the language's defaults."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from ..programs.language import DescriptionSource, Do, Handler, Program, Step
from ..programs.texts import render
from ..traces.format import Arguments
from .wire import Options, Order

METHODS = frozenset(
    {
        "addIceCandidate",
        "addTrack",
        "addTransceiver",
        "close",
        "createAnswer",
        "createDataChannel",
        "createOffer",
        "direction",
        "removeTrack",
        "replaceTrack",
        "restartIce",
        "setConfiguration",
        "setLocalDescription",
        "setParameters",
        "setRemoteDescription",
        "setStreams",
        "stop",
    }
)
"""The calls of the program language."""

_NAMES_A_TRANSCEIVER = frozenset(
    {"direction", "removeTrack", "replaceTrack", "setParameters", "setStreams", "stop"}
)
_ARGUMENTS = frozenset(field.name for field in msgspec.structs.fields(Arguments)) - {"description"}
_TRACK_KINDS = ("audio", "video")
ATTRIBUTES = (
    "localDescription",
    "pendingLocalDescription",
    "currentLocalDescription",
    "remoteDescription",
    "pendingRemoteDescription",
    "currentRemoteDescription",
    "lastOffer",
    "lastAnswer",
)
"""The descriptions of a peer that a program can name."""


class ProgramError(ValueError):
    """A program cannot be recorded; the message names the place in it and what to write instead."""


def prepared(program: Program, options: Options | None = None) -> Order:
    """The order to run the program: its invented descriptions as texts, and settled at its end.

    A ProgramError says that the program is wrong in itself. What is wrong as WebRTC is no error
    here: it is for the stack to refuse.
    """
    for peer in (*(step.peer for step in program.steps), *(h.peer for h in program.handlers)):
        if peer is not None and peer not in program.peers:
            raise ProgramError(f"{program.name}: there is no peer {peer!r} in {program.peers}")
    steps = [_step(program, index, step) for index, step in enumerate(program.steps)]
    if not (steps and steps[-1].settle):
        steps.append(Step(settle=True))
    handlers = tuple(_handler(program, i, each) for i, each in enumerate(program.handlers))
    ready = replace(program, steps=tuple(steps), handlers=handlers)
    # Encoding leaves defaults out, and a recorder should not have to know who the peers are.
    told = msgspec.to_builtins(ready) | {"peers": list(program.peers)}
    return Order(told, options or Options())


def _step(program: Program, index: int, step: Step) -> Step:
    where = f"{program.name}: steps[{index}]"
    if not step.settle and step.peer is None:
        raise ProgramError(f"{where} has neither a peer nor `settle`")
    done = _script(where, step.do)
    is_last = step.peer is not None and not _is_needed_after(program, index, step.peer)
    return replace(step, do=_dropping(done) if is_last else done)


def _dropping(script: tuple[Do, ...]) -> tuple[Do, ...]:
    """The script whose end drops the connection: no item behind these refers to it."""
    last = max((at for at, do in enumerate(script) if not do.collect), default=-1)
    return tuple(
        replace(do, drops=True) if do.collect and at > last else do for at, do in enumerate(script)
    )


def _is_needed_after(program: Program, index: int, peer: str) -> bool:
    """Whether the application still refers to a peer's connection when a step is over.

    Its events hand it over to their handlers. Messages do not: whoever takes them has kept it.
    """
    later = [each for each in program.steps[index + 1 :] if each.peer is not None]
    scripts = [*(each.do for each in later), *(each.do for each in program.handlers)]
    items = [do for script in scripts for do in script]
    return (
        any(each.peer == peer for each in later)
        or any(each.peer == peer and each.event == "message" for each in program.handlers)
        or any(
            do.description is not None and (do.description.of or ("",))[0] == peer for do in items
        )
    )


def _handler(program: Program, index: int, handler: Handler) -> Handler:
    return replace(handler, do=_script(f"{program.name}: handlers[{index}]", handler.do))


def _script(where: str, script: tuple[Do, ...]) -> tuple[Do, ...]:
    return tuple(_do(f"{where}.do[{index}]", do) for index, do in enumerate(script))


def _do(where: str, do: Do) -> Do:
    if do.collect and do != Do(collect=True, when=do.when):
        raise ProgramError(f"{where}: `collect` is an item of its own; put the rest beside it")
    if do.call is not None:
        _validate(where, do.call, do.args)
    if do.description is None:
        return do
    is_remote = do.call == "setRemoteDescription"
    return replace(do, description=_source(where, do.description, is_remote=is_remote))


def _validate(where: str, method: str, args: dict[str, Any]) -> None:
    if method not in METHODS:
        raise ProgramError(f"{where}: no call {method!r}; there are {', '.join(sorted(METHODS))}")
    unknown = sorted(set(args) - _ARGUMENTS)
    if unknown:
        raise ProgramError(f"{where}: {method} has no argument {unknown[0]!r}")
    try:
        converted = msgspec.convert(args, Arguments)
    except msgspec.ValidationError as error:
        raise ProgramError(f"{where}: a trace cannot tell these arguments: {error}") from error
    if method in _NAMES_A_TRANSCEIVER and converted.transceiver is None:
        raise ProgramError(f"{where}: {method} needs a `transceiver`, t1 for instance")
    if converted.track is not None and converted.track.partition(":")[0] not in _TRACK_KINDS:
        raise ProgramError(f"{where}: name the track audio:NAME or video:NAME")


def _source(where: str, source: DescriptionSource, *, is_remote: bool) -> DescriptionSource:
    if source.of is not None and source.of[1] not in ATTRIBUTES:
        raise ProgramError(f"{where}: `of` reads one of {', '.join(ATTRIBUTES)}")
    if source.sections is None:
        return source
    try:
        text = render(source)
    except ValueError as error:
        raise ProgramError(f"{where}: {error}") from error
    without_mid = (index for index, one in enumerate(source.sections) if one.mid is None)
    fit = tuple(without_mid) if is_remote else None
    return replace(source, sdp=text, sections=None, fit=fit)

"""An observation in words, with what could be read."""

from __future__ import annotations

from ..checking.words import error_in_words
from ..traces import format

Methods = dict[int, str]
"""The method of each call, by its id in the trace."""


def observation_in_words(one: format.Observation, methods: Methods) -> str:
    """What was observed, in one line."""
    match one:
        case format.Call():
            return f"call {_call(one.method, one.id)}{arguments_in_words(one.args)}"
        case format.Return() | format.Throw() | format.Resolve() | format.Reject():
            return _outcome(one, methods)
        case format.Event():
            return f"event {one.name}{_of(one)}"
        case format.Send():
            return f"send {one.message!r}{_carrying(one.description)}"
        case format.Receive():
            return f"receive {one.message!r}{_carrying(one.description)}"
        case format.Idle():
            return _idle(one, methods)
        case format.Mark():
            return f"mark: {one.text}"
    return type(one).__name__.lower()


def kind_of(one: format.AnyObservation) -> str:
    """The kind of an observation, as the trace calls it."""
    return str(type(one).__struct_config__.tag)


def arguments_in_words(given: format.Arguments) -> str:
    """The arguments of a call, in parentheses; nothing if there are none."""
    told: list[str] = []
    if given.description is not None:
        told.append(_description(given.description))
    if given.candidate is not None:
        told.append(f"candidate {given.candidate.candidate!r}")
    told += [one for one in (given.transceiver, given.track, given.kind) if one is not None]
    if given.direction is not None:
        told.append(given.direction)
    if given.streams:
        told.append(f"streams {{{', '.join(given.streams)}}}")
    if given.label is not None:
        told.append(f"label {given.label!r}")
    for members in (given.options, given.init, given.configuration):
        told += [f"{name}: {value}" for name, value in (members or {}).items()]
    return f" ({', '.join(told)})" if told else ""


def reading_in_words(state: format.Reading | None) -> str:
    """What could be read with an observation; "" if nothing was."""
    if state is None:
        return ""
    told = [] if state.signalingState is None else [f"signalingState {state.signalingState}"]
    if state.transceivers is not None:
        told.append("transceivers " + (", ".join(map(_transceiver, state.transceivers)) or "none"))
    if state.descriptions is not None:
        types = state.descriptions
        named = {
            "current local": types.currentLocal,
            "current remote": types.currentRemote,
            "pending local": types.pendingLocal,
            "pending remote": types.pendingRemote,
        }
        listed = ", ".join(f"{name} {type}" for name, type in named.items() if type is not None)
        told.append(f"descriptions {listed or 'none'}")
    return "; ".join(told)


def _transceiver(one: format.TransceiverReading) -> str:
    parts = [one.id, one.kind, one.direction]
    if one.currentDirection is not None:
        parts.append(f"(current {one.currentDirection})")
    if one.mid is not None:
        parts.append(f"mid {one.mid!r}")
    return " ".join(parts)


def _outcome(
    one: format.Return | format.Throw | format.Resolve | format.Reject, methods: Methods
) -> str:
    call = _call(methods.get(one.call, "a call"), one.call)
    match one:
        case format.Return():
            return f"{call} returns" + (f" {one.value}" if one.value else "")
        case format.Resolve():
            return f"{call} resolves{_carrying(one.description)}"
        case format.Throw():
            return f"{call} throws {error_in_words(one.error)}" + _said(one.message)
    return f"{call} rejects with {error_in_words(one.error)}" + _said(one.message)


def _call(method: str, id: int) -> str:
    return f"{method} #{id}"


def _said(message: str | None) -> str:
    return f" ({message!r})" if message else ""


def _of(event: format.Event) -> str:
    about = f" of {event.transceiver}" if event.transceiver else ""
    return about + (f" in {{{', '.join(event.streams)}}}" if event.streams else "")


def _carrying(given: format.DescriptionRef | None) -> str:
    return "" if given is None else f" ({_description(given)})"


def _description(given: format.DescriptionRef) -> str:
    return " ".join(part for part in (given.type, given.sdp) if part is not None) or "nothing"


def _idle(one: format.Idle, methods: Methods) -> str:
    pending = ", ".join(_call(methods.get(id, "a call"), id) for id in one.pending)
    measured = [
        f"quiet for {one.quiet:g} ms" if one.quiet else "",
        "the stack is alive" if one.canary else "",
        f"pending: {pending}" if pending else "",
    ]
    told = ", ".join(part for part in measured if part)
    return f"idle ({told})" if told else "idle"

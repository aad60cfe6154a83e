"""Labels, observations and states in words."""

from __future__ import annotations

from negotiation.model import (
    Connection,
    Event,
    Label,
    Reject,
    Resolve,
    Return,
    Specification,
    Throw,
)

from .seen import Made, Quiet, Seen, Told

Methods = dict[int, str]
"""The method of each outstanding call."""


def label_in_words(label: Label, methods: Methods) -> str:
    """What a step of the model shows."""
    match label:
        case Event():
            return event_in_words(label.name, label.transceiver, label.streams)
        case Return():
            return f"{_method(methods, label.call)} returns"
        case Throw():
            return f"{_method(methods, label.call)} throws {label.error}"
        case Resolve():
            return f"{_method(methods, label.call)} resolves"
        case Reject():
            return f"{_method(methods, label.call)} rejects with {label.error}"
    return label.method if hasattr(label, "method") else label.name


def error_in_words(name: str | None) -> str:
    """An error by its name, which dumps do not always tell."""
    return name or "an error that is not named"


def is_failure(words: str) -> bool:
    """Whether a label in these words is a call that fails."""
    return " rejects with " in words or " throws " in words


def event_in_words(
    name: str | None, transceiver: str | None, streams: tuple[str, ...] | None
) -> str:
    """An event, with what it carries."""
    about = f" of {transceiver}" if transceiver else ""
    of_streams = f" in {{{', '.join(streams)}}}" if streams else ""
    return f"{name}{about}{of_streams}"


def seen_in_words(seen: Seen, methods: Methods) -> str:
    """What was observed."""
    match seen:
        case Made():
            return f"{seen.call.method} is called"
        case Told():
            return _told(seen, methods)
        case Quiet():
            return "nothing happens any more" if seen.settled else "nothing happened for a while"
    return "an observation outside the model's alphabet"


def _told(told: Told, methods: Methods) -> str:
    if told.kind == "event":
        return event_in_words(told.event, told.transceiver, told.streams)
    method = _method(methods, told.call)
    ending = {
        "return": "returns",
        "throw": f"throws {error_in_words(told.error)}",
        "resolve": "resolves",
        "reject": f"rejects with {error_in_words(told.error)}",
    }
    return f"{method} {ending[told.kind]}"


def _method(methods: Methods, call: int | None) -> str:
    return methods.get(call or 0, "a call")


def state_in_words(connection: Connection, specification: Specification) -> str:
    """A state of the model, as far as it decides what may come next."""
    chain = ", ".join(f"{one.method} ({one.stage.value})" for one in connection.operations)
    needed = specification.check_if_negotiation_is_needed(connection)
    parts = [
        str(connection.signaling_state),
        f"chain: {chain or 'empty'}",
        f"[[NegotiationNeeded]] {str(connection.negotiation_needed).lower()}",
        f"check {str(needed).lower()}",
    ]
    if connection.tasks:
        parts.append("queued: " + ", ".join(one.name for one in connection.tasks))
    if connection.steps:
        parts.append("to fire: " + ", ".join(one.event or "resolve" for one in connection.steps))
    return "; ".join(parts)

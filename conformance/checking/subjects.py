"""What a finding is about: what is wrong, without the names and numbers of one run.

Findings of the same fault say the same here, wherever they were seen: the method and its outcomes,
the attribute and its values, the event and what is wrong with it, the aspect of a description.
Where the finding's rule says enough, a subject is empty.
"""

from __future__ import annotations

from collections.abc import Iterable

from negotiation.conformance.traces import format
from negotiation.model import Event, Output, Reject, Resolve, Return, SdpType, SignalingState, Throw

from .frontier import Frontier
from .matching import Objection
from .seen import Told
from .words import Methods

ACCEPTED = "accepted"

_OF_THEIR_OWN = (SdpType.PRANSWER, SdpType.ROLLBACK)
"""Types of descriptions that stacks support or not, apart from offers and answers."""


def of_calls(methods: Methods, frontier: Frontier) -> Methods:
    """The methods of the calls by number, with the type of a description that is of its own."""
    typed = {
        each.call: _typed(each.method, each.arguments.type)
        for one in frontier
        for each in one.connection.operations
    }
    return {**methods, **typed}


def _typed(method: str, type: str | None) -> str:
    return f"{method}({type})" if type in _OF_THEIR_OWN else method


def of_outcomes(told: Told, ours: str, methods: Methods) -> str:
    """A call that ended in one way, and should have in another."""
    return f"{_method(told.call, methods)}: {_told_outcome(told)}, not {ours}"


def is_not_with(about: str, error: str) -> bool:
    """Whether this is about a call that failed, and not with the error that it should have."""
    return about.endswith(f", not {error}")


def outcome_of(label: Output) -> str:
    """How a call ends: an error's name, or that it is accepted."""
    if isinstance(label, Throw | Reject):
        return label.error
    return ACCEPTED


def of_objection(told: Told, label: Output, objection: Objection, methods: Methods) -> str:
    """What was observed of something, and is otherwise: the objection says in what."""
    match objection.aspect:
        case "kind" | "error":
            return of_outcomes(told, outcome_of(label), methods)
        case "event":
            return f"{told.event} {objection.about}"
        case "sdp" | "value":
            return f"{_method(told.call, methods)}: {objection.about}"
    return objection.about


def of_missing(label: Output | None, states: Iterable[SignalingState], methods: Methods) -> str:
    """What has not come; `states` are those in which a signalingstatechange would leave."""
    match label:
        case Event(name="negotiationneeded") | None:
            return ""
        case Event(name="signalingstatechange"):
            return f"to {' or '.join(sorted(states))}"
        case Event():
            return f"{label.name} is missing"
        case Resolve() | Reject():
            return f"{_method(label.call, methods)}: pending, not {outcome_of(label)}"
        case Return() | Throw():
            return f"{_method(label.call, methods)} goes on"
    return ""


def of_settlement(told: Told, when: str, methods: Methods) -> str:
    """A promise that was settled when it must not be: "too early", "after close"."""
    how = "fulfilled" if told.kind == "resolve" else "rejected"
    return f"{_method(told.call, methods)} is {how} {when}"


def of_late(told: Told, methods: Methods) -> str:
    """What came after something that it should have come before."""
    if told.event == "negotiationneeded":
        return ""
    if told.event == "signalingstatechange":
        return f"to {told.read.signaling_state}" if told.read.signaling_state else ""
    return f"{told.event} too late" if told.event else of_settlement(told, "too late", methods)


def of_last_call(call: format.Call | None) -> str:
    """What a stack had to do last, before it did nothing more."""
    if call is None:
        return "before any call"
    given = call.args.description
    return f"after {_typed(call.method, None if given is None else given.type)}"


def of_negotiationneeded(told: Told) -> str:
    """The event fires: the rule that refuses it says why, and what was read, whether in stable."""
    return "" if told.read.signaling_state in (None, SignalingState.STABLE) else "outside stable"


def of_state(told: Told, states: Iterable[SignalingState]) -> str:
    """The signaling state that an event told, and the one that it can only be."""
    return f"{told.read.signaling_state}, not {' or '.join(sorted(states))}"


def _told_outcome(told: Told) -> str:
    return told.error or "an error" if told.kind in ("throw", "reject") else ACCEPTED


def _method(call: int | None, methods: Methods) -> str:
    return methods.get(call or 0, "a call")

"""Calls that the specification refuses: refused by the stack as well, or let pass by it."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import profile_named
from negotiation.model import Call, SdpType, Side, SignalingState, Specification

from ..findings import Diagnosis
from ..frontier import Frontier, is_misread
from ..misreading import STATE
from ..peers import Moment
from ..seen import Told
from .evidence import (
    SETTING,
    WRONG_STATE,
    Evidence,
    Found,
    called,
    is_refused_otherwise,
    remembered,
    states_of,
)

OPERATIONS = (*SETTING, "createOffer", "createAnswer")

_SPECIFICATION = Specification()


def refused_calls(evidence: Evidence) -> Iterator[Found]:
    """Calls that the stack, like the model, refused for the state that the connection was in.

    One that tells another error departs; what the application did is told beside that.
    """
    for moment in evidence.telling:
        one = moment.said.observation
        if not isinstance(one, format.Reject | format.Throw):
            continue
        if moment.diagnosis is None and one.error == WRONG_STATE:
            yield from _refused_call(moment, evidence)
        elif is_refused_otherwise(moment):
            told = one.error or "an error without a name"
            yield from _refused_call(moment, evidence, f"; this stack tells it by {told}")


def _refused_call(moment: Moment, evidence: Evidence, but: str = "") -> Iterator[Found]:
    peer, made = moment.said.peer, evidence.made.get(moment.said.call)
    if made is None or not isinstance(moment.seen, Told):
        return
    method = moment.methods.get(moment.seen.call or 0, "a call")
    states = states_of(moment.before)
    if is_misread(STATE, moment.before):
        return  # the state that the stack is in may be another, in which the call is valid
    if states == {SignalingState.CLOSED}:
        if states_of(made.before) != states:
            return  # it failed before, and was told of it after
        message = f"{method} was called on a closed connection{but}"
        yield peer, moment.line, Diagnosis("APP-AFTER-CLOSE", message)
    elif method in OPERATIONS:
        where = ", ".join(sorted(states))
        message = f"{method} was rejected: it is invalid in {where}{but}"
        yield peer, moment.line, Diagnosis("APP-WRONG-STATE", message)


def unanswered_calls(evidence: Evidence) -> Iterator[Found]:
    """Calls that can only fail, and of which no end was recorded.

    After close() whatever the recorder sees; elsewhere where it sees all calls, and no failures.
    """
    for made in evidence.made.values():
        one = made.said.observation
        if not isinstance(one, format.Call) or one.method not in OPERATIONS:
            continue
        if one.id in evidence.ended or not _is_always_refused(made):
            continue
        states = states_of(made.before)
        if states == {SignalingState.CLOSED}:
            message = f"{one.method} was called on a closed connection"
            yield one.peer, made.line, Diagnosis("APP-AFTER-CLOSE", message)
        elif _sees_no_failures(evidence.header.peers[one.peer]):
            message = f"{one.method} was called in {', '.join(sorted(states))}: it is invalid there"
            yield one.peer, made.line, Diagnosis("APP-WRONG-STATE", message)


def _sees_no_failures(peer: format.Peer) -> bool:
    profile = profile_named(peer.profile)
    return "reject" not in profile.labels and not profile.is_half_seen


def tolerated_calls(evidence: Evidence) -> Iterator[Found]:
    """Calls in a wrong state that the stack let pass: its departure is told beside this fault."""
    for moment in evidence.moments:
        if moment.diagnosis is None or moment.diagnosis.id != "OP-ACCEPTED":
            continue
        made = evidence.made.get(moment.said.call)
        if made is None or not _is_always_refused(made):
            continue
        method = made.said.observation.method  # type: ignore[union-attr]
        states = states_of(made.before)
        id = "APP-AFTER-CLOSE" if states == {SignalingState.CLOSED} else "APP-WRONG-STATE"
        where = ", ".join(sorted(states))
        message = f"{method} was called in {where}, where it is invalid; this stack let it pass"
        yield moment.said.peer, made.line, Diagnosis(id, message)


def _is_always_refused(made: Moment) -> bool:
    """Whether the call is invalid in every state that the model could be in, the chain empty."""
    seen = called(made)
    return seen is not None and _refused_in_all(made.before, seen.call)


@remembered
def _refused_in_all(frontier: Frontier, call: Call) -> bool:
    connections = [one.connection for one in frontier]
    if not connections or is_misread(STATE, frontier) or any(one.operations for one in connections):
        return False
    if call.method == "createOffer":
        return not any(map(_SPECIFICATION.may_create_offer, connections))
    if call.method == "createAnswer":
        return not any(map(_SPECIFICATION.may_create_answer, connections))
    type = call.arguments.type
    if call.method not in SETTING or type is None or type is SdpType.ROLLBACK:
        return False
    side = Side.LOCAL if call.method == SETTING[0] else Side.REMOTE
    if side is Side.REMOTE and type is SdpType.OFFER:
        return False  # it rolls back first
    states = {one.signaling_state for one in connections}
    return all(_SPECIFICATION.next_signaling_state(state, side, type) is None for state in states)

"""The second pass: glare, how it ended, and messages that were lost, repeated or reordered.

A remote offer meets a local one when it is received, or set, while every state that the model could
be in has an offer of its own pending or being made. One end shows that it happened; how it ended is
seen in what this end does with the message, or at the other end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negotiation.conformance.traces import format
from negotiation.model import Connection, Description, SdpType, SignalingState
from negotiation.model.state import Operation

from .findings import Diagnosis
from .frontier import Frontier
from .peers import Moment
from .seen import Made, Told

Found = tuple[str, int, Diagnosis]

WRONG_STATE = "InvalidStateError"
OFFERED = (SignalingState.HAVE_LOCAL_OFFER, SignalingState.HAVE_REMOTE_PRANSWER)


def judge_messages(
    moments: Sequence[Moment], header: format.Header, *, complete: bool
) -> Iterator[Found]:
    """The faults and notes of a trace: (peer, line, diagnosis).

    `complete`: the recording was not cut off, so that what is absent did not happen.
    """
    offers = _offers_sent(moments)
    for peer in header.peers:
        own = [one for one in moments if one.observation.peer == peer]
        yield from _refused_calls(peer, own)
        yield from _glare(peer, own)
        yield from _ignored(peer, own, offers)
    if len(header.peers) == 2:
        yield from _deliveries(moments, complete=complete)
        yield from _ends(moments, header)


# Calls that the model refuses, too.


def _refused_calls(peer: str, moments: Sequence[Moment]) -> Iterator[Found]:
    for moment in moments:
        seen = moment.seen
        if moment.diagnosis is None and isinstance(seen, Told) and seen.error == WRONG_STATE:
            method = moment.methods.get(seen.call or 0, "a call")
            states = _states(moment.before)
            if states == {SignalingState.CLOSED}:
                message = f"{method} was called on a closed connection"
                yield peer, moment.line, Diagnosis("APP-AFTER-CLOSE", message)
            elif method in ("setLocalDescription", "setRemoteDescription", "createAnswer"):
                where = ", ".join(sorted(states))
                message = f"{method} was rejected: it is invalid in {where}"
                yield peer, moment.line, Diagnosis("APP-WRONG-STATE", message)


def _states(frontier: Frontier) -> set[SignalingState]:
    return {one.connection.signaling_state for one in frontier}


# Glare at one end.


def _glare(peer: str, moments: Sequence[Moment]) -> Iterator[Found]:
    for index, moment in enumerate(moments):
        if _sets_remote_offer(moment) and _has_own_offer(moment):
            yield from _glare_taken(peer, moments[index:])


def _sets_remote_offer(moment: Moment) -> bool:
    seen = moment.seen
    if not isinstance(seen, Made) or seen.call.method != "setRemoteDescription":
        return False
    return seen.call.arguments.type is SdpType.OFFER


def _has_own_offer(moment: Moment) -> bool:
    return bool(moment.before) and all(is_offering(one.connection) for one in moment.before)


def is_offering(connection: Connection) -> bool:
    """Whether a local offer is pending, or an operation that makes one is in the chain."""
    if connection.signaling_state in OFFERED:
        return True
    stable = connection.signaling_state is SignalingState.STABLE
    return any(_makes_offer(one, stable=stable) for one in connection.operations)


def _makes_offer(operation: Operation, *, stable: bool) -> bool:
    if operation.method == "setLocalDescription":
        type = operation.arguments.type
        return type is SdpType.OFFER or (type is None and stable)
    return operation.method == "createOffer"


def _glare_taken(peer: str, moments: Sequence[Moment]) -> Iterator[Found]:
    made = moments[0]
    observation = made.observation
    assert isinstance(observation, format.Call)
    ending = next((one for one in moments[1:] if _ends_call(one, observation.id)), None)
    if ending is None:
        return
    if isinstance(ending.observation, format.Resolve):
        message = "a remote offer met a local one, and was taken in its place"
        yield peer, made.line, Diagnosis("GLARE-YIELDED", message)
    else:
        error = ending.observation.error  # type: ignore[attr-defined]
        message = f"a remote offer met a local one, and taking it failed with {error}"
        yield peer, ending.line, Diagnosis("GLARE-ERROR", message)


def _ends_call(moment: Moment, call: int) -> bool:
    one = moment.observation
    return isinstance(one, format.Resolve | format.Reject) and one.call == call


def _offers_sent(moments: Sequence[Moment]) -> dict[str, str]:
    """The texts of the offers in messages, by the messages' names."""
    return {
        one.message: one.description.sdp
        for one in (moment.observation for moment in moments)
        if isinstance(one, format.Send | format.Receive)
        and one.description is not None
        and one.description.type == SdpType.OFFER
        and one.description.sdp is not None
    }


def _ignored(peer: str, moments: Sequence[Moment], offers: dict[str, str]) -> Iterator[Found]:
    for index, moment in enumerate(moments):
        one = moment.observation
        if not isinstance(one, format.Receive) or one.message not in offers:
            continue
        text = offers[one.message]
        if _has_own_offer(moment) and not any(_sets_text(each, text) for each in moments[index:]):
            message = f"the offer {one.message!r} was received and never set"
            yield peer, moment.line, Diagnosis("GLARE-IGNORED", message)


def _sets_text(moment: Moment, text: str) -> bool:
    one = moment.observation
    if not isinstance(one, format.Call) or one.args.description is None:
        return False
    return one.args.description.sdp == text


# What happened to messages between the two ends.


def _deliveries(moments: Sequence[Moment], *, complete: bool) -> Iterator[Found]:
    sent: dict[str, Moment] = {}
    received: dict[str, list[Moment]] = {}
    for one in moments:
        if isinstance(one.observation, format.Send):
            sent[one.observation.message] = one
        elif isinstance(one.observation, format.Receive):
            received.setdefault(one.observation.message, []).append(one)
    for message, moment in sent.items():
        arrived = received.get(message, [])
        if not arrived and complete and _is_lost(moment, moments):
            told = f"the message {message!r} was sent, and never received"
            yield moment.observation.peer, moment.line, Diagnosis("NETWORK-LOST", told)
        yield from _repeated(message, arrived)
    yield from _overtaking(sent, received)


def _is_lost(sent: Moment, moments: Sequence[Moment]) -> bool:
    """Whether the other end was recorded long enough, and did nothing with what was sent."""
    message = sent.observation
    later = [one for one in moments if one.line > sent.line]
    other = [one for one in later if one.observation.peer != message.peer]
    if not any(isinstance(one.observation, format.Idle) for one in other):
        return False
    description = message.description if isinstance(message, format.Send) else None
    if description is None or description.sdp is None:
        return any(isinstance(one.observation, format.Receive) for one in other)
    return not any(_sets_text(one, description.sdp) for one in other)


def _repeated(message: str, received: Sequence[Moment]) -> Iterator[Found]:
    for again in received[1:]:
        told = f"the message {message!r} was received again (first in line {received[0].line})"
        yield again.observation.peer, again.line, Diagnosis("NETWORK-REPEATED", told)


def _overtaking(sent: dict[str, Moment], received: dict[str, list[Moment]]) -> Iterator[Found]:
    furthest: dict[str, tuple[int, str]] = {}
    first = ((each[0], name) for name, each in received.items() if name in sent)
    for moment, name in sorted(first, key=lambda one: one[0].line):
        sender, at = sent[name].observation.peer, sent[name].line
        latest, other = furthest.get(sender, (0, ""))
        if at < latest:
            told = f"the message {name!r} was overtaken by {other!r}, which was sent later"
            yield moment.observation.peer, moment.line, Diagnosis("NETWORK-REORDERED", told)
        furthest[sender] = max((latest, other), (at, name))


# What both ends came to.


def _ends(moments: Sequence[Moment], header: format.Header) -> Iterator[Found]:
    last = {one.observation.peer: one for one in moments if one.after}
    if len(last) < 2 or not all(isinstance(one.observation, format.Idle) for one in last.values()):
        return
    ends = [(last[peer], _only(last[peer])) for peer in header.peers]
    (a, one), (b, other) = ends
    if one is None or other is None:
        return
    line = max(a.line, b.line)
    states = {one.signaling_state, other.signaling_state}
    if states == {SignalingState.HAVE_LOCAL_OFFER}:
        message = "both ends have offered, and neither answers"
        yield b.observation.peer, line, Diagnosis("GLARE-DEADLOCK", message)
    if states == {SignalingState.HAVE_REMOTE_OFFER} and _both_yielded(moments, header):
        message = "both ends gave up their offer for the other's"
        yield b.observation.peer, line, Diagnosis("GLARE-BOTH-YIELDED", message)
    if states == {SignalingState.STABLE} and not agree(one, other):
        message = "both ends are stable, and do not hold the same pair of descriptions"
        yield b.observation.peer, line, Diagnosis("ENDS-DIVERGED", message)


def _only(moment: Moment) -> Connection | None:
    connections = {one.connection for one in moment.after}
    return next(iter(connections)) if len(connections) == 1 else None


def _both_yielded(moments: Sequence[Moment], header: format.Header) -> bool:
    yielded = {
        one.observation.peer for one in moments if _sets_remote_offer(one) and _has_own_offer(one)
    }
    return yielded == set(header.peers)


def agree(one: Connection, other: Connection) -> bool:
    """Whether the current descriptions of two ends are each other's."""
    return _same(one.current_local_description, other.current_remote_description) and _same(
        one.current_remote_description, other.current_local_description
    )


def _same(ours: Description | None, theirs: Description | None) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    return _content(ours) == _content(theirs)


def _content(description: Description) -> tuple[object, ...]:
    sections = (
        (one.kind, one.mid, one.rejected, one.rejected or one.direction)
        for one in description.sections
    )
    return (description.type, *sections)

"""The second pass: glare, how it ended, and messages that were lost, repeated or reordered.

A remote offer meets a local one when it is received, or set, while every state that the model could
be in has an offer of its own pending or being made. One end shows that it happened; how it ended is
seen in what this end does with the message, or at the other end.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from negotiation.conformance.traces import format
from negotiation.conformance.traces.said import SETTLED
from negotiation.model import Connection, Description, SdpType, SignalingState
from negotiation.model.state import Operation

from .findings import Diagnosis
from .frontier import Frontier
from .peers import Moment
from .seen import Made, Told

Found = tuple[str, int, Diagnosis]

_MESSAGES = (format.Send, format.Receive)

_remembered = functools.lru_cache(maxsize=1 << 16)

WRONG_STATE = "InvalidStateError"
OFFERED = (SignalingState.HAVE_LOCAL_OFFER, SignalingState.HAVE_REMOTE_PRANSWER)


def judge_messages(
    moments: Sequence[Moment], header: format.Header, *, complete: bool
) -> Iterator[Found]:
    """The faults and notes of a trace: (peer, line, diagnosis).

    `complete`: the recording was not cut off, so that what is absent did not happen.
    """
    telling = [one for one in moments if one.said.telling]
    messages = [one for one in telling if isinstance(one.said.observation, _MESSAGES)]
    for moment in telling:
        one = moment.said.observation
        if isinstance(one, format.Call):
            if _sets_remote_offer(moment) and _has_own_offer(moment):
                yield from _glare_taken(moment, moments)
        elif isinstance(one, format.Reject | format.Throw) and one.error == WRONG_STATE:
            yield from _refused_call(moment, moments)
    if messages:
        yield from _ignored(messages, telling)
    if len(header.peers) == 2:
        if messages:
            yield from _deliveries(messages, moments, complete=complete)
        yield from _ends(telling, moments, header)


# Calls that the model refuses, too.


def _refused_call(moment: Moment, moments: Sequence[Moment]) -> Iterator[Found]:
    call, peer = moment.said.call, moment.said.peer
    made = next((one for one in moments if one.said.begins == call), None)
    if moment.diagnosis is not None or made is None or not isinstance(moment.seen, Told):
        return
    method = moment.methods.get(moment.seen.call or 0, "a call")
    states = _states(moment.before)
    if states == {SignalingState.CLOSED}:
        if _states(made.before) != states:
            return  # it failed before, and was told of it after
        message = f"{method} was called on a closed connection"
        yield peer, moment.line, Diagnosis("APP-AFTER-CLOSE", message)
    elif method in ("setLocalDescription", "setRemoteDescription", "createAnswer"):
        where = ", ".join(sorted(states))
        message = f"{method} was rejected: it is invalid in {where}"
        yield peer, moment.line, Diagnosis("APP-WRONG-STATE", message)


@_remembered
def _states(frontier: Frontier) -> frozenset[SignalingState]:
    return frozenset(one.connection.signaling_state for one in frontier)


# Glare at one end.


def _sets_remote_offer(moment: Moment) -> bool:
    seen = moment.seen
    if not isinstance(seen, Made) or seen.call.method != "setRemoteDescription":
        return False
    return seen.call.arguments.type is SdpType.OFFER


def _has_own_offer(moment: Moment) -> bool:
    return _all_offering(moment.before)


@_remembered
def _all_offering(frontier: Frontier) -> bool:
    return bool(frontier) and all(is_offering(one.connection) for one in frontier)


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


def _glare_taken(made: Moment, moments: Sequence[Moment]) -> Iterator[Found]:
    call, peer = made.said.begins, made.said.peer
    endings = (one for one in moments if one.said.call == call and one.said.ends & SETTLED)
    ending = next(endings, None)
    if ending is None:
        return
    one = ending.said.observation
    if isinstance(one, format.Resolve):
        message = "a remote offer met a local one, and was taken in its place"
        yield peer, made.line, Diagnosis("GLARE-YIELDED", message)
    elif isinstance(one, format.Reject):
        message = f"a remote offer met a local one, and taking it failed with {one.error}"
        yield peer, ending.line, Diagnosis("GLARE-ERROR", message)


def _offers_sent(messages: Sequence[Moment]) -> dict[str, str]:
    """The texts of the offers in messages, by the messages' names."""
    return {
        one.message: one.description.sdp
        for one in (moment.said.observation for moment in messages)
        if isinstance(one, format.Send | format.Receive)
        and one.description is not None
        and one.description.type == SdpType.OFFER
        and one.description.sdp is not None
    }


def _ignored(messages: Sequence[Moment], telling: Sequence[Moment]) -> Iterator[Found]:
    offers = _offers_sent(messages)
    for moment in messages:
        one = moment.said.observation
        if not isinstance(one, format.Receive) or one.message not in offers:
            continue
        text, peer = offers[one.message], one.peer
        later = (each for each in telling if each.said.peer == peer and each.line >= moment.line)
        if _has_own_offer(moment) and not any(_sets_text(each, text) for each in later):
            message = f"the offer {one.message!r} was received and never set"
            yield peer, moment.line, Diagnosis("GLARE-IGNORED", message)


def _sets_text(moment: Moment, text: str) -> bool:
    one = moment.said.observation
    if not isinstance(one, format.Call) or one.args.description is None:
        return False
    return one.args.description.sdp == text


# What happened to messages between the two ends.


def _deliveries(
    messages: Sequence[Moment], moments: Sequence[Moment], *, complete: bool
) -> Iterator[Found]:
    sent: dict[str, Moment] = {}
    received: dict[str, list[Moment]] = {}
    for one in messages:
        if isinstance(one.said.observation, format.Send):
            sent[one.said.observation.message] = one
        elif isinstance(one.said.observation, format.Receive):
            received.setdefault(one.said.observation.message, []).append(one)
    for message, moment in sent.items():
        arrived = received.get(message, [])
        if not arrived and complete and _is_lost(moment, moments):
            told = f"the message {message!r} was sent, and never received"
            yield moment.said.peer, moment.line, Diagnosis("NETWORK-LOST", told)
        yield from _repeated(message, arrived)
    yield from _overtaking(sent, received)


def _is_lost(sent: Moment, moments: Sequence[Moment]) -> bool:
    """Whether the other end was recorded long enough, and did nothing with what was sent."""
    message = sent.said.observation
    later = [one for one in moments if one.line > sent.line]
    other = [one for one in later if one.said.peer != message.peer]
    if not any(isinstance(one.said.observation, format.Idle) for one in other):
        return False
    description = message.description if isinstance(message, format.Send) else None
    if description is None or description.sdp is None:
        return any(isinstance(one.said.observation, format.Receive) for one in other)
    return not any(_sets_text(one, description.sdp) for one in other)


def _repeated(message: str, received: Sequence[Moment]) -> Iterator[Found]:
    for again in received[1:]:
        told = f"the message {message!r} was received again (first in line {received[0].line})"
        yield again.said.peer, again.line, Diagnosis("NETWORK-REPEATED", told)


def _overtaking(sent: dict[str, Moment], received: dict[str, list[Moment]]) -> Iterator[Found]:
    furthest: dict[str, tuple[int, str]] = {}
    first = ((each[0], name) for name, each in received.items() if name in sent)
    for moment, name in sorted(first, key=lambda one: one[0].line):
        sender, at = sent[name].said.peer, sent[name].line
        latest, other = furthest.get(sender, (0, ""))
        if at < latest:
            told = f"the message {name!r} was overtaken by {other!r}, which was sent later"
            yield moment.said.peer, moment.line, Diagnosis("NETWORK-REORDERED", told)
        furthest[sender] = max((latest, other), (at, name))


# What both ends came to.


def _ends(
    telling: Sequence[Moment], moments: Sequence[Moment], header: format.Header
) -> Iterator[Found]:
    last: dict[str, Moment] = {}
    for moment in reversed(moments):
        if moment.after and moment.said.peer not in last:
            last[moment.said.peer] = moment
            if len(last) == len(header.peers):
                break
    if len(last) < 2:
        return
    if not all(isinstance(one.said.observation, format.Idle) for one in last.values()):
        return
    ends = [(last[peer], _only(last[peer].after)) for peer in header.peers]
    (a, one), (b, other) = ends
    if one is None or other is None:
        return
    line = max(a.line, b.line)
    states = {one.signaling_state, other.signaling_state}
    if states == {SignalingState.HAVE_LOCAL_OFFER}:
        message = "both ends have offered, and neither answers"
        yield b.said.peer, line, Diagnosis("GLARE-DEADLOCK", message)
    if states == {SignalingState.HAVE_REMOTE_OFFER} and _both_yielded(telling, header):
        message = "both ends gave up their offer for the other's"
        yield b.said.peer, line, Diagnosis("GLARE-BOTH-YIELDED", message)
    if states == {SignalingState.STABLE} and not agree(one, other):
        message = "both ends are stable, and do not hold the same pair of descriptions"
        yield b.said.peer, line, Diagnosis("ENDS-DIVERGED", message)


@_remembered
def _only(frontier: Frontier) -> Connection | None:
    connections = {one.connection for one in frontier}
    return next(iter(connections)) if len(connections) == 1 else None


def _both_yielded(moments: Sequence[Moment], header: format.Header) -> bool:
    yielded = {one.said.peer for one in moments if _sets_remote_offer(one) and _has_own_offer(one)}
    return yielded == set(header.peers)


@_remembered
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

"""Glare: a remote offer meets a local one. One end shows that it happened, and what it did.

A remote offer meets a local one when it is received, or set, while every state that the model could
be in has an offer of its own pending or being made. How it ended is seen in what this end does with
the message, or at the other end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from negotiation.conformance.traces import format
from negotiation.model import Connection, SdpType, SignalingState, Specification
from negotiation.model.state import Operation

from ..findings import Diagnosis
from ..frontier import Frontier
from ..peers import Moment
from ..seen import Made, Quiet
from ..words import error_in_words
from .evidence import Evidence, Found, at, remembered, states_of

OFFERED = (SignalingState.HAVE_LOCAL_OFFER, SignalingState.HAVE_REMOTE_PRANSWER)

_SPECIFICATION = Specification()


def sets_remote_offer(moment: Moment) -> bool:
    """Whether it is a call that sets a remote offer."""
    seen = moment.seen
    if not isinstance(seen, Made) or seen.call.method != "setRemoteDescription":
        return False
    return seen.call.arguments.type is SdpType.OFFER


def has_own_offer(moment: Moment) -> bool:
    """Whether a local offer was pending, or being made, in every state the model could be in."""
    return _all_offering(moment.before)


@remembered
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


def glare_taken(evidence: Evidence) -> Iterator[Found]:
    """Remote offers that met a local one and were set: taken in its place, or refused."""
    for moment in evidence.telling:
        if sets_remote_offer(moment) and has_own_offer(moment):
            yield from _taken(moment, evidence)


def _taken(made: Moment, evidence: Evidence) -> Iterator[Found]:
    peer, ending = made.said.peer, evidence.ended.get(made.said.begins or 0)
    if ending is None:
        return
    one = ending.said.observation
    if isinstance(one, format.Resolve):
        message = "a remote offer met a local one, and was taken in its place"
        yield peer, made.line, Diagnosis("GLARE-YIELDED", message)
    elif isinstance(one, format.Reject):
        message = (
            f"a remote offer met a local one, and taking it failed with {error_in_words(one.error)}"
        )
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


def ignored_offers(evidence: Evidence) -> Iterator[Found]:
    """Offers that were received while a local one was pending, and never set."""
    offers = _offers_sent(evidence.messages)
    for moment in evidence.messages:
        one = moment.said.observation
        if not isinstance(one, format.Receive) or one.message not in offers:
            continue
        text, peer = offers[one.message], one.peer
        later = (
            each for each in evidence.telling if each.said.peer == peer and each.line >= moment.line
        )
        if has_own_offer(moment) and not any(sets_text(each, text) for each in later):
            message = f"the offer {one.message!r} was received and never set"
            yield peer, moment.line, Diagnosis("GLARE-IGNORED", message)


def sets_text(moment: Moment, text: str) -> bool:
    """Whether it is a call that is given this SDP text."""
    one = moment.said.observation
    if not isinstance(one, format.Call) or one.args.description is None:
        return False
    return one.args.description.sdp == text


def lost_offers(evidence: Evidence) -> Iterator[Found]:
    """Ends that gave up their offer, were told to negotiate again, and never did."""
    for moment in evidence.telling:
        if not (sets_remote_offer(moment) and has_own_offer(moment)):
            continue
        ending = evidence.ended.get(moment.said.begins or 0)
        if ending is not None and isinstance(ending.said.observation, format.Resolve):
            yield from _never_offered_again(ending, evidence)


def _never_offered_again(yielded: Moment, evidence: Evidence) -> Iterator[Found]:
    peer = yielded.said.peer
    last = evidence.last[peer]
    needed = None
    for moment in evidence.after(peer, yielded.line):
        if _begins_offering(moment):
            return
        one = moment.said.observation
        if isinstance(one, format.Event) and one.name == "negotiationneeded":
            needed = moment
    at_rest = isinstance(last.seen, Quiet) and last.seen.settled
    if needed is not None and at_rest and _all_need_negotiation(last.after):
        message = (
            f"this end gave up its offer for a remote one ({at(yielded)}); negotiationneeded then "
            f"asked to offer again ({at(needed)}), and nothing was offered"
        )
        yield peer, needed.line, Diagnosis("GLARE-LOST-OFFER", message)


def _begins_offering(moment: Moment) -> bool:
    one = moment.said.observation
    if not isinstance(one, format.Call):
        return False
    if one.method == "createOffer":
        return True
    given = one.args.description
    is_offer = given is None or given.type in (None, "offer")
    return one.method == "close" or (one.method == "setLocalDescription" and is_offer)


@remembered
def _all_need_negotiation(frontier: Frontier) -> bool:
    """Whether every state is stable and still waits for what it asked for."""
    stable = states_of(frontier) == {SignalingState.STABLE}
    return stable and all(
        one.connection.negotiation_needed
        and _SPECIFICATION.check_if_negotiation_is_needed(one.connection)
        for one in frontier
    )

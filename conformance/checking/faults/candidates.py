"""Candidates that came before there was a description to which they could belong."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.model import SignalingState

from ..findings import Diagnosis
from ..frontier import Frontier
from ..peers import Moment
from ..seen import Told
from .evidence import WRONG_STATE, Evidence, Found, remembered, states_of
from .glare import ignored_offers, is_offering


def early_candidates(evidence: Evidence) -> Iterator[Found]:
    """Candidates that were refused because no remote description had been set.

    Those of an offer that this end ignores in glare are refused so, too, and that is healthy: then,
    and where it cannot be told whether an offer was ignored, nothing is said.
    """
    refused = [one for one in evidence.telling if _is_refused(one, evidence)]
    ignored = [(peer, line) for peer, line, _ in ignored_offers(evidence)] if refused else []
    for moment in refused:
        peer = moment.said.peer
        was_ignored = any(who == peer and line < moment.line for who, line in ignored)
        if not was_ignored and not _may_have_ignored(moment, evidence):
            message = "addIceCandidate was rejected: no remote description had been set"
            yield peer, moment.line, Diagnosis("APP-EARLY-CANDIDATE", message)


def _is_refused(moment: Moment, evidence: Evidence) -> bool:
    one = moment.said.observation
    if not isinstance(one, format.Reject) or one.error != WRONG_STATE:
        return False
    if moment.diagnosis is not None or not isinstance(moment.seen, Told):
        return False
    made = evidence.made.get(one.call)
    call = None if made is None else made.said.observation
    is_candidate = isinstance(call, format.Call) and call.method == "addIceCandidate"
    return is_candidate and SignalingState.CLOSED not in states_of(moment.before)


def _may_have_ignored(moment: Moment, evidence: Evidence) -> bool:
    """Whether this end may have ignored an offer that was not recorded."""
    peer = moment.said.peer
    received = (one.said.observation for one in evidence.messages if one.said.peer == peer)
    if any(isinstance(one, format.Receive) for one in received):
        return False
    return _may_be_offering(moment.before)


@remembered
def _may_be_offering(frontier: Frontier) -> bool:
    return any(is_offering(one.connection) for one in frontier)

"""What both ends came to: whether they agree, or wait for each other."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.model import Connection, Description, SdpType, SignalingState

from ..findings import Diagnosis
from ..frontier import Frontier
from ..peers import Moment
from .evidence import Evidence, Found, remembered
from .glare import has_own_offer, sets_remote_offer


def ends(evidence: Evidence) -> Iterator[Found]:
    """How two ends fit that have come to rest."""
    moments, header = evidence.moments, evidence.header
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
    both = [(last[peer], _only(last[peer].after)) for peer in header.peers]
    (a, one), (b, other) = both
    if one is None or other is None:
        return
    line = max(a.line, b.line)
    states = {one.signaling_state, other.signaling_state}
    if states == {SignalingState.HAVE_LOCAL_OFFER}:
        message = "both ends have offered, and neither answers"
        yield b.said.peer, line, Diagnosis("GLARE-DEADLOCK", message)
    if states == {SignalingState.HAVE_REMOTE_OFFER} and _both_yielded(evidence):
        message = "both ends gave up their offer for the other's"
        yield b.said.peer, line, Diagnosis("GLARE-BOTH-YIELDED", message)
    if states == {SignalingState.STABLE} and not agree(one, other):
        message = "both ends are stable, and do not hold the same pair of descriptions"
        id = "ENDS-DIVERGED"
        if _yielded_to_each_other(evidence):
            id = "GLARE-BOTH-YIELDED"
            message = f"both ends gave up their offer for the other's, and answered: {message}"
        yield b.said.peer, line, Diagnosis(id, message)


@remembered
def _only(frontier: Frontier) -> Connection | None:
    connections = {one.connection for one in frontier}
    return next(iter(connections)) if len(connections) == 1 else None


def _both_yielded(evidence: Evidence) -> bool:
    telling = evidence.telling
    yielded = {one.said.peer for one in telling if sets_remote_offer(one) and has_own_offer(one)}
    return yielded == set(evidence.header.peers)


def _yielded_to_each_other(evidence: Evidence) -> bool:
    """Whether each end took the offer that the other gave up for its own."""
    pairs: dict[str, set[tuple[str | None, str | None]]] = {
        peer: set() for peer in evidence.header.peers
    }
    for one in evidence.telling:
        if sets_remote_offer(one) and has_own_offer(one):
            pairs[one.said.peer].add((_offered(one, evidence), one.said.text))
    ours, theirs = pairs.values()
    return any(own is not None and (taken, own) in theirs for own, taken in ours)


def _offered(moment: Moment, evidence: Evidence) -> str | None:
    """The text of the offer that this end sent last before."""
    sent = None
    for each in evidence.messages:
        one = each.said.observation
        if each.line > moment.line:
            break
        if isinstance(one, format.Send) and one.peer == moment.said.peer and _is_offer(one):
            sent = each.said.text
    return sent


def _is_offer(one: format.Send) -> bool:
    return one.description is not None and one.description.type == SdpType.OFFER


@remembered
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

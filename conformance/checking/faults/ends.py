"""What both ends came to: whether they agree, or wait for each other."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.model import Connection, Description, SignalingState

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
        yield b.said.peer, line, Diagnosis("ENDS-DIVERGED", message)


@remembered
def _only(frontier: Frontier) -> Connection | None:
    connections = {one.connection for one in frontier}
    return next(iter(connections)) if len(connections) == 1 else None


def _both_yielded(evidence: Evidence) -> bool:
    telling = evidence.telling
    yielded = {one.said.peer for one in telling if sets_remote_offer(one) and has_own_offer(one)}
    return yielded == set(evidence.header.peers)


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

"""What both ends came to: whether they agree, or wait for each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from negotiation.conformance.traces import format
from negotiation.model import Connection, Description, SdpType, SignalingState

from ..findings import Diagnosis
from ..frontier import Frontier
from ..peers import Moment
from .answers import answers_to_what_is_gone, answers_waited_for
from .evidence import Evidence, Found, Setting, remembered
from .glare import has_own_offer, sets_remote_offer


def ends(evidence: Evidence) -> Iterator[Found]:
    """How two ends fit that have come to rest; and whether both have given up their offer."""
    found = list(_at_rest(evidence))
    yield from found
    if all(one.id != "GLARE-BOTH-YIELDED" for _, _, one in found):
        yield from _polite(evidence)


def _at_rest(evidence: Evidence) -> Iterator[Found]:
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
    waiting = states == {SignalingState.HAVE_LOCAL_OFFER}
    if waiting and not any(answers_waited_for(evidence)):
        message = "both ends have offered, and neither answers"
        yield b.said.peer, line, Diagnosis("GLARE-DEADLOCK", message)
    if states == {SignalingState.HAVE_REMOTE_OFFER} and _both_yielded(evidence):
        message = "both ends gave up their offer for the other's"
        yield b.said.peer, line, Diagnosis("GLARE-BOTH-YIELDED", message)
    agreed = agree(one, other) or _set_the_same_texts(evidence)
    if states == {SignalingState.STABLE} and not agreed:
        message = "both ends are stable, and do not hold the same pair of descriptions"
        id = "ENDS-DIVERGED"
        if any(yielded_to_each_other(evidence)):
            id = "GLARE-BOTH-YIELDED"
            message = f"both ends gave up their offer for the other's, and answered: {message}"
        yield b.said.peer, line, Diagnosis(id, message)


def _set_the_same_texts(evidence: Evidence) -> bool:
    """Whether the last offer and answer of both ends are the same two texts.

    Then they hold the same, also where a stack made them say something else than they should.
    """
    ours, theirs = (_last_pair(evidence.applied(peer)) for peer in evidence.header.peers)
    return None not in ours and ours == tuple(reversed(theirs))


def _last_pair(applied: Iterable[Setting]) -> tuple[str | None, str | None]:
    """The texts that the last answer made current, on the local and on the remote side."""
    offered: dict[str, str | None] = {}
    pair: tuple[str | None, str | None] = None, None
    for one in applied:
        if one.is_of("local", "answer"):
            pair = one.text, offered.get("remote")
        elif one.is_of("remote", "answer"):
            pair = offered.get("local"), one.text
        elif one.type == SdpType.OFFER:
            offered[one.side] = one.text
    return pair


def _polite(evidence: Evidence) -> Iterator[Found]:
    """Both ends gave up their offer for the other's, and an answer found its offer gone.

    So it is seen where no rest was recorded, as in dumps, or where much is hidden.
    """
    gone = [(answer, fate.by) for answer, fate in answers_to_what_is_gone(evidence)]
    for yields in yielded_to_each_other(evidence) if gone else ():
        ended = {evidence.ended.get(one.said.begins or 0) for one in yields.values()}
        dead = [answer.ended for answer, by in gone if by in ended and answer.ended is not None]
        if dead:
            last = max(dead, key=lambda one: one.line)
            message = "both ends gave up their offer for the other's, and this answer found it gone"
            yield last.said.peer, last.line, Diagnosis("GLARE-BOTH-YIELDED", message)


@remembered
def _only(frontier: Frontier) -> Connection | None:
    connections = {one.connection for one in frontier}
    return next(iter(connections)) if len(connections) == 1 else None


def _both_yielded(evidence: Evidence) -> bool:
    telling = evidence.telling
    yielded = {one.said.peer for one in telling if sets_remote_offer(one) and has_own_offer(one)}
    return yielded == set(evidence.header.peers)


Recognised = str | tuple[format.SectionSummary, ...]
"""What an offer is recognised by: what it says, with its credentials, or else its text.

A localDescription that is sent is another text than the one that was set, where a stack writes
it anew or candidates have been added to it.
"""


class Yielded(msgspec.Struct, frozen=True):
    """The call that took a remote offer in place of the own one; an offer is None where not known.

    `is_only`: the own offer is the only one that this end ever made.
    """

    made: Moment
    own: Recognised | None
    taken: Recognised | None
    is_only: bool

    def gave_up(self, taken: Recognised | None) -> bool:
        """Whether this offer, which the other end took, is the one given up.

        Where the own text was not recorded, it is that of the only offer there was.
        """
        return taken is not None and (self.own == taken or (self.own is None and self.is_only))


def yielded_to_each_other(evidence: Evidence) -> Iterator[dict[str, Moment]]:
    """Where each end took the offer that the other gave up for its own: both calls, by peer."""
    peer, other = evidence.header.peers
    yields = list(_yields(evidence))
    theirs = [one for one in yields if one.made.said.peer == other]
    took = {one.taken: one for one in theirs}
    for ours in yields:
        if ours.made.said.peer == peer:
            known = took.get(ours.own)
            maybe = theirs if ours.own is None else [] if known is None else [known]
            for another in maybe:
                if ours.gave_up(another.taken) and another.gave_up(ours.taken):
                    yield {peer: ours.made, other: another.made}


def _yields(evidence: Evidence) -> Iterator[Yielded]:
    """Where ends took a remote offer in place of their own."""
    offers = {
        one.made.line: one
        for settings in evidence.settings.values()
        for one in settings
        if one.is_of("local", "offer")
    }
    many = Counter(one.peer for one in offers.values())
    own: dict[str, str | None] = {}
    calls = (one.made for one in offers.values())
    moments = {one.line: one for one in (*calls, *evidence.telling)}
    for line in sorted(moments):
        moment = moments[line]
        peer, one = moment.said.peer, moment.said.observation
        if line in offers:
            own[peer] = offers[line].text
        elif isinstance(one, format.Send) and _is_offer(one):
            own[peer] = moment.said.text
        elif sets_remote_offer(moment) and has_own_offer(moment):
            ended = evidence.ended.get(moment.said.begins or 0)
            if ended is None or isinstance(ended.said.observation, format.Resolve):
                texts = own.get(peer), moment.said.text
                ours, taken = (_recognised(evidence, text) for text in texts)
                yield Yielded(moment, ours, taken, is_only=many[peer] == 1)


def _recognised(evidence: Evidence, text: str | None) -> Recognised | None:
    sections = evidence.sections(text) or ()
    return sections if any(one.ice for one in sections) else text


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

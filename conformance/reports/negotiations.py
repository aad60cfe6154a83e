"""Negotiations: each offer, with what became of it at both ends.

The two ends of a negotiation are found by the text of the offer; where there is none, by the order
in which offers were set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from negotiation.model import Side, Specification

from ..checking.frontier import Frontier
from ..checking.peers import Moment
from ..checking.seen import Stutter
from ..importing.pairing import key_of
from ..traces import format
from ..traces.profiles import profile_named
from .evidence import CHANGES, Beginning, Point, Seen
from .offers import End, Outcome, ends_of

TRANSCEIVERLESS = frozenset({"createDataChannel"})
"""Changes that are one only the first time, where the model does not tell."""


class Negotiation(msgspec.Struct, frozen=True):
    """An offer, with what became of it; the same thing at two ends, where both were recorded.

    `peer` offered (None: an end that is not in the recording), `other` was offered to. `began` is
    the first change since the last return to stable. `called` is when the peer called
    setLocalDescription, `offered` when the offer took effect there; `received` is when the other
    end called setRemoteDescription, `taken` when that took effect, `answered` when its answer did
    (`provisional`: the first provisional one). `ended` is when the offer was no longer pending at
    `end`: at the peer, or at the other end where only that set it. `outcome`, `error` and `by` tell
    how; `there` and `there_error` how it ended at the other end, where both set it. Times are in
    milliseconds; `took` is from the change to stable. `lines` are the first and the last, 0 where
    the offer was pending all the time.
    """

    number: int
    peer: str | None
    other: str | None
    end: str
    began: Beginning | None
    called: Point | None
    offered: Point | None
    received: Point | None
    taken: Point | None
    answered: Point | None
    provisional: Point | None
    ended: Point | None
    outcome: Outcome
    error: str | None = None
    by: str = ""
    there: Outcome | None = None
    there_error: str | None = None
    took: float | None = None
    lines: tuple[int, int] = (0, 0)


def negotiations_of(
    header: format.Header,
    observations: Sequence[tuple[int, format.AnyObservation]],
    moments: Iterable[Moment] = (),
    sdps: Mapping[str, format.Sdp] | None = None,
    specification: Specification | None = None,
) -> tuple[Negotiation, ...]:
    """The negotiations of a trace, in the order in which they began."""
    seen = Seeing(header, moments, specification or Specification())
    ends = [one for name in header.peers for one in seen.ends(name, observations)]
    texts = _Texts(sdps or {}, observations)
    found = sorted(_paired(ends, list(header.peers), texts), key=_first_line)
    return tuple(
        _negotiation(number, offer, answer, list(header.peers), texts)
        for number, (offer, answer) in enumerate(found, start=1)
    )


class Seeing:
    """Observations with the states that peers were evidently in.

    What the model could be in counts up to the first departure of a peer: then it is a guess.
    """

    def __init__(
        self, header: format.Header, moments: Iterable[Moment], specification: Specification
    ) -> None:
        self._header = header
        self._specification = specification
        self._moments: dict[int, Moment] = {}
        departed: set[str] = set()
        for moment in moments:
            if moment.diagnosis is not None:
                departed.add(moment.said.peer)
            if moment.said.peer not in departed:
                self._moments[moment.line] = moment

    def ends(
        self, peer: str, observations: Iterable[tuple[int, format.AnyObservation]]
    ) -> tuple[End, ...]:
        """The offers that the peer set."""
        told = self._header.peers[peer]
        profile = profile_named(told.profile)
        is_unknown = told.begins == "unknown"
        own = [(line, one) for line, one in observations if one.peer == peer]
        seen = self._seen(own, is_whole=not (profile.is_half_seen or is_unknown))
        return ends_of(peer, told, seen)

    def _seen(
        self, own: Sequence[tuple[int, format.AnyObservation]], *, is_whole: bool
    ) -> Iterator[Seen]:
        thrown = {one.call for _, one in own if isinstance(one, format.Throw)}
        channels = 0
        for line, one in own:
            changes = isinstance(one, format.Call) and self._changes(line, one, is_whole=is_whole)
            if isinstance(one, format.Call) and one.method in TRANSCEIVERLESS:
                channels += 1
                changes = changes and (is_whole or channels == 1)
            if isinstance(one, format.Call) and one.id in thrown:
                changes = False
            yield Seen(line, one, self._state(line, one), changes)

    def _changes(self, line: int, call: format.Call, *, is_whole: bool) -> bool:
        if call.method not in CHANGES:
            return False
        moment = self._moments.get(line)
        if moment is None or not is_whole:
            return True
        return _may_need(moment.after, self._specification)

    def _state(self, line: int, one: format.AnyObservation) -> str | None:
        if one.state is not None and one.state.signalingState is not None:
            return one.state.signalingState
        moment = self._moments.get(line)
        # What says nothing to the model leaves it as it was, although time went on.
        if moment is None or isinstance(moment.seen, Stutter):
            return None
        return _only_state(moment.after)


@lru_cache(maxsize=1 << 14)
def _only_state(frontier: Frontier) -> str | None:
    """The signaling state, if the model can be in one only."""
    states = {str(one.connection.signaling_state) for one in frontier}
    return states.pop() if len(states) == 1 else None


@lru_cache(maxsize=1 << 14)
def _may_need(frontier: Frontier, specification: Specification) -> bool:
    check = specification.check_if_negotiation_is_needed
    return any(check(one.connection) for one in frontier)


class _Texts:
    """Which offers are the same, and who created which."""

    def __init__(
        self,
        sdps: Mapping[str, format.Sdp],
        observations: Iterable[tuple[int, format.AnyObservation]],
    ) -> None:
        self._keys = {id: key_of(sdp.text) for id, sdp in sdps.items()}
        self._versions = {id: _origin(sdp.text) for id, sdp in sdps.items()}
        self._creators: dict[str, str] = {}
        for _, one in observations:
            if isinstance(one, format.Resolve) and one.description and one.description.sdp:
                self._creators.setdefault(one.description.sdp, one.peer)

    def creator(self, sdp: str | None) -> str | None:
        """The peer that created the text, if one of the recording did."""
        return None if sdp is None else self._creators.get(sdp)

    def alike(self, one: str, other: str) -> bool:
        """Whether two texts are of one description, candidates or edits apart."""
        if one == other:
            return True
        key, version = self._keys.get(one), self._versions.get(one)
        return None not in (key, version) and (key, version) == (
            self._keys.get(other),
            self._versions.get(other),
        )


def _origin(text: str) -> str | None:
    """The session id and version of the o= line, which are new with each offer."""
    line = next((line for line in text.splitlines() if line.startswith("o=")), "")
    parts = line.split()
    return " ".join(parts[1:3]) if len(parts) >= 3 else None


_Pair = tuple[End | None, End | None]


def _paired(ends: Sequence[End], peers: Sequence[str], texts: _Texts) -> Iterator[_Pair]:
    """Each offer once: as it was set by who offered, and at the other end."""
    local = [one for one in ends if one.side is Side.LOCAL]
    remote = [one for one in ends if one.side is Side.REMOTE]
    by_peer = {name: _Offered([one for one in local if one.peer == name]) for name in peers}
    matched: set[int] = set()
    for taken in sorted(remote, key=_line_of):
        others = [name for name in peers if name != taken.peer]
        offer = by_peer[others[0]].match(taken, texts) if len(others) == 1 else None
        if offer is not None:
            matched.add(id(offer))
        yield offer, taken
    yield from ((one, None) for one in local if id(one) not in matched)


FURTHEST = 50
"""How many offers are looked at for the one that another end has set."""


class _Offered:
    """The offers that one peer set, of which each is matched with one that the other set."""

    def __init__(self, offers: Sequence[End]) -> None:
        self._free = sorted(offers, key=_line_of)

    def match(self, taken: End, texts: _Texts) -> End | None:
        """The offer that the other end has set there."""
        before = [one for one in self._free if _line_of(one) < _line_of(taken)][-FURTHEST:]
        later = [one for one in self._free if _line_of(one) > _line_of(taken)][:FURTHEST]
        candidates = (*reversed(before), *later)
        found = next((one for one in candidates if _is_same(one, taken, texts)), None)
        if found is None:
            found = next((one for one in reversed(before) if _may_be(one, taken)), None)
        if found is not None:
            self._free.remove(found)
        return found


def _is_same(offer: End, taken: End, texts: _Texts) -> bool:
    return offer.sdp is not None and taken.sdp is not None and texts.alike(offer.sdp, taken.sdp)


def _may_be(offer: End, taken: End) -> bool:
    """Whether an offer without a text is the one that was set: it was pending then."""
    if offer.sdp is not None and taken.sdp is not None:
        return False
    is_pending = offer.ended is None or offer.ended.line > _line_of(taken)
    return is_pending and offer.outcome != "refused"


def _line_of(end: End) -> int:
    return end.first.line


def _first_line(pair: _Pair) -> int:
    lines = [_line_of(one) for one in pair if one is not None]
    lines += [one.began.line for one in pair if one is not None and one.began is not None]
    return min(lines)


def _negotiation(
    number: int, offer: End | None, answer: End | None, peers: Sequence[str], texts: _Texts
) -> Negotiation:
    main = offer or answer
    assert main is not None
    peer, other = _names(offer, answer, peers, texts)
    began = None if offer is None else offer.began
    start = began or main.called
    is_complete = main.outcome == "completed" and main.ended is not None and start is not None
    return Negotiation(
        number=number,
        peer=peer,
        other=other,
        end=main.peer,
        began=began,
        called=None if offer is None else offer.called,
        offered=None if offer is None else offer.offered,
        received=None if answer is None else answer.called,
        taken=None if answer is None else answer.offered,
        answered=answer.ended if answer is not None and answer.outcome == "completed" else None,
        provisional=(answer or main).provisional,
        ended=main.ended,
        outcome=main.outcome,
        error=main.error,
        by=main.by,
        there=None if answer is None or offer is None else answer.outcome,
        there_error=None if answer is None or offer is None else answer.error,
        took=main.ended.t - start.t if is_complete and main.ended and start else None,
        lines=_lines(offer, answer),
    )


def _names(
    offer: End | None, answer: End | None, peers: Sequence[str], texts: _Texts
) -> tuple[str | None, str | None]:
    if offer is not None:
        others = [name for name in peers if name != offer.peer]
        return offer.peer, others[0] if len(others) == 1 else None
    assert answer is not None
    creator = texts.creator(answer.sdp)
    return None if creator == answer.peer else creator, answer.peer


def _lines(offer: End | None, answer: End | None) -> tuple[int, int]:
    points = [
        point
        for end in (offer, answer)
        if end is not None
        for point in (end.began, end.called, end.offered, end.ended)
        if point is not None
    ]
    lines = [one.line for one in points] or [0]
    return min(lines), max(lines)

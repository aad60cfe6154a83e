"""Loops: each negotiation asks for the next one.

People who join a call one after another make an application negotiate again and again, too, and
often at once. So a row of negotiations is called a loop only where each was fed by the one before:
by the same change at the same place in it, and by no other (`feeding`); or, where nothing was seen
that feeds it, where the offers of the whole row say no more than two things in turn.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

import msgspec

from negotiation.conformance.traces import format
from negotiation.model import SignalingState

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found, at, states_of
from .feeding import CHANGES, GROWING, Place, place_of

ROUNDS = 6
"""Negotiations in a row, each fed by the one before, that are called a loop."""

AT_ONCE = 250.0
"""Milliseconds after a negotiation within which the event of the next one has to come."""

BETWEEN_ENDS = 1000.0
"""Milliseconds from one end's event to the other's, where the two feed each other."""

MOST_CONTENTS = 2
"""Different things that the offers of a loop may say: a change, and its opposite."""

Content = tuple[object, ...]


class Round(msgspec.Struct, frozen=True):
    """A negotiation that an event asked for, and what had come since the event before.

    `fed_by` are the places of the changes, where all of them are doings of negotiations (None: some
    were not); `idle` is the time since the connection was stable again (None: it was not);
    `crossed`: an offer of the other end was set. `content` is what was offered upon the event
    (None: not known).
    """

    peer: str
    event: Moment
    fed_by: frozenset[Place] | None
    idle: float | None
    crossed: bool
    content: Content | None = None


class Row:
    """Rounds one after another, with what they have in common.

    `shared` are the places that feed all of an end's but the first of the row, which is fed by
    something else; `contents` is what was offered.
    """

    def __init__(self, first: Round) -> None:
        self.rounds = [first]
        self.shared: dict[str, frozenset[Place]] = {}
        self.contents = {first.content}

    def shared_with(self, one: Round) -> frozenset[Place]:
        """The places that feed this round, and all before it at its end."""
        fed_by = one.fed_by or frozenset()
        return fed_by & self.shared.get(one.peer, fed_by)

    def add(self, one: Round) -> None:
        """Go on with this round."""
        self.shared[one.peer] = self.shared_with(one)
        self.rounds.append(one)
        self.contents.add(one.content)


GoesOn = Callable[[Row, Round], bool]
"""Whether a round goes on with a row: fed as those before it."""


def loops(evidence: Evidence) -> Iterator[Found]:
    """Ends at which every negotiation asks for the next one; and two ends that feed each other."""
    ends = {peer: rounds_of(evidence, peer) for peer in evidence.header.peers}
    alone = [_longest(rounds, _is_fed_alike, _says_the_same) for rounds in ends.values()]
    for row in alone:
        if row is not None:
            yield _told(row, "when the one before had ended")
    if len(ends) == 2 and not any(alone):
        both = sorted((one for own in ends.values() for one in own), key=lambda one: one.event.line)
        between = _longest(both, partial(_is_fed_in_turn, evidence))
        if between is not None:
            yield _told(between, "upon the one that the other end had begun")


def rounds_of(evidence: Evidence, peer: str) -> list[Round]:
    """The negotiations that a peer's events asked for."""
    own = evidence.of(peer)
    starts = [0, *(at for at, one in enumerate(own) if _is_event(one, "negotiationneeded"))]
    if len(starts) <= ROUNDS // 2:
        return []  # too few, even for one of two ends
    remote = {one.made.line for one in evidence.settings[peer] if one.is_of("remote", "offer")}
    rounds = [
        _round(evidence, own, begin, end, remote) for begin, end in itertools.pairwise(starts)
    ]
    return list(_with_contents(rounds, _contents(evidence, peer)))


def _round(
    evidence: Evidence, own: Sequence[Moment], begin: int, end: int, remote: set[int]
) -> Round:
    """The round that the event at `end` asks for; `begin` is where the event before it is."""
    event = own[end]
    fed_by: frozenset[Place] | None = frozenset()
    stable: Moment | None = None
    for index in range(begin, end):
        one = own[index].said.observation
        if isinstance(one, format.Call) and one.method in CHANGES and fed_by is not None:
            place = place_of(evidence, own, index)
            is_next = stable is not None and one.method in GROWING  # in a queue, as it seems
            fed_by = None if place is None or is_next else fed_by | {place}
        elif _is_event(own[index], "signalingstatechange"):
            stable = own[index] if _is_stable(own[index]) else None
    return Round(
        peer=event.said.peer,
        event=event,
        # An event that should not have fired is the stack's doing.
        fed_by=fed_by if event.diagnosis is None else None,
        idle=None if stable is None else evidence.passed(stable, event),
        crossed=any(one.line in remote for one in own[begin:end]),
    )


def _is_event(moment: Moment, name: str) -> bool:
    one = moment.said.observation
    return isinstance(one, format.Event) and one.name == name


def _is_stable(moment: Moment) -> bool:
    read = moment.said.observation.state
    if read is not None and read.signalingState is not None:
        return read.signalingState == SignalingState.STABLE
    return states_of(moment.after) == {SignalingState.STABLE}


def _contents(evidence: Evidence, peer: str) -> list[tuple[int, Content | None]]:
    """What a peer's offers say, with the lines of the calls that set them."""
    return [
        (one.made.line, _content(evidence.sections(one.text)))
        for one in evidence.settings[peer]
        if one.is_of("local", "offer") and one.error is None
    ]


def _content(sections: Sequence[format.SectionSummary] | None) -> Content | None:
    if sections is None:
        return None
    return tuple(
        (one.kind, one.mid, one.rejected, one.direction, tuple(one.msids)) for one in sections
    )


def _with_contents(
    rounds: Sequence[Round], contents: Sequence[tuple[int, Content | None]]
) -> Iterator[Round]:
    left = 0
    for number, one in enumerate(rounds, start=1):
        offered = None
        while left < len(contents) and (
            number == len(rounds) or contents[left][0] < rounds[number].event.line
        ):
            line, content = contents[left]
            offered = content if line > one.event.line else None
            left += 1
        yield msgspec.structs.replace(one, content=offered)


def _longest(rounds: Sequence[Round], *ways: GoesOn) -> Row | None:
    """The longest row that is a loop in one of these ways, if there is one."""
    rows = [row for goes_on in ways for row in _rows(rounds, goes_on)]
    longest = max(rows, key=lambda row: len(row.rounds), default=None)
    return longest if longest is not None and len(longest.rounds) >= ROUNDS else None


def _rows(rounds: Sequence[Round], goes_on: GoesOn) -> Iterator[Row]:
    """All rounds, in rows in which each goes on with those before it."""
    row: Row | None = None
    for one in rounds:
        if row is not None and goes_on(row, one):
            row.add(one)
            continue
        if row is not None:
            yield row
        row = Row(one)
    if row is not None:
        yield row


def _is_at_once(one: Round) -> bool:
    return one.idle is not None and one.idle <= AT_ONCE and not one.crossed


def _is_fed_alike(row: Row, one: Round) -> bool:
    return _is_at_once(one) and bool(row.shared_with(one))


def _says_the_same(row: Row, one: Round) -> bool:
    """Whether no change was seen, and what is offered is the same, or one of two, each time."""
    contents = row.contents | {one.content}
    known = None not in contents and len(contents) <= MOST_CONTENTS
    return known and _is_at_once(one) and one.fed_by == frozenset()


def _is_fed_in_turn(evidence: Evidence, row: Row, one: Round) -> bool:
    """Whether the two ends feed each other: each with what it does upon the other's offer."""
    before = row.rounds[-1]
    if one.peer == before.peer or evidence.passed(before.event, one.event) > BETWEEN_ENDS:
        return False
    return one.crossed and bool(row.shared_with(one))


def _told(row: Row, when: str) -> Found:
    first = row.rounds[0]
    fed_by = frozenset[Place]().union(*row.shared.values())
    message = (
        f"{len(row.rounds)} negotiations in a row, each begun at once by negotiationneeded {when}, "
        f"from {at(first.event)}: {_feeds(fed_by)}"
    )
    return first.peer, first.event.line, Diagnosis("APP-LOOP", message)


def _feeds(fed_by: Iterable[Place]) -> str:
    told = sorted(f"{method} is called {where}" for method, where in fed_by)
    if told:
        return f"each time {', '.join(told)}"
    return (
        "their offers ask for the same again and again, and no call that feeds them was recorded: "
        "look for direction, stop() or setStreams in a handler, and for a transceiver that was "
        "stopped before it had an m-section"
    )

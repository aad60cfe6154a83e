"""Loops: each negotiation asks for the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found, at

ROUNDS = 6
"""Negotiations in a row, each fed by the one before, that are called a loop."""

AT_ONCE = 250.0
"""Milliseconds after a negotiation within which the event of the next one has to come."""

FEEDING = frozenset(
    {
        "addTransceiver",
        "addTrack",
        "removeTrack",
        "direction",
        "stop",
        "setStreams",
        "restartIce",
        "createDataChannel",
    }
)
"""Calls that can make another negotiation necessary."""


class Round(msgspec.Struct, frozen=True):
    """One negotiation: from its event to the return to stable; what was changed in it, and where.

    `idle` is the time from the end of the round before to the event.
    """

    event: Moment
    idle: float
    fed_by: frozenset[str]
    changed_before: bool


def loops(evidence: Evidence) -> Iterator[Found]:
    """Ends at which every negotiation is followed at once by one that it has asked for itself.

    A round counts only if nothing was changed between the end of the last round and its event:
    then what asks for it was done within the last round, in the handler or after the offer.
    """
    for peer in evidence.header.peers:
        found = _loop(rounds_of(list(evidence.of(peer))))
        if found is not None:
            first, number, fed_by = found
            feeds = f"each time {fed_by} is called within the negotiation"
            if not fed_by:
                feeds = "nothing that was recorded feeds it: look for stop(), direction, setStreams"
            message = (
                f"{number} negotiations in a row, each begun at once by negotiationneeded when the "
                f"one before had ended, from {at(first)}: {feeds}"
            )
            yield peer, first.line, Diagnosis("APP-LOOP", message)


def rounds_of(moments: Sequence[Moment]) -> list[Round]:
    """The negotiations that a peer's events began."""
    rounds: list[Round] = []
    event: Moment | None = None
    stable_since = 0.0
    within: set[str] = set()
    fed_by, changed_before, in_round = frozenset[str](), False, False
    for moment in moments:
        one = moment.said.observation
        if isinstance(one, format.Call) and one.method in FEEDING:
            if in_round:
                within.add(one.method)
            else:
                changed_before = True
        elif isinstance(one, format.Event) and one.name == "negotiationneeded":
            event = moment
            in_round, within = True, set()
        elif in_round and event is not None and _returns_to_stable(moment):
            rounds.append(Round(event, event.t - stable_since, fed_by, changed_before))
            fed_by, changed_before, in_round = frozenset(within), False, False
            stable_since = moment.t
    return rounds


def _returns_to_stable(moment: Moment) -> bool:
    one = moment.said.observation
    if not isinstance(one, format.Event) or one.name != "signalingstatechange":
        return False
    return one.state is not None and one.state.signalingState == "stable"


def _loop(rounds: Sequence[Round]) -> tuple[Moment, int, str] | None:
    """The longest run of rounds that feed each other: its first event, how many, and by what."""
    best: tuple[Moment, int, str] | None = None
    run: list[Round] = []
    for one in rounds:
        fed = not one.changed_before and one.idle <= AT_ONCE
        if not fed or (run and not _is_alike(run, one)):
            run = []
        if fed:
            run.append(one)
        if len(run) >= ROUNDS - 1 and (best is None or len(run) + 1 > best[1]):
            best = run[0].event, len(run) + 1, ", ".join(sorted(_shared(run)))
    return best


def _is_alike(run: Sequence[Round], one: Round) -> bool:
    return bool(_shared([*run, one])) or not any(each.fed_by for each in [*run, one])


def _shared(run: Sequence[Round]) -> frozenset[str]:
    return frozenset.intersection(*(one.fed_by for one in run))

"""What departures rest on: the shared way of all followers ends where each of them alone would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from negotiation.conformance.checking import admitting
from negotiation.conformance.checking.following import Places
from negotiation.conformance.checking.frontier import Frontiers
from negotiation.conformance.checking.half_seen import half_told, judged_profile, readings_for
from negotiation.conformance.checking.judging import LARGEST_TRIED, Checker, Pass
from negotiation.conformance.checking.peers import PeerChecker
from negotiation.conformance.fuzzing.perturbing import ROWS
from negotiation.conformance.fuzzing.perturbing.recorded import lines_of, read_recorded
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import Header
from negotiation.model import INTERPRETATIONS, Readings, admit

TRACES = Path(__file__).parents[3] / "traces"

RESTING = {
    "wrtc/0.1.0/wrong-calls-in-stable": "answer-in-the-wrong-state",
    "wrtc/0.1.0/same-offer-again-after-a-rollback-kept-its-transceiver": (
        "kept-transceiver-offered-again"
    ),
    "wrtc/0.1.0/data-channel-with-a-rejected-section": "rejected-data-section",
    "wrtc/0.1.0/rollback-by-the-other-method": "rollback-of-the-other-side",
    "pion/3.1.56/answerer-offered-sendonly-adds-a-track": "answerer-begins-to-send",
    "werift/0.25.2/rollback-after-a-second-local-offer": "prior-to-pending",
}
"""Recordings with a departure that rests on an interpretation."""

OTHERS = (
    "aiortc/1.16.0/two-peers-stop-before-answering",
    "chromium/72.0.3617.0/two-changes-in-one-task",
    "interworking/firefox+wrtc/offer-and-answer-of-two-peers",
)


def perturbed(name: str) -> Iterator[list[format.Line]]:
    """The recording, and with more that is wrong; and as if its beginning had not been seen."""
    original = read_recorded(str(TRACES / f"{name}.jsonl.gz"))
    yield lines_of(original)
    for row in ("negotiationneeded-doubled", "beginning-not-known"):
        for place in list(ROWS[row].applied(original))[:1]:
            yield lines_of(ROWS[row].make(original, place))


def followed(lines: list[format.Line]) -> Pass:
    header = lines[0]
    assert isinstance(header, Header)
    pass_ = Pass(Checker(), header)
    for number, line in enumerate(lines[1:], start=2):
        pass_.take_line(number, line)
    return pass_


def alone(pass_: Pass, peer: str, interpretation: str) -> set[int]:
    """The lines with which nothing is wrong where both readings are admitted, the plain way."""
    told = pass_.header.peers[peer]
    profile = judged_profile(told)
    readings = readings_for(Readings().changed({interpretation: "both"}), profile)
    frontiers = Frontiers(admit(readings), profile, budget=LARGEST_TRIED)
    follower = PeerChecker(
        peer,
        Places(frontiers, half_told if profile.is_half_seen else None),
        pass_.texts,
        told.configuration,
        begins_anywhere=told.begins == "unknown",
    )
    own = (one for one in pass_.moments if one.said.peer == peer)
    again = (follower.follow(one.line, one.n, one.t, one.said) for one in own)
    return {one.line for one in again if one is not None and one.diagnosis is None}


@pytest.mark.parametrize("name", [*RESTING, *OTHERS])
def test_what_a_departure_rests_on_is_what_each_follower_alone_admits(name: str) -> None:
    for lines in perturbed(name):
        pass_ = followed(lines)
        departures = [one for one in pass_.verdict("x").findings if one.class_ == "departure"]
        for name in sorted(INTERPRETATIONS.keys() - Readings().both):
            admitted = {peer: alone(pass_, peer, name) for peer in {one.peer for one in departures}}
            for one in departures:
                rests = any(told.startswith(f"{name}:") for told in one.rests_on)
                assert rests == (one.line in admitted[one.peer])


@pytest.mark.parametrize(("name", "interpretation"), RESTING.items())
def test_a_departure_rests_on_the_interpretation_that_would_admit_it(
    name: str, interpretation: str
) -> None:
    found = Checker().judge(str(TRACES / f"{name}.jsonl.gz")).findings
    rests_on = {told.partition(":")[0] for one in found for told in one.rests_on}
    assert interpretation in rests_on


def test_who_does_not_listen_admits_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admitting.Noting, "_hear", lambda self, interpretation: None)
    found = Checker().judge(str(TRACES / f"{next(iter(RESTING))}.jsonl.gz")).findings
    assert not any(one.rests_on for one in found)

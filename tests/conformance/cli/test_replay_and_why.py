"""Replaying a trace, and asking why; what they tell is in golden files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.reports.falsifying import altered, dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}


def test_a_trace_beside_the_model(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("a.jsonl", "offer-and-answer-of-two-peers")
    golden("replay.txt", negotiation("replay", "a.jsonl").out)


def test_findings_are_told_where_they_happen(
    negotiation: Run, trace: Write, golden: Golden
) -> None:
    trace("a.jsonl", "change-while-an-operation-is-outstanding", edit=dropped(**NEEDED))
    golden("replay-missed.txt", negotiation("replay", "a.jsonl").out)


def test_a_line_is_told_in_full(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("a.jsonl", "change-while-an-operation-is-outstanding")
    golden("replay-line.txt", negotiation("replay", "a.jsonl:7").out)


def test_only_some_lines_and_one_peer(negotiation: Run, trace: Write) -> None:
    trace("a.jsonl", "offer-and-answer-of-two-peers")
    ran = negotiation(
        "replay", "a.jsonl", "--from", "5", "--to", "20", "--peer", "B", "--format", "json"
    )
    steps = json.loads(ran.out)["steps"]
    assert {one["peer"] for one in steps} == {"B"}
    assert all(5 <= one["line"] <= 20 for one in steps)
    assert all(one["told"] == [] for one in steps)


def test_states_are_told_where_they_are_asked_for(negotiation: Run, trace: Write) -> None:
    trace("a.jsonl")
    ran = negotiation("replay", "a.jsonl", "--states", "1", "--format", "json")
    assert {len(one["told"]) for one in json.loads(ran.out)["steps"]} == {1}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["replay", "a.jsonl", "--peer", "C"], "a.jsonl: there is no peer 'C'; there are A"),
        (["replay", "a.jsonl", "--states", "-1"], "--states: '-1' is no whole number from 0 on"),
        (["replay", "a.jsonl", "--from", "x"], "--from: 'x' is no whole number from 1 on"),
        (["replay", "a.jsonl:x"], "a.jsonl:x: 'x' is no line; write TRACE:LINE"),
        (["replay", "a.jsonl:0"], "'0' is no line"),
        (["replay", "a.jsonl:99"], "a.jsonl:99: the last observation is in line 8; name it"),
        (["why", "a.jsonl:1"], "a.jsonl:1: there is the header in this line; the nearest is 2"),
        (["why", "a.jsonl"], "a.jsonl: which line? write a.jsonl:LINE"),
        (["why", "nowhere.jsonl:3"], "nowhere.jsonl: there is no such file or folder"),
        (["why", "empty:3"], "there is no trace in this folder"),
        (["why", "*.jsonl:3"], "*.jsonl: these are 2 traces; name one of them"),
    ],
)
def test_wrong_places_are_told_in_one_line(
    arguments: list[str], says: str, negotiation: Run, trace: Write
) -> None:
    trace("a.jsonl")
    trace("b.jsonl")
    Path("empty").mkdir()
    ran = negotiation(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert says in ran.err


def test_a_file_may_be_called_like_a_place(negotiation: Run, trace: Write) -> None:
    trace("a:4")
    assert negotiation("replay", "a:4").code == 0
    assert negotiation("why", "a:4:4").code == 0


WHYS = {
    "first-change:4": "why-fired.txt",
    "two-changes-in-one-task:5": "why-not-yet.txt",
    "change-while-an-operation-fails:6": "why-rejected.txt",
    "add-track-does-not-reuse-a-sender-with-a-track:10": "why-thrown.txt",
    "order-on-return-to-stable:9": "why-chain.txt",
}


@pytest.mark.parametrize("place", WHYS)
def test_why(place: str, negotiation: Run, trace: Write, golden: Golden) -> None:
    program, _, line = place.partition(":")
    trace("a.jsonl", program)
    ran = negotiation("why", f"a.jsonl:{line}")
    assert (ran.code, ran.err) == (0, "")
    golden(WHYS[place], ran.out)


def test_why_a_stack_is_wrong(negotiation: Run, trace: Write, golden: Golden) -> None:
    from negotiation.conformance.reports.examples import EXAMPLES

    trace("early.jsonl", "two-tracks-in-one-offer", edit=EXAMPLES["NN-EARLY"].edit)
    golden("why-early.txt", negotiation("why", "early.jsonl:9").out)
    accepted = altered({"kind": "resolve"}, kind="reject")
    trace("accepted.jsonl", "change-while-an-operation-fails", edit=accepted)
    golden("why-accepted.txt", negotiation("why", "accepted.jsonl:6").out)


def test_why_as_json(negotiation: Run, trace: Write) -> None:
    trace("a.jsonl")
    told = json.loads(negotiation("why", "a.jsonl:4", "--format", "json").out)
    (flag,) = told["flag"]
    assert flag["would_fire"]
    (reason,) = [one for one in flag["check"] if one["outcome"] is True]
    assert (reason["rule"], reason["about"]) == ("is_unassociated", "t1")
    assert reason["url"].endswith("#dfn-check-if-negotiation-is-needed")


def test_why_after_the_checker_gave_up(negotiation: Run, trace: Write) -> None:
    arguments = {"description": {"type": "sideways"}}
    trace("a.jsonl", "two-tracks-in-one-offer", edit=altered({"args": arguments}, kind="call"))
    ran = negotiation("why", "a.jsonl:5")
    assert ran.code == 2
    assert "a.jsonl:5: the checker gave up before: line 3: a description of type" in ran.err


def test_all_that_is_wrong_in_a_line_is_told(negotiation: Run) -> None:
    traces = Path(__file__).parents[3] / "traces" / "roamhq-wrtc" / "0.10.0"
    line = f"{traces / 'close-before-the-track-event.jsonl.gz'}:7"
    told = negotiation("why", line).out
    assert "TRANSCEIVER-STATE: close returns, but the transceivers are t1." in told
    assert "DESCRIPTION-STATE: close returns, but the descriptions are" in told
    answer = json.loads(negotiation("why", line, "--format", "json").out)
    assert (answer["finding"], answer["besides"]) == ("TRANSCEIVER-STATE", ["DESCRIPTION-STATE"])

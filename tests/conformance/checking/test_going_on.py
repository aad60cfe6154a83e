"""Where the checker goes on from: one departure is not told again as another one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import Line
from negotiation.conformance.traces.writing import write_trace
from negotiation.model import Connection, Specification

OFFERED = written_out(load("local-offer-and-remote-answer"))
assert OFFERED is not None
SET_TOO_LATE = load("created-offer-set-too-late")


def lines_of(program: Program) -> Iterator[Line]:
    """What the model does; but that the first text, the created offer, names a stream."""
    replace = msgspec.structs.replace
    named = False
    for line in trace_of(program, run_program(program), profile="page"):
        if not named and isinstance(line, format.Sdp) and isinstance(line.summary, format.Summary):
            named = True
            sections = tuple(replace(one, msids=("nobodys",)) for one in line.summary.sections)
            yield replace(line, summary=replace(line.summary, sections=sections))
        else:
            yield line


@pytest.mark.parametrize("program", [OFFERED, SET_TOO_LATE], ids=lambda one: one.name)
def test_an_offer_that_should_have_been_another_is_still_the_last_created(
    program: Program,
) -> None:
    # The application sets what createOffer gave it: nothing is altered, and nothing is refused.
    found = Checker().judge_lines("made", list(lines_of(program))).findings
    departures = [one for one in found if one.class_ == "departure"]
    assert [one.id for one in departures if one.id.startswith("OP-")] == []
    assert departures[0].id == "SDP-SHAPE"
    # What was created is read once more as the local description, where it is set.
    assert {one.about for one in departures[1:]} <= {"an m-section: its msids"}


class Remembering(Specification):
    """The specification in which an answer does not forget what was created before it."""

    def forget_created(self, connection: Connection) -> Connection:
        """Nothing is forgotten."""
        return connection


def test_a_description_of_an_earlier_negotiation_that_was_taken_is_set() -> None:
    program = load("created-descriptions-are-forgotten-with-the-answer")
    played = run_program(program, specification=Remembering())
    found = Checker().judge_lines("made", list(trace_of(program, played, profile="page"))).findings
    # The answer, and later the offer. What the stack does in between is right.
    assert [one.id for one in found if one.class_ == "departure"] == ["OP-ACCEPTED"] * 2


AHEAD = [
    "local-offer-and-remote-answer",
    "answerer-direction-is-intersected",
    "a-description-waits-for-set-parameters",
    "change-while-a-candidate-is-added",
    "whole-negotiation-unawaited",
]


def settled_ahead(lines: list[Line]) -> Iterator[list[Line]]:
    """The recordings in which one event is told only behind the settlement that it came before."""
    for at, (event, settled) in enumerate(itertools.pairwise(lines)):
        if isinstance(event, format.Event) and isinstance(settled, format.Resolve):
            replace = msgspec.structs.replace
            ahead = replace(settled, n=event.n, t=event.t)
            yield [*lines[:at], ahead, replace(event, n=settled.n, t=settled.t), *lines[at + 2 :]]


@pytest.mark.parametrize("name", AHEAD)
def test_a_promise_that_was_settled_ahead_of_an_event_is_not_pending(name: str) -> None:
    program = load(name)
    recordings = [*settled_ahead(list(trace_of(program, run_program(program), profile="page")))]
    assert recordings
    for lines in recordings:
        verdict = Checker().judge_lines("made", lines)
        found = [one for one in verdict.findings if one.class_ == "departure"]
        assert found[0].id in ("STATE-MISSING", "EVENT-WRONG")
        # The event came after all: that is told of it, and of no promise.
        assert {one.id for one in found[1:]} <= {"STATE-ORDER", "EVENT-WRONG"}
        assert all(one.after == found[0].line for one in found[1:])


TWO_OFFERS = msgspec.convert(
    {
        "format": "negotiation-program",
        "version": 1,
        "name": "two-offers",
        "about": "Two offers are created.",
        "rule": "#dom-rtcpeerconnection-createoffer",
        "area": "signaling states",
        "peers": ["A"],
        "steps": [
            {"peer": "A", "do": [{"call": "addTransceiver", "args": {"kind": "audio"}}]},
            {"peer": "A", "do": [{"call": "createOffer", "as": "first"}]},
            {"settle": True},
            {"peer": "A", "do": [{"call": "createOffer", "as": "second"}]},
            {"settle": True},
        ],
    },
    Program,
)


def with_an_early_event(lines: list[Line]) -> Iterator[Line]:
    """The event before the first createOffer resolves; the second offers a stream of nobody's."""
    replace = msgspec.structs.replace
    at = [n for n, one in enumerate(lines) if isinstance(one, format.Sdp)]
    event = next(n for n, one in enumerate(lines) if isinstance(one, format.Event))
    order = [*lines[: at[0]], lines[event], *lines[at[0] : event], *lines[event + 1 :]]
    told = 0
    for one in order:
        if isinstance(one, format.Sdp) and one.summary is not None and one is lines[at[1]]:
            sections = tuple(replace(each, msids=("nobodys",)) for each in one.summary.sections)
            yield replace(one, summary=replace(one.summary, sections=sections))
        elif isinstance(one, format.Observation):
            told += 1
            yield replace(one, n=told, t=float(told))
        else:
            yield one


def test_what_a_call_owed_is_not_what_a_later_call_owes() -> None:
    # The second createOffer has the number that the first had, while that was under way.
    lines = list(trace_of(TWO_OFFERS, run_program(TWO_OFFERS), profile="page"))
    found = Checker().judge_lines("made", list(with_an_early_event(lines))).findings
    assert [one.id for one in found if one.class_ == "departure"] == ["NN-EARLY", "SDP-SHAPE"]


def test_what_a_call_owed_does_not_depend_on_what_was_judged_before(tmp_path: Path) -> None:
    # The second time all lines are known but the wrong ones.
    lines = list(trace_of(TWO_OFFERS, run_program(TWO_OFFERS), profile="page"))
    write_trace(tmp_path / "made.jsonl", with_an_early_event(lines))
    checker = Checker()
    for _ in range(2):
        found = checker.judge(str(tmp_path / "made.jsonl")).findings
        assert [one.id for one in found if one.class_ == "departure"] == ["NN-EARLY", "SDP-SHAPE"]
        checker.forget_recordings()


TRACES = Path(__file__).parents[3] / "traces"
SET_ALL_THE_SAME = {
    # An offer of before the last createOffer(), with other mids.
    "roamhq-wrtc/0.10.0/two-updates-around-a-legacy-offer-written-out": 1,
    "roamhq-wrtc/0.10.0/an-answer-and-a-change-update-the-flag-once-written-out": 1,
    # An answer of before the last createAnswer(), which has other credentials.
    "roamhq-wrtc/0.10.0/perfect-negotiation-offer-ignored-while-making-one-written-out": 1,
    # Two of an earlier negotiation.
    "chromium/156.0.8078.79/created-descriptions-are-forgotten-with-the-answer": 2,
}


@pytest.mark.parametrize("recording", SET_ALL_THE_SAME)
def test_what_was_created_before_and_is_taken_is_followed(recording: str) -> None:
    found = Checker().judge(str(TRACES / f"{recording}.jsonl.gz")).findings
    ids = [one.id for one in found if one.class_ == "departure"]
    assert ids.count("OP-ACCEPTED") == SET_ALL_THE_SAME[recording]
    follow_ups = {"OP-PENDING", "DESCRIPTION-STATE", "TRANSCEIVER-STATE", "STATE-REPEATED"}
    assert not follow_ups & {*ids}


@pytest.mark.parametrize(
    "recording",
    [
        "aiortc/1.16.0/call-in-a-handler-goes-to-the-end",
        "aiortc/1.16.0/stop-in-the-reaction-before-replace-track",
        "aiortc/1.16.0/close-after-a-resolution",
        "werift/0.25.2/add-ice-candidate-waits-for-the-description",
    ],
)
def test_a_promise_that_settles_ahead_of_its_turn_applies_nothing_of_others(recording: str) -> None:
    # The description of another call was taken for one that had been applied, as an answer.
    found = Checker().judge(str(TRACES / f"{recording}.jsonl.gz")).findings
    assert "OP-ORDER" in {one.id for one in found} or "OP-ACCEPTED" in {one.id for one in found}
    assert not [one for one in found if "not answer" in one.message]
    assert not [one for one in found if "t1.currentDirection is sendrecv" in one.message]

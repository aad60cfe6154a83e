"""Recordings that miss calls: what can still be concluded, and what must not be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.frontier import Frontier, Frontiers
from negotiation.conformance.checking.half_seen import beginnings, half_of, limits_of
from negotiation.conformance.checking.judging import Checker, Pass
from negotiation.conformance.checking.misreading import Misread
from negotiation.conformance.checking.seen_whole import NOTHING_HIDDEN
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import (
    Edit,
    altered,
    dropped,
    moved,
    read_otherwise,
    repeated,
    unchanged,
)
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.model import SignalingState, Specification

CHECKER = Checker()
NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
CHANGED: dict[str, Any] = {"kind": "event", "name": "signalingstatechange"}


def lines_of(program: str, edit: Edit = unchanged, *, begins: str = "constructed") -> list[Any]:
    ran = load(program)
    header, *lines = edit(trace_of(ran, run_program(ran), profile="hidden-calls"))
    assert isinstance(header, format.Header)
    peers = {
        name: msgspec.structs.replace(peer, begins=begins) for name, peer in header.peers.items()
    }
    return [msgspec.structs.replace(header, peers=peers), *lines]


def departures(lines: list[Any]) -> list[Finding]:
    found = CHECKER.judge_lines("half", lines).findings
    return [one for one in found if one.class_ == "departure"]


BOTH = "offer-and-answer-of-two-peers"
PROVED: dict[str, tuple[str, Edit]] = {
    "STATE-MISSING": (BOTH, dropped(**CHANGED)),
    "STATE-WRONG": (BOTH, read_otherwise({"signalingState": "have-remote-offer"}, **CHANGED)),
    "STATE-REPEATED": (BOTH, repeated(**CHANGED)),
    "STATE-ORDER": (BOTH, moved(2, **CHANGED)),
    "NN-EARLY": ("naive-handlers-of-two-peers", moved(1, **NEEDED)),
    "OP-REJECTED": (
        BOTH,
        altered({"kind": "reject", "error": "InvalidStateError"}, kind="resolve"),
    ),
    "OP-ACCEPTED": ("change-while-an-operation-fails", altered({"kind": "resolve"}, kind="reject")),
    "OP-PENDING": (BOTH, dropped(-1, kind="resolve")),
}


@pytest.mark.parametrize("id", PROVED)
def test_what_no_hidden_call_can_do_is_a_departure(id: str) -> None:
    program, edit = PROVED[id]
    assert departures(lines_of(program)) == []
    assert id in [one.id for one in departures(lines_of(program, edit))]


NOT_PROVED: dict[str, tuple[str, Edit]] = {
    "a description that is refused for what it says": (
        "naive-handlers-of-two-peers",
        altered({"kind": "reject", "error": "OperationError"}, kind="resolve"),
    ),
    "an event that a hidden call may have asked for": ("first-change", repeated(**NEEDED)),
}


@pytest.mark.parametrize("what", NOT_PROVED)
def test_what_a_hidden_call_or_content_explains_is_none(what: str) -> None:
    program, edit = NOT_PROVED[what]
    found = departures(lines_of(program, edit))
    assert [one.id for one in found if one.id.startswith(("NN", "OP-REJ", "OP-ERR"))] == []


def test_an_event_that_never_came_rests_on_nothing_having_been_hidden() -> None:
    (found,) = departures(lines_of("first-change", dropped(**NEEDED)))
    assert found.id == "NN-MISSED"
    assert found.rests_on == (NOTHING_HIDDEN,)


def test_nothing_is_missed_once_something_must_have_been_hidden() -> None:
    # The direction is set by a hidden call: the answer, which is seen, says another one.
    lines = lines_of("direction-changed-while-an-answer-is-awaited")
    assert departures(lines) == []
    without = lines_of("direction-changed-while-an-answer-is-awaited", dropped(-1, **NEEDED))
    assert departures(without) == []


def test_nothing_is_missed_after_a_remote_description_of_which_only_the_type_is_told() -> None:
    # Who shares a dump may have left the texts out. A track was added before the offer came: the
    # answer may well have taken it.
    peer = msgspec.convert(
        {"stack": {"name": "unknown"}, "recorder": "some", "profile": "rtcstats"}, format.Peer
    )
    header = format.Header(format="negotiation-trace", version=1, date="2026", peers={"A": peer})
    told: list[dict[str, Any]] = [
        {"kind": "call", "id": 1, "method": "addTrack", "args": {"track": "audio:a"}},
        _setting(2, "setRemoteDescription", "offer"),
        {**CHANGED, "state": {"signalingState": "have-remote-offer"}},
        {"kind": "resolve", "call": 2},
        _setting(3, "setLocalDescription", "answer"),
        {**CHANGED, "state": {"signalingState": "stable"}},
        {"kind": "resolve", "call": 3},
        {"kind": "idle", "quiet": 100_000},
    ]
    lines = [{**one, "n": n, "t": n, "peer": "A"} for n, one in enumerate(told, 1)]
    assert departures([header, *msgspec.convert(lines, list[format.AnyObservation])]) == []


def _setting(id: int, method: str, type: str) -> dict[str, Any]:
    return {"kind": "call", "id": id, "method": method, "args": {"description": {"type": type}}}


def test_of_an_unknown_beginning_no_absence_is_proved() -> None:
    assert departures(lines_of("first-change", dropped(**NEEDED), begins="unknown")) == []


def test_from_an_unknown_beginning_the_states_are_found() -> None:
    late = lines_of(BOTH, read_otherwise({"signalingState": "have-remote-pranswer"}, -1, **CHANGED))
    header, *lines = late
    peers = {
        name: msgspec.structs.replace(peer, begins="unknown") for name, peer in header.peers.items()
    }
    found = departures([msgspec.structs.replace(header, peers=peers), *lines])
    assert "STATE-WRONG" in [one.id for one in found]


def test_what_came_before_is_followed_once_and_nothing_is_lost() -> None:
    header, *lines = lines_of("whole-negotiation-unawaited", begins="unknown")
    pass_ = Pass(CHECKER, header)
    for number, line in enumerate(lines[:4], start=2):
        pass_.take_line(number, line)
    (peer,) = pass_.peers.values()
    before = pass_.moments[-1].before
    misread = (Misread("t1.mid", "0", None),)
    both = before | {msgspec.structs.replace(one, misread=misread) for one in before}
    assert peer.frontiers.closure(both) == everything(peer.frontiers, both)


def everything(frontiers: Frontiers, positions: Frontier) -> Frontier:
    """What the hidden steps reach, each followed from each position by itself."""
    found, todo = set(positions), list(positions)
    while todo:
        new = {after for _, after in frontiers.hidden_steps(todo.pop())} - found
        found |= new
        todo += new
    return frozenset(found)


def test_a_beginning_is_every_state() -> None:
    states = {one.signaling_state for one in beginnings(Specification())}
    assert states == set(SignalingState)


def test_what_is_not_concluded_is_said() -> None:
    header = lines_of("first-change", begins="unknown")[0]
    told = list(limits_of(header))
    assert len(told) == 2
    assert all(one.startswith("A: ") for one in told)
    assert list(limits_of(trace_of(load("first-change"), [])[0])) == []  # type: ignore[arg-type]


def test_half_of_a_profile_sees_no_more_than_it() -> None:
    for profile in PROFILES.values():
        half = half_of(profile)
        assert half.events <= profile.events
        assert half.reads <= profile.reads
        assert half.labels <= profile.labels
        assert half.is_half_seen


@pytest.mark.parametrize("error", ["", "InvalidModificationError"])
def test_an_error_that_does_not_name_the_state_is_held_against_nobody(error: str) -> None:
    program = "change-while-an-operation-fails"
    assert any(isinstance(one, format.Reject) for one in lines_of(program))
    assert departures(lines_of(program, altered({"error": error}, kind="reject"))) == []
    named = altered({"error": "OperationError"}, kind="reject")
    assert [one.id for one in departures(lines_of(program, named))] == ["OP-ERROR"]

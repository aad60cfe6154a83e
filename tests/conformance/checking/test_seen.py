"""What a recorder may write, as the format's documentation tells it, is taken as it is meant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.traces import format

README = Path(__file__).parents[3] / "traces" / "README.md"
HEADER: dict[str, Any] = {
    "kind": "header",
    "format": "negotiation-trace",
    "version": 1,
    "date": "2026-01-20",
    "peers": {"A": {"stack": {"name": "x"}, "recorder": "r"}},
}
CANDIDATE = "candidate:1 1 udp 2113937151 192.0.2.1 54400 typ host"


def judged(*lines: dict[str, Any]) -> TraceVerdict:
    numbered = [{"n": n, "t": n, "peer": "A", **line} for n, line in enumerate(lines, start=1)]
    told = [msgspec.convert(line, format.Line) for line in (HEADER, *numbered)]
    return Checker().judge_lines("trace", told)


def wrong(verdict: TraceVerdict) -> list[str]:
    return [one.id for one in verdict.findings if one.blame in ("stack", "recording")]


def test_the_example_of_the_documentation_is_no_contradiction() -> None:
    blocks = re.findall(r"```jsonl?\n(.*?)```", README.read_text(), flags=re.S)
    lines = [msgspec.json.decode(line, type=format.Line) for line in "".join(blocks).splitlines()]
    assert wrong(Checker().judge_lines("README", lines)) == []


def test_a_candidate_names_its_credentials_as_the_summaries_do() -> None:
    section = {"index": 0, "kind": "audio", "mid": "0", "ice": "c7", "msids": ["s"]}
    sdp = {"kind": "sdp", "id": "s1", "text": "", "summary": {"sections": [section]}}
    offer = {"description": {"type": "offer", "sdp": "s1"}}
    candidate = {"candidate": CANDIDATE, "sdpMid": "0"}

    def added(fragment: str) -> TraceVerdict:
        given = {"candidate": {**candidate, "usernameFragment": fragment}}
        return judged(
            sdp,
            {"kind": "call", "id": 1, "method": "setRemoteDescription", "args": offer},
            {"kind": "return", "call": 1},
            {"kind": "event", "name": "signalingstatechange"},
            {"kind": "event", "name": "track"},
            {"kind": "resolve", "call": 1},
            {"kind": "call", "id": 2, "method": "addIceCandidate", "args": given},
            {"kind": "return", "call": 2},
            {"kind": "resolve", "call": 2},
        )

    assert wrong(added("c7")) == []
    assert wrong(added("c8")) == ["OP-ACCEPTED"]


def test_the_calls_of_a_handler_may_share_the_task_of_its_event() -> None:
    verdict = judged(
        {"kind": "call", "id": 1, "method": "addTransceiver", "args": {"kind": "audio"}, "task": 1},
        {"kind": "return", "call": 1, "task": 1},
        {"kind": "event", "name": "negotiationneeded", "task": 2},
        {"kind": "call", "id": 2, "method": "createOffer", "task": 2},
        {"kind": "return", "call": 2, "task": 2},
        {"kind": "call", "id": 3, "method": "restartIce", "task": 2},
        {"kind": "return", "call": 3, "task": 2},
    )
    assert wrong(verdict) == []


def test_no_other_task_comes_between_calls_of_one() -> None:
    verdict = judged(
        {"kind": "call", "id": 1, "method": "addTransceiver", "args": {"kind": "audio"}, "task": 1},
        {"kind": "return", "call": 1, "task": 1},
        {"kind": "event", "name": "negotiationneeded"},
        {"kind": "call", "id": 2, "method": "restartIce", "task": 1},
    )
    assert wrong(verdict) == ["RECORDING-CONTRADICTS"]


def test_other_events_say_nothing() -> None:
    assert wrong(judged({"kind": "event", "name": "icegatheringstatechange"})) == []


def test_a_settled_promise_is_not_pending() -> None:
    verdict = judged(
        {"kind": "call", "id": 1, "method": "createAnswer"},
        {"kind": "return", "call": 1},
        {"kind": "reject", "call": 1, "error": "InvalidStateError"},
        {"kind": "idle", "quiet": 500, "pending": [1]},
    )
    assert wrong(verdict) == ["RECORDING-CONTRADICTS"]


@pytest.mark.parametrize(
    ("profile", "found"), [("page", ["TRANSCEIVER-STATE"]), ("goroutines", [])]
)
def test_what_a_profile_cannot_read_is_not_compared(profile: str, found: list[str]) -> None:
    peer = {**HEADER["peers"]["A"], "profile": profile}
    one = {"id": "t1", "kind": "audio", "direction": "sendrecv", "currentDirection": "inactive"}
    lines = (
        {**HEADER, "peers": {"A": peer}},
        {"kind": "call", "n": 1, "t": 1, "peer": "A", "id": 1, "method": "addTransceiver"}
        | {"args": {"kind": "audio"}},
        {
            "kind": "return",
            "n": 2,
            "t": 2,
            "peer": "A",
            "call": 1,
            "state": {"transceivers": [one]},
        },
    )
    verdict = Checker().judge_lines("trace", [msgspec.convert(one, format.Line) for one in lines])
    assert wrong(verdict) == found

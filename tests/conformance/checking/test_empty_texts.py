"""A description with an empty sdp, or with none: WebIDL's default for it is the empty string.

`new RTCSessionDescription({type: "offer"})` has one. setLocalDescription creates what it is to set
(#dom-rtcpeerconnection-setlocaldescription, 4.4 and 4.5), setRemoteDescription cannot apply it
(#set-description, 4.5.3).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from negotiation.conformance.checking.judging import Checker

EMPTY = {"sdp": "s1"}
SUMMARIES: tuple[dict[str, Any], ...] = (
    {},
    {"summary": {"problem": "empty"}},
    {"summary": {"problem": "syntax"}},
)


def recorded(
    folder: Path,
    told: list[dict[str, Any]],
    text: dict[str, Any] | None = None,
    profile: str = "page",
) -> str:
    """A recording in which these are told of one peer."""
    stack = {"name": "made", "version": "1"}
    peer = {"stack": stack, "recorder": "made", "profile": profile, "configuration": {}}
    header = {"kind": "header", "format": "negotiation-trace", "version": 1, "date": "2026-11-27"}
    lines: list[Any] = [header | {"peers": {"A": peer}}]
    lines.append({"kind": "sdp", "id": "s1", "text": ""} | (text or {}))
    lines += ({"n": n, "t": n, "peer": "A"} | one for n, one in enumerate(told, 1))
    file = folder / "recorded.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in lines))
    return str(file)


def call(method: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A call of the method, and its return."""
    args = {"description": given}
    yield {"kind": "call", "id": 1, "method": method, "args": args, "task": 1}
    yield {"kind": "return", "call": 1, "task": 1}


def applied(state: str) -> Iterator[dict[str, Any]]:
    """The description was applied."""
    read = {"state": {"signalingState": state}}
    yield {"kind": "event", "name": "signalingstatechange"} | read
    yield {"kind": "resolve", "call": 1} | read


def refused(error: str) -> dict[str, Any]:
    """The promise is rejected."""
    return {"kind": "reject", "call": 1, "error": error}


@pytest.mark.parametrize("text", SUMMARIES)
@pytest.mark.parametrize("given", [{}, EMPTY])
def test_a_local_one_is_created(
    tmp_path: Path, given: dict[str, Any], text: dict[str, Any]
) -> None:
    told = [*call("setLocalDescription", {"type": "offer"} | given), *applied("have-local-offer")]
    assert not Checker().judge(recorded(tmp_path, told, text)).findings


@pytest.mark.parametrize("type", ["answer", "pranswer"])
@pytest.mark.parametrize("given", [{}, EMPTY])
def test_a_local_answer_without_an_offer_is_refused_for_the_state(
    tmp_path: Path, type: str, given: dict[str, Any]
) -> None:
    told = [*call("setLocalDescription", {"type": type} | given), refused("InvalidStateError")]
    found = Checker().judge(recorded(tmp_path, told)).findings
    assert [one.id for one in found] == ["APP-WRONG-STATE"]
    told[-1] = refused("InvalidModificationError")
    found = Checker().judge(recorded(tmp_path, told)).findings
    assert "OP-ERROR" in [one.id for one in found]


@pytest.mark.parametrize("given", [{}, EMPTY])
def test_a_remote_one_cannot_be_applied(tmp_path: Path, given: dict[str, Any]) -> None:
    begun = [*call("setRemoteDescription", {"type": "offer"} | given)]
    assert not Checker().judge(recorded(tmp_path, [*begun, refused("OperationError")])).findings
    accepted = Checker().judge(recorded(tmp_path, [*begun, *applied("have-remote-offer")]))
    assert accepted.findings[0].class_ == "departure"


def test_of_a_recording_that_is_half_seen_nothing_follows(tmp_path: Path) -> None:
    """There a text is left out because nobody told it."""
    begun = [*call("setRemoteDescription", {"type": "offer"})]
    told = [*begun, *applied("have-remote-offer")]
    assert not Checker().judge(recorded(tmp_path, told, profile="webrtc-internals")).findings


def test_one_checker_tells_an_empty_text_from_another(tmp_path: Path) -> None:
    """Recordings are recalled by what their texts say; of an empty one that says more."""
    checker = Checker()
    told = [*call("setLocalDescription", {"type": "offer"} | EMPTY), *applied("have-local-offer")]
    broken = {"text": "v=1", "summary": {"problem": "syntax"}}
    assert checker.judge(recorded(tmp_path, told, broken)).findings
    assert not checker.judge(recorded(tmp_path, told, SUMMARIES[2])).findings

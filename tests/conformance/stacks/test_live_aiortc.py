"""aiortc, driven: what it can and cannot, the same twice, and nothing of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from alike import normalised

from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Recording
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import Event, Header, Idle, Reject, Resolve, Sdp

pytestmark = pytest.mark.live

PROGRAMS = (
    "local-offer-and-remote-answer",
    "change-in-have-remote-offer",
    "rollback-of-a-local-offer",
    "close-with-operations-outstanding",
    "second-remote-offer",
    "data-channels",
    "wrong-calls-in-stable",
    "answers-that-do-not-fit-their-offer",
)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveStack]:
    stack = row("aiortc")
    if stack.executable() is None:
        pytest.skip(f"{stack.title} is not here: {stack.install}")
    with LiveStack(stack) as running:
        yield running


def recorded(live: LiveStack, name: str) -> Recording:
    """The program's recording; written out for a version without implicit descriptions."""
    recording = live.run(load(name))
    if recording.detail != "setLocalDescription without a description":
        return recording
    program = written_out(load(name))
    assert program is not None
    return live.run(program)


def told(recording: Recording) -> list[dict[str, Any]]:
    lines = (one for one in recording.lines if not isinstance(one, Header))
    return normalised(lines, "summary", "message")


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_repeat_themselves(live: LiveStack, name: str) -> None:
    first, second = recorded(live, name), recorded(live, name)
    assert (first.outcome, first.detail) == (Outcome.COMPLETE, "")
    assert told(first) == told(second)
    assert all(one.canary for one in first.lines if isinstance(one, Idle))


def test_what_is_not_there_is_said(live: LiveStack) -> None:
    assert "restartIce" in live.run(load("restart-ice-survives-a-rollback")).detail
    assert "negotiationneeded event" in live.run(load("change-inside-the-handler")).detail
    assert "streams of addTrack" in live.run(load("offer-and-answer-of-two-peers")).detail


def test_nothing_of_this_machine_is_told(live: LiveStack) -> None:
    lines = recorded(live, "local-offer-and-remote-answer").lines
    texts = [one.text for one in lines if isinstance(one, Sdp)]
    assert texts
    assert all("a=candidate" not in text for text in texts)
    addresses = {found for text in texts for found in re.findall(r"IN IP[46] (\S+)", text)}
    assert addresses <= {"0.0.0.0", "127.0.0.1"}


def test_track_is_told_with_its_transceiver(live: LiveStack) -> None:
    lines = recorded(live, "local-offer-and-remote-answer").lines
    (track,) = (one for one in lines if isinstance(one, Event) and one.name == "track")
    assert (track.transceiver, track.streams) == ("t1", None)
    assert track.state is not None
    assert track.state.descriptions is None


def test_errors_have_their_names(live: LiveStack) -> None:
    settled = recorded(live, "answers-that-do-not-fit-their-offer").lines
    errors = {one.error for one in settled if isinstance(one, Reject)}
    assert "ValueError" in errors
    assert any(isinstance(one, Resolve) for one in settled)

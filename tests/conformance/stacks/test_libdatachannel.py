"""The recorder in libdatachannel: a stack whose calls block, and whose callbacks come later."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from alike import normalised, observations

from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Recording
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import (
    Call,
    Event,
    Header,
    Observation,
    Reject,
    Resolve,
    Return,
)

pytestmark = pytest.mark.live

Recorded = Callable[[str], Recording]

PROGRAMS = (
    "implicit-rollback-of-an-add-transceiver-offer",
    "local-offer-and-remote-answer",
    "remote-offer-and-local-answer",
    "rollback-by-the-other-method",
    "two-peers-that-add-transceivers",
)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveStack]:
    stack = row("libdatachannel")
    if stack.executable() is None:
        pytest.skip(f"{stack.title} is not here: {stack.install}, or set {stack.variable}")
    with LiveStack(stack) as running:
        yield running


@pytest.fixture(scope="module")
def recorded(live: LiveStack) -> Recorded:
    return functools.cache(lambda name: live.run(load(name)))


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_repeat_themselves(live: LiveStack, recorded: Recorded, name: str) -> None:
    first = recorded(name)
    assert (first.outcome, first.detail) == (Outcome.COMPLETE, "")
    again = live.run(load(name))
    assert normalised(observations(first)) == normalised(observations(again))


@pytest.mark.parametrize("name", PROGRAMS)
def test_of_tasks_and_of_what_cannot_be_read_nothing_is_told(recorded: Recorded, name: str) -> None:
    header, seen = recorded(name).lines[0], observations(recorded(name))
    assert isinstance(header, Header)
    assert {peer.profile for peer in header.peers.values()} == {"late-callbacks"}
    assert {(each.task, each.within) for each in seen} == {(None, None)}
    read = [each.state for each in seen if each.state is not None]
    assert read
    assert {(state.transceivers, state.descriptions) for state in read} == {(None, None)}


def test_a_call_is_its_own_settlement_and_its_callback_comes_later(recorded: Recorded) -> None:
    seen = observations(recorded("local-offer-and-remote-answer"))
    at = next(n for n, each in enumerate(seen) if is_call(each, "setLocalDescription"))
    returned, resolved, event = seen[at + 1 : at + 4]
    assert isinstance(returned, Return)
    assert returned.state is None
    assert isinstance(resolved, Resolve)
    assert isinstance(event, Event)
    assert [state_of(each) for each in (resolved, event)] == ["have-local-offer"] * 2


def test_after_close_no_signaling_state_is_made_up(recorded: Recorded) -> None:
    seen = observations(recorded("close-before-the-track-event"))
    at = next(n for n, each in enumerate(seen) if is_call(each, "close"))
    states = [state_of(each) for each in seen[at:]]
    assert states
    assert set(states) == {None}


def test_a_refusal_is_a_rejection(recorded: Recorded) -> None:
    seen = observations(recorded("broken-answer-in-the-wrong-state"))
    assert any(isinstance(each, Reject) and each.error == "Error" for each in seen)


def test_a_process_that_its_bindings_abort_is_told(live: LiveStack) -> None:
    recording = live.run(load("offer-and-change-in-one-task"))
    assert recording.outcome is Outcome.DIED
    assert "No DataChannel or Track to negotiate" in recording.detail
    assert live.run(load("local-offer-and-remote-answer")).outcome is Outcome.COMPLETE


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("change-inside-the-handler", "the event negotiationneeded"),
        ("two-peers-glare", "addTrack"),
        ("wrong-calls-in-stable", "setLocalDescription with a text"),
        ("close-in-the-track-handler", "the event track"),
        ("stop-before-negotiation", "stop"),
    ],
)
def test_what_is_unsupported_is_said(live: LiveStack, name: str, what: str) -> None:
    recording = live.run(load(name))
    assert recording.outcome is Outcome.UNSUPPORTED
    assert what in recording.detail


def is_call(observation: Observation, method: str) -> bool:
    return isinstance(observation, Call) and observation.method == method


def state_of(observation: Observation) -> str | None:
    return None if observation.state is None else observation.state.signalingState

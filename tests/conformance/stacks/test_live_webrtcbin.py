"""The recorder in GStreamer's webrtcbin: what it writes of calls that this stack has."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import pytest
from alike import normalised, observations

from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.written_out import SUFFIX, written_out
from negotiation.conformance.stacks.recording import LiveStack, Outcome, Recording
from negotiation.conformance.stacks.registry import row
from negotiation.conformance.traces.format import Call, Event, Header, Idle, Reject

pytestmark = pytest.mark.live

Recorded = Callable[[str], Recording]

PROGRAMS = (
    "change-inside-the-handler",
    "unawaited-calls-settle-in-order",
    f"local-offer-and-remote-answer{SUFFIX}",
    f"data-channels-of-two-peers{SUFFIX}",
    f"remote-offer-and-local-answer{SUFFIX}",
)


@pytest.fixture(scope="module")
def live() -> Iterator[LiveStack]:
    stack = row("webrtcbin")
    if stack.executable() is None:
        pytest.skip(f"{stack.title} is not here: {stack.install}")
    with LiveStack(stack) as running:
        yield running


def run(live: LiveStack, name: str) -> Recording:
    program = load(name.removesuffix(SUFFIX))
    made = written_out(program) if name.endswith(SUFFIX) else program
    assert made is not None
    return live.run(made)


@pytest.fixture(scope="module")
def recorded(live: LiveStack) -> Recorded:
    return functools.cache(lambda name: run(live, name))


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs_repeat_themselves(live: LiveStack, recorded: Recorded, name: str) -> None:
    first = recorded(name)
    assert (first.outcome, first.detail) == (Outcome.COMPLETE, "")
    again = run(live, name)
    assert normalised(observations(first)) == normalised(observations(again))


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_trace_is_well_formed(recorded: Recorded, name: str) -> None:
    header, seen = recorded(name).lines[0], observations(recorded(name))
    assert isinstance(header, Header)
    assert {peer.profile for peer in header.peers.values()} == {"own-thread"}
    assert [each.n for each in seen] == list(range(1, len(seen) + 1))
    assert [each.t for each in seen] == sorted(each.t for each in seen)
    assert all(each.canary and not each.pending for each in seen if isinstance(each, Idle))


def test_the_first_event_comes_before_the_program(recorded: Recorded) -> None:
    first, *rest = observations(recorded("change-inside-the-handler"))
    assert isinstance(first, Event)
    assert (first.name, first.within) == ("negotiationneeded", None)
    inside = next(each for each in rest if isinstance(each, Call))
    assert (inside.task, inside.within) == (None, "negotiationneeded")


def test_errors_have_their_names(recorded: Recorded) -> None:
    seen = observations(recorded("unawaited-calls-settle-in-order"))
    assert {each.error for each in seen if isinstance(each, Reject)} == {"InvalidStateError"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("first-change", ""),
        ("rollback-in-stable-is-refused", "rollback"),
        ("close-before-the-event", "close"),
        ("add-transceiver-with-direction-stopped", "the direction stopped"),
        ("local-offer-and-remote-answer", "setLocalDescription without a text"),
        ("change-in-the-track-handler", "the event track"),
    ],
)
def test_what_is_unsupported_is_said(live: LiveStack, name: str, what: str) -> None:
    recording = live.run(load(name))
    assert (recording.outcome is Outcome.UNSUPPORTED) == bool(what)
    assert what in recording.detail

"""What became of offers: laws that hold for every run of the model, and what recordings show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.opening import read_recording
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.negotiations import Seeing
from negotiation.conformance.reports.offers import SETTING, End
from negotiation.conformance.reports.paper import Paper
from negotiation.conformance.reports.replaying import Replay
from negotiation.conformance.reports.story import Story, story_of
from negotiation.conformance.reports.story_text import tell_story
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.conformance.traces.reading import Trace
from negotiation.model import Specification

RELAXED = list(HealthCheck)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
CHECKERS = {profile: Checker() for profile in PROFILES}
TRACES = Path(__file__).parents[3] / "traces"

WHOLE = ("full", "page", "no-reads", "no-tasks", "asyncio", "own-thread", "hidden-calls")
"""Profiles through which every return to stable, and its cause, can be told."""

TELLING = ("webrtc-internals", "webrtc-internals-e", "late-settlements", "goroutines", "state-only")


def recorded(program: Program, seed: int, profile: str) -> Trace:
    lines = trace_of(program, run_program(program, seed=seed), seed=seed, profile=profile)
    return as_trace(lines)


def as_trace(lines: Sequence[format.Line]) -> Trace:
    header = lines[0]
    assert isinstance(header, format.Header)
    sdps = {one.id: one for one in lines if isinstance(one, format.Sdp)}
    told = [
        (number, one)
        for number, one in enumerate(lines, start=1)
        if not isinstance(one, format.Header | format.Sdp)
    ]
    return Trace("run", header, sdps, tuple(told))


def replayed(trace: Trace) -> Replay:
    (profile,) = {one.profile for one in trace.header.peers.values()}
    return Replay(trace, CHECKERS[profile])


def ends_in(replay: Replay) -> list[End]:
    seeing = Seeing(replay.trace.header, replay.pass_.moments, Specification())
    return [one for peer in replay.trace.header.peers for one in seeing.ends(peer, replay.observations)]


def returns_by_answers(trace: Trace) -> Iterator[int]:
    """The returns to stable in a full recording, each by the call whose answer it was.

    The event fires in the task of the operation at the front of the chain: the oldest that has not
    settled. Most answers are given as such; the others are seen by what could be read before.
    """
    open_: dict[str, dict[int, format.Call]] = {name: {} for name in trace.header.peers}
    pending: dict[str, str | None] = {}
    for _, one in trace.observations:
        calls = open_[one.peer]
        if isinstance(one, format.Call) and one.method in SETTING:
            calls[one.id] = one
        elif isinstance(one, format.Resolve | format.Reject | format.Throw):
            calls.pop(one.call, None)
        elif isinstance(one, format.Event) and one.name == "signalingstatechange" and one.state:
            if one.state.signalingState == "stable" and calls:
                call = next(iter(calls.values()))
                given = call.args.description
                implied = "answer" if pending.get(one.peer) == "have-remote-offer" else None
                if (implied if given is None or given.type is None else given.type) == "answer":
                    yield call.id
            pending[one.peer] = one.state.signalingState


def offers_set(trace: Trace) -> int:
    """The calls that are given an offer; those that leave the type to the state are not counted."""
    return sum(
        isinstance(one, format.Call)
        and one.method in SETTING
        and one.args.description is not None
        and one.args.description.type == "offer"
        for _, one in trace.observations
    )


def implicit(trace: Trace) -> int:
    return sum(
        isinstance(one, format.Call)
        and one.method == "setLocalDescription"
        and (one.args.description is None or one.args.description.type is None)
        for _, one in trace.observations
    )


def told_in_words(story: Story) -> str:
    paper = Paper()
    tell_story(paper, story)
    return paper.text()


@settings(max_examples=120, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=9), seed=SEEDS)
def test_as_many_are_completed_as_returns_to_stable_by_answers(program: Program, seed: int) -> None:
    returns = len(list(returns_by_answers(recorded(program, seed, "full"))))
    for profile in WHOLE:
        ends = ends_in(replayed(recorded(program, seed, profile)))
        assert sum(one.outcome == "completed" for one in ends) == returns, profile


@settings(max_examples=100, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=9), seed=SEEDS)
def test_each_offer_ends_in_one_way(program: Program, seed: int) -> None:
    for profile in PROFILES:
        trace = recorded(program, seed, profile)
        replay = replayed(trace)
        ends = ends_in(replay)
        called = [one.called.line for one in ends if one.called is not None]
        assert len(set(called)) == len(called)
        assert offers_set(trace) <= len(ends) <= offers_set(trace) + implicit(trace)
        story = story_of(replay)
        assert sum(story.outcomes.values()) == len(story.negotiations)
        assert len(ends) == sum(1 + (one.there is not None) for one in story.negotiations)
        assert "completed" in story.outcomes or story.slowest is None
        for one in story.negotiations:
            assert one.took is None or one.took >= 0
        assert told_in_words(story).isprintable() or "\n" in told_in_words(story)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", sorted(names())[::9])
def test_every_program_has_a_story_through_every_profile(name: str, profile: str) -> None:
    story = story_of(replayed(recorded(load(name), 0, profile)))
    assert told_in_words(story)


SAMPLE = sorted(TRACES.rglob("*.jsonl.gz"))[::97]


@pytest.mark.parametrize("file", SAMPLE, ids=lambda one: str(one.relative_to(TRACES)))
def test_recordings_of_real_stacks_have_a_story(file: Path) -> None:
    story = story_of(Replay(read_recording(str(file)), CHECKERS["page"]))
    assert sum(story.outcomes.values()) == len(story.negotiations)
    assert told_in_words(story)

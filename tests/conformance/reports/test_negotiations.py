"""What became of offers: laws that hold for every run of the model, and what recordings show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.opening import read_recording
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.evidence import Point
from negotiation.conformance.reports.negotiations import Seeing
from negotiation.conformance.reports.offers import SETTING, End
from negotiation.conformance.reports.paper import Paper
from negotiation.conformance.reports.replaying import Replay
from negotiation.conformance.reports.story import Story, story_of
from negotiation.conformance.reports.story_text import tell_story
from negotiation.conformance.reports.story_words import duration
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.conformance.traces.projection import call_of
from negotiation.conformance.traces.reading import Trace
from negotiation.model import Side, Specification

RELAXED = list(HealthCheck)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
CHECKERS = {profile: Checker() for profile in PROFILES}
TRACES = Path(__file__).parents[3] / "traces"

SETTLED = tuple(
    name
    for name, profile in PROFILES.items()
    if not profile.hidden & SETTING.keys()
    and ({"resolve", "reject"} <= profile.labels or "signalingstatechange" in profile.events)
)
"""Profiles through which descriptions are seen, and by settlements or states if they were set."""


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
    return [
        one for peer in replay.trace.header.peers for one in seeing.ends(peer, replay.observations)
    ]


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
                answers = pending.get(one.peer) in ("have-remote-offer", "have-local-pranswer")
                implied = "answer" if answers else None
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


def assert_as_many_are_completed(program: Program, seed: int) -> None:
    returns = len(list(returns_by_answers(recorded(program, seed, "full"))))
    for profile in SETTLED:
        ends = ends_in(replayed(recorded(program, seed, profile)))
        assert sum(one.outcome == "completed" for one in ends) == returns, profile


@settings(max_examples=20, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=9), seed=SEEDS)
def test_as_many_are_completed_as_returns_to_stable_by_answers(program: Program, seed: int) -> None:
    assert_as_many_are_completed(program, seed)


AMBIGUOUS = {"rollback-in-have-remote-pranswer-is-refused"}
"""Where no settlement is recorded, a rollback that was refused looks like one that was taken."""


@pytest.mark.parametrize("name", sorted(set(names()) - AMBIGUOUS)[::9])
def test_as_many_are_completed_in_the_library(name: str) -> None:
    assert_as_many_are_completed(load(name), 1)


@pytest.mark.slow
@settings(max_examples=150, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=10), seed=SEEDS)
def test_as_many_are_completed_in_long_runs(program: Program, seed: int) -> None:
    assert_as_many_are_completed(program, seed)


def assert_each_ends_in_one_way(program: Program, seed: int, profile: str) -> None:
    trace = recorded(program, seed, profile)
    replay = replayed(trace)
    ends = ends_in(replay)
    called = [one.called.line for one in ends if one.called is not None]
    assert len(set(called)) == len(called)
    if not PROFILES[profile].hidden & SETTING.keys():
        assert len(called) == len(ends)
        assert offers_set(trace) <= len(ends) <= offers_set(trace) + implicit(trace)
    story = story_of(replay)
    assert sum(story.outcomes.values()) == len(story.negotiations)
    assert len(ends) == sum(1 + (one.there is not None) for one in story.negotiations)
    assert all(one.took is None or one.took >= 0 for one in story.negotiations)
    assert told_in_words(story).replace("\n", "").isprintable()


@settings(max_examples=30, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=9), seed=SEEDS, profile=st.sampled_from(sorted(PROFILES)))
def test_each_offer_ends_in_one_way(program: Program, seed: int, profile: str) -> None:
    assert_each_ends_in_one_way(program, seed, profile)


@pytest.mark.slow
@settings(max_examples=400, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=10), seed=SEEDS, profile=st.sampled_from(sorted(PROFILES)))
def test_each_offer_ends_in_one_way_in_long_runs(program: Program, seed: int, profile: str) -> None:
    assert_each_ends_in_one_way(program, seed, profile)


@settings(max_examples=30, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=9), seed=SEEDS, missing=st.integers(0, 30))
def test_a_recording_that_begins_late_has_a_story(
    program: Program, seed: int, missing: int
) -> None:
    whole = recorded(program, seed, "hidden-calls")
    trace = begun_late(whole, missing)
    story = story_of(replayed(trace))
    assert told_in_words(story)
    settled = [one for one in ends_in(replayed(whole)) if one.outcome == "completed"]
    late = [one for one in ends_in(replayed(trace)) if one.outcome == "completed"]
    assert len(late) <= len(settled)


def begun_late(whole: Trace, missing: int) -> Trace:
    """The trace without its first observations, and without the ends of what began in them."""
    unknown = {
        name: msgspec.structs.replace(peer, begins="unknown")
        for name, peer in whole.header.peers.items()
    }
    kept = whole.observations[missing:]
    calls = {one.id for _, one in kept if isinstance(one, format.Call)}
    told = tuple((line, one) for line, one in kept if call_of(one) in {None, *calls})
    header = msgspec.structs.replace(whole.header, peers=unknown)
    return msgspec.structs.replace(whole, header=header, observations=told)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", sorted(names())[4::23])
def test_programs_have_a_story_through_every_profile(name: str, profile: str) -> None:
    assert_each_ends_in_one_way(load(name), 0, profile)


def answers_resolved(replay: Replay) -> int:
    """The settings of answers that were fulfilled: a stack may also have been lost in between."""
    calls: dict[int, format.Call] = {}
    count = 0
    for _, one in replay.observations:
        if isinstance(one, format.Call) and one.method in SETTING:
            calls[one.id] = one
        elif isinstance(one, format.Resolve) and one.call in calls:
            told = (calls[one.call].args.description, one.description)
            types = [given.type for given in told if given is not None and given.type is not None]
            count += types[:1] == ["answer"]
    return count


SAMPLE = sorted(TRACES.rglob("*.jsonl.gz"))[::97]


@pytest.mark.parametrize("file", SAMPLE, ids=lambda one: str(one.relative_to(TRACES)))
def test_recordings_of_real_stacks_have_a_story(file: Path) -> None:
    replay = Replay(read_recording(str(file)), CHECKERS["page"])
    story = story_of(replay)
    assert sum(story.outcomes.values()) == len(story.negotiations)
    outcomes = [outcome for one in story.negotiations for outcome in (one.outcome, one.there)]
    assert outcomes.count("completed") >= answers_resolved(replay)
    assert told_in_words(story)


def test_in_perfect_negotiation_the_offer_that_was_given_up_comes_back() -> None:
    name = "perfect-negotiation-rolled-back-change-comes-back"
    story = story_of(replayed(recorded(load(name), 0, "page")))
    outcomes = [(one.peer, one.outcome, one.by) for one in story.negotiations]
    assert ("B", "rolled back", "the other's offer") in outcomes
    last = story.negotiations[-1]
    assert (last.peer, last.outcome, last.there) == ("B", "completed", "completed")
    assert last.began is not None
    assert last.began.what == "negotiationneeded"


def line(kind: type[format.Observation], t: float, peer: str = "A", **fields: Any) -> Any:
    return kind(n=1, t=t, peer=peer, **fields)


def dumped(*observations: format.AnyObservation, peers: str = "A") -> Trace:
    """A trace as it is imported: no tasks, no returns, times in whole seconds."""
    peer = format.Peer(
        format.Stack("chromium"),
        recorder="webrtc-internals",
        profile="webrtc-internals",
        source="import",
        clock=format.Clock(resolution=1000),
    )
    header = format.Header(
        "negotiation-trace", format.VERSION, "2026-01-01", dict.fromkeys(peers, peer)
    )
    told = [msgspec.structs.replace(one, n=number) for number, one in enumerate(observations, 1)]
    return as_trace([header, *told])


def described(call: int, t: float, side: Side, type: str, peer: str = "A") -> list[Any]:
    """A setting without a text in a dump, its event, and its settlement."""
    args = format.Arguments(description=format.DescriptionRef(type))
    state = "stable" if type == "answer" else f"have-{side}-offer"
    return [
        line(format.Call, t, peer, id=call, method=SETTERS[side], args=args),
        changed(t, state, peer),
        line(format.Resolve, t, peer, call=call),
    ]


SETTERS = {side: method for method, side in SETTING.items()}


def changed(t: float, state: str, peer: str = "A") -> Any:
    reading = format.Reading(signalingState=state)
    return line(format.Event, t, peer, name="signalingstatechange", state=reading)


def test_ends_without_texts_are_paired_by_order() -> None:
    trace = dumped(
        line(format.Event, 0, name="negotiationneeded"),
        *described(1, 1000, Side.LOCAL, "offer", "A"),
        *described(2, 3000, Side.REMOTE, "offer", "B"),
        *described(3, 4000, Side.LOCAL, "answer", "B"),
        *described(4, 6000, Side.REMOTE, "answer", "A"),
        peers="AB",
    )
    story = story_of(replayed(trace))
    (one,) = story.negotiations
    assert (one.peer, one.other, one.outcome, one.there) == ("A", "B", "completed", "completed")
    assert one.took == 6000
    told = told_in_words(story)
    assert "A offered after negotiationneeded at 0 s; the offer was set 1 s later." in told
    assert "6 s from negotiationneeded to stable" in told


def test_what_the_recording_does_not_show_is_not_told() -> None:
    trace = dumped(
        *described(1, 0, Side.LOCAL, "offer"),
        changed(5000, "stable"),
        *described(2, 9000, Side.LOCAL, "offer"),
    )
    first, second = story_of(replayed(trace)).negotiations
    assert (first.outcome, first.ended) == ("unknown", Point(5, 5000))
    assert (second.outcome, second.ended) == ("unfinished", None)


def test_of_a_thousand_negotiations_few_are_told() -> None:
    observations: list[Any] = []
    for number in range(1000):
        t = 10_000.0 * number
        observations.append(line(format.Event, t, name="negotiationneeded"))
        observations += described(2 * number + 1, t, Side.LOCAL, "offer")
        took = 9000 if number == 700 else 2000
        observations += described(2 * number + 2, t + took, Side.REMOTE, "answer")
    story = story_of(replayed(dumped(*observations)))
    assert story.outcomes == {"completed": 1000}
    assert story.slowest == 701
    told = told_in_words(story)
    assert "1,000 negotiations: all completed." in told
    assert "and 994 more: all completed." in told
    assert "The slowest, number 701: A offered after negotiationneeded" in told
    assert len(told.splitlines()) < 40


@pytest.mark.parametrize(
    ("milliseconds", "resolution", "told"),
    [
        (0.25, 0, "0.2 ms"),
        (3, 0, "3 ms"),
        (119.6, 0, "120 ms"),
        (999.7, 0, "1.0 s"),
        (3210, 0, "3.2 s"),
        (3000, 1000, "3 s"),
        (400, 1000, "less than 1 s"),
        (59_960, 0, "1 min 0 s"),
        (125_000, 0, "2 min 5 s"),
        (3_780_000, 0, "1 h 3 min"),
        (3_599_700, 0, "1 h 0 min"),
    ],
)
def test_times_as_one_says_them(milliseconds: float, resolution: float, told: str) -> None:
    assert duration(milliseconds, resolution) == told

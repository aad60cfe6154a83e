"""Loops that feed themselves, alone or between two ends; and calls that are merely busy."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tried_programs import ADDS, AUDIO, RESTARTS, SETS, creates, program, sets

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs import perfect
from negotiation.conformance.programs.language import Handler, Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.programs.perfect import SETTLE, change, delivery
from negotiation.conformance.traces import format

CHECKER = Checker()
PROFILES = ["page", "no-reads", "no-tasks", "hidden-calls", "events-only"]


def findings(ran: Program, profile: str = "page", seed: int = 0) -> list[Finding]:
    lines = trace_of(ran, run_program(ran, seed=seed), profile=profile)
    return list(CHECKER.judge_lines("tried", lines).findings)


def loops(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.id == "APP-LOOP"]


def handler(peer: str, event: str, *do: dict[str, Any]) -> dict[str, Any]:
    return {"peer": peer, "event": event, "do": list(do), "times": 99}


# Loops of one end.


@pytest.mark.parametrize("profile", PROFILES)
def test_a_handler_that_adds_something_after_each_offer(profile: str) -> None:
    negotiates = handler("A", "negotiationneeded", SETS, ADDS)
    answers = [[sets("answer", AUDIO * (number + 1))] for number in range(8)]
    (found,) = loops(findings(program([ADDS], *answers, handlers=[negotiates]), profile))
    assert "each time addTransceiver is called" in found.message


@pytest.mark.parametrize("profile", ["page", "no-tasks", "hidden-calls"])
def test_what_follows_the_own_offer_is_named(profile: str) -> None:
    (found,) = loops(findings(program([ADDS], *[[SETS, RESTARTS, sets("answer")]] * 6), profile))
    assert "restartIce is called when setLocalDescription has settled" in found.message


TOGGLES = [
    {"call": "direction", "args": {"transceiver": "t1", "direction": direction}}
    for direction in ("inactive", "sendrecv")
]


def toggling(times: int) -> Program:
    accepted = sets("answer", [{"kind": "audio", "direction": "inactive"}])
    rounds = [[*creates("offer"), TOGGLES[n % 2], accepted] for n in range(times)]
    return program([ADDS], *rounds)


def test_a_loop_whose_cause_is_hidden_is_found_by_what_is_offered() -> None:
    ran = toggling(14)
    seen = trace_of(ran, run_program(ran), profile="hidden-calls")
    hidden = {one.id for one in seen if isinstance(one, format.Call) and one.method == "direction"}
    kept = [one for one in seen if getattr(one, "id", getattr(one, "call", None)) not in hidden]
    (found,) = loops(CHECKER.judge_lines("tried", kept).findings)
    assert "no call that feeds them was recorded" in found.message
    assert "direction is called when" in loops(findings(ran))[0].message


def test_a_few_rounds_are_no_loop() -> None:
    assert loops(findings(toggling(4))) == []


# Loops between two ends.


def test_two_ends_that_add_something_upon_each_others_tracks() -> None:
    upon_track = [
        Handler(peer, "track", change(peer, ("addTransceiver", {"kind": "audio"})).do)
        for peer in "AB"
    ]
    looping = [msgspec.structs.replace(one, times=99) for one in upon_track]
    (found,) = loops(findings(call(["A"], handlers=looping)))
    assert "upon the one that the other end had begun" in found.message
    assert "addTransceiver is called upon track" in found.message
    once = [msgspec.structs.replace(one, times=1) for one in upon_track]
    assert loops(findings(call(["A"], handlers=once))) == []


def call(joining: Sequence[str], seed: int = 0, handlers: Iterable[Handler] = ()) -> Program:
    """Perfect negotiation, with something added at these ends, one after another, at any time."""
    rng = random.Random(seed)
    steps = []
    for peer in joining:
        steps.append(change(peer, ("addTransceiver", {"kind": "audio"})))
        steps += [delivery(rng.choice("AB")) for _ in range(rng.randint(0, 3))]
        steps += [SETTLE] * (rng.random() < 0.3)
    rest = [step for peer in "AB" for step in (delivery(peer), SETTLE)] * (len(joining) + 6)
    return perfect.program("joins", "tried", (*steps, SETTLE, *rest), handlers=handlers)


def test_an_end_that_answers_each_track_with_one_of_its_own_is_no_loop() -> None:
    replies = Handler("B", "track", change("B", ("addTransceiver", {"kind": "audio"})).do, times=99)
    assert loops(findings(call("A" * 12, handlers=[replies]))) == []


# What is busy, and no loop.


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    joining=st.one_of(
        st.lists(st.sampled_from("AB"), min_size=8, max_size=20),
        st.integers(8, 20).map(lambda number: ["A"] * number),
    ),
    seed=st.integers(0, 10_000),
)
def test_people_who_join_fast_are_no_loop(joining: list[str], seed: int) -> None:
    ran = call(joining, seed)
    emissions = run_program(ran, seed=seed)
    for profile in PROFILES:
        found = CHECKER.judge_lines("tried", trace_of(ran, emissions, profile=profile)).findings
        assert [one.id for one in found if one.class_ != "note"] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_tracks_that_are_published_one_after_another_are_no_loop(profile: str) -> None:
    rounds = [[SETS, sets("answer", AUDIO * (n + 1)), ADDS] for n in range(12)]
    assert loops(findings(program([ADDS], *rounds), profile)) == []

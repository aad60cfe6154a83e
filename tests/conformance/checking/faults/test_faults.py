"""What the second pass says of applications: faults where they are, and not where they seem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tried_programs import ADDS, AUDIO, SETS, program, sets

from negotiation.conformance.checking.faults.sections import difference
from negotiation.conformance.checking.findings import FINDINGS, Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs import perfect
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import SectionSummary

CHECKER = Checker()
FAULTS = {id for id, kind in FINDINGS.items() if kind.class_ == "fault"}

VIDEO: list[dict[str, Any]] = [{"kind": "video"}]
ROLLS_BACK = {"call": "setLocalDescription", "description": {"type": "rollback"}, "wait": True}


def lines_of(ran: Program, profile: str = "page") -> list[format.Line]:
    return trace_of(ran, run_program(ran), profile=profile)


def judged(lines: Sequence[format.Line]) -> list[Finding]:
    return list(CHECKER.judge_lines("tried", lines).findings)


def faults(ran: Program, profile: str = "page") -> list[str]:
    return [one.id for one in judged(lines_of(ran, profile)) if one.class_ == "fault"]


# Answers that came when their offer was gone.

FATES = {
    "had been answered already": [SETS, sets("answer")],
    "had been rolled back": [SETS, ROLLS_BACK],
    "had been given up for a remote offer": [SETS, sets("offer"), SETS],
}


@pytest.mark.parametrize("profile", ["page", "hidden-calls", "no-reads"])
@pytest.mark.parametrize("fate", FATES)
def test_a_dead_answer_is_told_with_what_ended_its_offer(fate: str, profile: str) -> None:
    lines = lines_of(program([ADDS], FATES[fate], [sets("answer")]), profile)
    (found,) = [one for one in judged(lines) if one.class_ == "fault"]
    assert found.id == "APP-DEAD-ANSWER"
    assert fate in found.message


def test_an_answer_without_any_offer_is_in_the_wrong_state() -> None:
    assert faults(program([sets("answer")])) == ["APP-WRONG-STATE"]


def test_an_answer_that_is_taken_is_no_fault() -> None:
    assert faults(program([ADDS], [SETS], [sets("answer")])) == []


def test_the_offer_is_found_by_what_the_other_end_answered() -> None:
    ran = load("late-answer-to-a-rolled-back-offer")
    found = [one for one in judged(lines_of(ran)) if one.id == "APP-DEAD-ANSWER"]
    assert len(found) == 1
    assert "had been rolled back" in found[0].message


def test_an_answer_to_a_closed_connection_is_after_close() -> None:
    ran = program([ADDS], [SETS, {"call": "close"}], [sets("answer")])
    assert faults(ran) == ["APP-AFTER-CLOSE"]


# Offers that came twice.


def again(lines: list[format.Line], method: str) -> list[format.Line]:
    """The recording in which the last call of a method is given the text of the first."""
    calls = [
        at
        for at, one in enumerate(lines)
        if isinstance(one, format.Call) and one.method == method and one.args.description
    ]
    first, last = lines[calls[0]], lines[calls[-1]]
    assert isinstance(first, format.Call)
    assert isinstance(last, format.Call)
    return [
        *lines[: calls[-1]],
        msgspec.structs.replace(last, args=first.args),
        *lines[calls[-1] + 1 :],
    ]


def test_an_offer_that_is_set_again_was_repeated() -> None:
    lines = lines_of(program([sets("offer")], [sets("offer")]))
    assert "APP-REPEATED-OFFER" not in [one.id for one in judged(lines)]
    found = judged(again(lines, "setRemoteDescription"))
    assert "APP-REPEATED-OFFER" in [one.id for one in found]


def test_an_offer_may_be_set_again_after_its_answer() -> None:
    lines = lines_of(program([sets("offer")], [SETS], [sets("offer")]))
    found = judged(again(lines, "setRemoteDescription"))
    assert "APP-REPEATED-OFFER" not in [one.id for one in found]


def test_an_offer_may_be_set_again_after_its_rollback() -> None:
    rolls_back = {**ROLLS_BACK, "call": "setRemoteDescription"}
    lines = lines_of(program([sets("offer")], [rolls_back], [sets("offer")]))
    offers = [one for one in lines if isinstance(one, format.Call) and one.args.description]
    assert len(offers) == 3
    found = judged(again(lines, "setRemoteDescription"))
    assert "APP-REPEATED-OFFER" not in [one.id for one in found]


# Negotiations that nobody finished.


def later(lines: list[format.Line], t: float) -> list[format.Line]:
    last = lines[-1]
    assert isinstance(last, format.Idle)
    return [*lines[:-1], msgspec.structs.replace(last, t=t, quiet=t)]


@pytest.mark.parametrize(
    ("scripts", "waits"),
    [
        ([[ADDS], [SETS]], "an answer to its offer"),
        ([[sets("offer")]], "its own answer to the remote offer"),
        ([[ADDS], [SETS], [sets("pranswer")]], "the final answer to its offer"),
    ],
)
def test_a_negotiation_is_unfinished_after_a_long_time(
    scripts: list[list[dict[str, Any]]], waits: str
) -> None:
    lines = lines_of(program(*scripts))
    assert judged(lines) == []
    (found,) = judged(later(lines, 30_000.0))
    assert found.id == "APP-UNFINISHED"
    assert waits in found.message
    torn = [*later(lines, 30_000.0)[:-1]]
    assert judged(torn) == []


def test_a_finished_one_may_last() -> None:
    lines = lines_of(program([ADDS], [SETS], [sets("answer")]))
    assert judged(later(lines, 3_000_000.0)) == []


# Loops.


def rounds(number: int, *within: dict[str, Any], before: Sequence[dict[str, Any]] = ()) -> Program:
    one = [SETS, *within, sets("answer")]
    return program([ADDS], *[[*before, *one]] * number)


def test_rounds_that_feed_each_other_are_a_loop() -> None:
    restart = {"call": "restartIce"}
    (found,) = judged(lines_of(rounds(6, restart)))
    assert found.id == "APP-LOOP"
    assert "restartIce" in found.message
    assert faults(rounds(4, restart)) == []


def test_changes_between_negotiations_are_no_loop() -> None:
    changes = [program([ADDS, {"call": "restartIce"}], *[[SETS, sets("answer")]])]
    assert all(faults(one) == [] for one in changes)
    scripts: list[list[dict[str, Any]]] = [[ADDS]]
    for _ in range(12):
        scripts += [[SETS, sets("answer")], [{"call": "restartIce"}]]
    assert faults(program(*scripts)) == []


def test_rounds_far_apart_are_no_loop() -> None:
    lines = lines_of(rounds(6, {"call": "restartIce"}))
    slow = [
        msgspec.structs.replace(one, t=one.t * 1000) if isinstance(one, format.Observation) else one
        for one in lines
    ]
    assert "APP-LOOP" not in [one.id for one in judged(slow)]


# Handlers, m-sections, calls that a stack lets pass.


def test_a_handler_that_is_interrupted_is_not_safe() -> None:
    creates = {"call": "createOffer", "wait": True, "as": "offer"}
    set_late = {"call": "setLocalDescription", "description": {"result": "offer"}}
    assert faults(program([ADDS], [creates], [sets("offer")], [set_late])) == ["APP-UNSAFE-HANDLER"]
    # Without the event before it, nobody knows that a handler did it.
    assert faults(program([ADDS, creates], [sets("offer")], [set_late])) == ["APP-WRONG-STATE"]


def test_an_offer_that_loses_a_section_is_out_of_order() -> None:
    ran = program([sets("offer", [*AUDIO, *VIDEO]), SETS], [sets("offer")])
    (found,) = [one for one in judged(lines_of(ran)) if one.class_ == "fault"]
    assert found.id == "APP-SECTION-ORDER"
    assert "1 m-sections where 2 were negotiated" in found.message
    ran = program([sets("offer"), SETS], [sets("offer", [*AUDIO, *VIDEO])])
    assert faults(ran) == []


def section(index: int, kind: str, mid: str | None = None, *, rejected: bool = False) -> Any:
    return SectionSummary(index=index, kind=kind, mid=mid, rejected=rejected)


def test_what_is_out_of_order_is_named() -> None:
    audio, video = section(0, "audio", "0"), section(1, "video", "1")
    assert difference([audio, video], [audio, video, section(2, "audio", "2")]) is None
    assert difference([audio, video], [audio]) is not None
    assert "was audio" in str(difference([audio], [section(0, "video", "0")]))
    assert "had '0'" in str(difference([audio], [section(0, "audio", "7")]))
    recycled = section(0, "video", "7")
    assert difference([section(0, "audio", "0", rejected=True)], [recycled]) is None


def test_a_call_that_a_stack_lets_pass_is_told_of_both() -> None:
    lines = lines_of(program([sets("offer")], [{"call": "createOffer"}]))
    at = next(n for n, one in enumerate(lines) if isinstance(one, format.Reject))
    passed = lines[at]
    assert isinstance(passed, format.Reject)
    fields = {name: getattr(passed, name) for name in ("n", "t", "peer", "task", "call", "state")}
    lines[at] = format.Resolve(**fields)
    found = {one.id: one for one in judged(lines)}
    assert found["OP-ACCEPTED"].blame == "stack"
    assert "this stack let it pass" in found["APP-WRONG-STATE"].message


def test_a_call_that_a_stack_refuses_with_another_error_is_told_of_both() -> None:
    lines = lines_of(program([sets("offer")], [{"call": "createOffer"}]))
    at = next(n for n, one in enumerate(lines) if isinstance(one, format.Reject))
    refused = lines[at]
    assert isinstance(refused, format.Reject)
    lines[at] = msgspec.structs.replace(refused, error="OperationError")
    found = {one.id: one for one in judged(lines)}
    assert found["OP-ERROR"].blame == "stack"
    assert "createOffer was rejected: it is invalid" in found["APP-WRONG-STATE"].message
    assert "this stack tells it by OperationError" in found["APP-WRONG-STATE"].message


# What is healthy has no fault.


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 100_000),
    schedule=st.integers(0, 100),
    profile=st.sampled_from(["page", "no-reads", "hidden-calls", "events-only"]),
)
def test_perfect_negotiation_has_no_fault(seed: int, schedule: int, profile: str) -> None:
    ran = perfect.generated(seed)
    emissions = run_program(ran, seed=schedule)
    found = judged(trace_of(ran, emissions, seed=schedule, profile=profile))
    assert [one.id for one in found if one.class_ != "note"] == []


@pytest.mark.parametrize("profile", ["page", "hidden-calls"])
def test_a_server_that_renegotiates_as_people_join_has_no_fault(profile: str) -> None:
    scripts = [
        [sets("offer", [*AUDIO, *VIDEO * joined]), {"call": "createAnswer", "wait": True}, SETS]
        for joined in range(30)
    ]
    assert faults(program(*scripts), profile) == []

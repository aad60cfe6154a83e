"""Which offer an answer belongs to, and calls of which no end was recorded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from tried_programs import ADDS, SETS, Script, creates, program, sets

from negotiation.conformance.checking.faults.evidence import SETTING
from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format

CHECKER = Checker()

CLOSES: dict[str, Any] = {"call": "close"}


def sends(name: str, message: str) -> dict[str, Any]:
    return {"send": message, "description": {"result": name}}


def takes(message: str) -> Script:
    return [
        {"receive": message},
        {"call": "setRemoteDescription", "description": {"message": message}, "wait": True},
    ]


def judged(ran: Program, profile: str = "page") -> list[Finding]:
    lines = trace_of(ran, run_program(ran), profile=profile)
    return list(CHECKER.judge_lines("tried", lines).findings)


def faults(found: Iterable[Finding]) -> list[str]:
    return [one.id for one in found if one.class_ == "fault"]


def exchange(*before_the_answer: dict[str, Any]) -> Program:
    """A's first offer is answered; A does something before the answer arrives."""
    return program(
        ("A", [ADDS, *creates("first"), sends("first", "m1")]),
        ("B", [*takes("m1"), *creates("answer", "createAnswer"), sends("answer", "m2")]),
        ("A", [*before_the_answer, {"call": "addIceCandidate"}]),
        ("A", takes("m2")),
    )


SUPERSEDES = creates("second")


@pytest.mark.parametrize("profile", ["page", "no-reads", "no-tasks"])
def test_an_answer_to_another_offer_is_named_although_it_was_taken(profile: str) -> None:
    ran = exchange({"call": "restartIce"}, *SUPERSEDES)
    (found,) = [one for one in judged(ran, profile) if one.id == "APP-DEAD-ANSWER"]
    assert "it was taken for the offer that was set in line" in found.message
    assert "had been superseded by another offer" in found.message


@pytest.mark.parametrize("profile", ["page", "no-reads", "no-tasks"])
def test_an_answer_to_the_pending_offer_is_none(profile: str) -> None:
    assert "APP-DEAD-ANSWER" not in faults(judged(exchange(), profile))


def test_one_answer_to_two_offers_is_no_answer_to_another_offer() -> None:
    """As of a stack whose texts tell the second in which they were made, and nothing more."""
    direction = {"call": "direction", "args": {"transceiver": "t1", "direction": "sendonly"}}
    ran = program(
        ("A", [ADDS, *creates("first"), sends("first", "m1")]),
        ("B", [*takes("m1"), *creates("answer", "createAnswer"), sends("answer", "m2")]),
        ("A", takes("m2")),
        ("A", [direction, *creates("second"), sends("second", "m3")]),
        ("B", [*takes("m3"), *creates("again", "createAnswer"), sends("again", "m4")]),
        ("A", takes("m4")),
    )
    found = faults(CHECKER.judge_lines("tried", told_alike(ran)).findings)
    assert found == []


def told_alike(ran: Program) -> list[format.Line]:
    """A recording in which all answers have the same text."""
    lines = trace_of(ran, run_program(ran), profile="page")
    of_answers = [
        one.args.description.sdp
        for one in lines
        if isinstance(one, format.Call)
        and one.method == "setRemoteDescription"
        and one.args.description is not None
        and one.args.description.type == "answer"
    ]
    assert len(set(of_answers)) == 2
    first, again = (f'"{text}"'.encode() for text in of_answers)
    introduced = [one for one in lines if isinstance(one, format.Sdp) and one.id == of_answers[1]]
    return [
        msgspec.json.decode(msgspec.json.encode(one).replace(again, first), type=type(one))
        for one in lines
        if one not in introduced
    ]


def test_the_same_answer_again_belongs_to_the_offer_that_it_answered() -> None:
    ran = program(
        ("A", [ADDS, *SUPERSEDES, sets("answer")]),
        ("A", [ADDS, *creates("third")]),
        ("A", [{**SETS, "description": {"type": "rollback"}}]),
        ("A", [sets("answer")]),
    )
    lines = trace_of(ran, run_program(ran), profile="page")
    calls = [
        at
        for at, one in enumerate(lines)
        if isinstance(one, format.Call) and one.method == "setRemoteDescription"
    ]
    first, again = lines[calls[0]], lines[calls[1]]
    assert isinstance(first, format.Call)
    assert isinstance(again, format.Call)
    (other,) = [
        one for one in CHECKER.judge_lines("tried", lines).findings if one.class_ == "fault"
    ]
    assert "rolled back" in other.message
    lines[calls[1]] = msgspec.structs.replace(again, args=first.args)
    (found,) = [
        one for one in CHECKER.judge_lines("tried", lines).findings if one.class_ == "fault"
    ]
    assert found.id == "APP-DEAD-ANSWER"
    assert "with the very same answer" in found.message


# Answers that do not come back.


MAKES_OFFER = ("A", [ADDS, *creates("first"), sends("first", "m1")])
MAKES_ANSWER = [*takes("m1"), *creates("answer", "createAnswer")]


def untaken(ran: Program, profile: str = "page") -> list[Finding]:
    return [one for one in judged(ran, profile) if one.id == "APP-UNTAKEN-ANSWER"]


@pytest.mark.parametrize("profile", ["page", "no-reads", "no-tasks", "hidden-calls"])
def test_an_answer_that_was_never_sent_is_noted_however_short_the_recording(profile: str) -> None:
    ran = program(MAKES_OFFER, ("B", MAKES_ANSWER))
    (found,) = untaken(ran, profile)
    assert (found.class_, found.peer) == ("note", "B")
    assert "no answer was sent after it" in found.message
    assert "APP-UNFINISHED" not in [one.id for one in judged(ran)]


def test_who_has_answered_and_offers_anew_has_answered() -> None:
    # Both ends wait for an answer, and it is no glare: one of them is there, and did not come back.
    ran = program(MAKES_OFFER, ("B", MAKES_ANSWER), ("B", [ADDS, *creates("second")]))
    found = judged(ran)
    assert [one.id for one in found if one.id.startswith(("GLARE", "APP-UN"))] == [
        "APP-UNTAKEN-ANSWER"
    ]


def test_an_offer_is_known_by_the_local_description_that_it_became() -> None:
    """Some stacks write it anew, and candidates are added to it; applications send that text."""
    ran = program(MAKES_OFFER, ("B", MAKES_ANSWER))
    lines = list(trace_of(ran, run_program(ran), profile="page"))
    (offer,) = [one for one in lines if isinstance(one, format.Sdp)][:1]
    anew = msgspec.structs.replace(offer, id="anew", text=f"{offer.text}a=end-of-candidates\r\n")
    set_ = {one.id for one in lines if isinstance(one, format.Call) and one.method in SETTING}
    told = [
        msgspec.structs.replace(one, description=format.DescriptionRef("offer", "anew"))
        if isinstance(one, format.Resolve) and one.peer == "A" and one.call in set_
        else msgspec.structs.replace(
            one,
            args=msgspec.structs.replace(
                one.args, description=format.DescriptionRef("offer", "anew")
            ),
        )
        if isinstance(one, format.Call) and one.method == SETTING[1]
        else one
        for one in lines
        if not isinstance(one, format.Send | format.Receive)
    ]
    at = told.index(offer)
    found = CHECKER.judge_lines("tried", [*told[: at + 1], anew, *told[at + 1 :]]).findings
    assert [one.id for one in found] == ["APP-UNTAKEN-ANSWER"]


def test_an_answer_that_was_received_and_never_set_is_noted() -> None:
    arrives = ("A", [{"receive": "m2"}])
    (found,) = untaken(program(MAKES_OFFER, ("B", [*MAKES_ANSWER, sends("answer", "m2")]), arrives))
    assert "was received" in found.message


def test_a_lost_answer_is_told_as_lost_only() -> None:
    ran = program(MAKES_OFFER, ("B", [*MAKES_ANSWER, sends("answer", "m2")]))
    assert faults(judged(ran)) == ["NETWORK-LOST"]
    assert untaken(ran) == []


@pytest.mark.parametrize(
    "then",
    [
        [("B", [sends("answer", "m2")]), ("A", takes("m2"))],
        [("A", [{**SETS, "description": {"type": "rollback"}}])],
        [("A", [CLOSES])],
        [("B", [CLOSES])],
    ],
    ids=["taken", "rolled back", "closed", "the other end closed"],
)
def test_an_answer_that_nobody_waits_for_is_not_noted(then: list[tuple[str, Script]]) -> None:
    assert untaken(program(MAKES_OFFER, ("B", MAKES_ANSWER), *then)) == []


def test_nothing_is_said_of_an_answer_that_may_still_be_on_its_way() -> None:
    ran = program(MAKES_OFFER, ("B", MAKES_ANSWER))
    lines = list(trace_of(ran, run_program(ran), profile="page"))
    (made,) = [
        at
        for at, one in enumerate(lines)
        if isinstance(one, format.Resolve) and one.peer == "B" and one.description is None
    ][-1:]
    for cut in (lines[: made + 1], [one for one in lines if not isinstance(one, format.Idle)]):
        found = CHECKER.judge_lines("tried", cut).findings
        assert "APP-UNTAKEN-ANSWER" not in [one.id for one in found]


# Calls of which no end was recorded.


def test_what_can_only_fail_is_told_where_failures_are_not_recorded() -> None:
    ran = program(("A", [sets("answer")]))
    assert faults(judged(ran, "events-only")) == ["APP-WRONG-STATE"]
    ran = program(("A", [ADDS, SETS, sets("answer")]))
    assert faults(judged(ran, "events-only")) == []


@pytest.mark.parametrize("profile", ["page", "events-only", "hidden-calls"])
def test_a_call_after_close_is_told_once_whether_it_settles_or_not(profile: str) -> None:
    ran = program(("A", [ADDS, CLOSES]), ("A", [{"call": "createOffer"}]))
    lines = trace_of(ran, run_program(ran), profile=profile)
    assert faults(CHECKER.judge_lines("tried", lines).findings) == ["APP-AFTER-CLOSE"]
    silent = [one for one in lines if not isinstance(one, format.Reject | format.Throw)]
    assert faults(CHECKER.judge_lines("tried", silent).findings) == ["APP-AFTER-CLOSE"]


def test_a_call_before_close_is_not_after_it() -> None:
    ran = program(("A", [ADDS, {"call": "createOffer"}, CLOSES]))
    assert "APP-AFTER-CLOSE" not in faults(judged(ran))


# Handlers.


def late_offer(wait: float) -> list[format.Line]:
    """An offer is created so long after the event, and set after a remote one was."""
    ran = program(
        ("A", [ADDS]),
        ("A", [{"call": "createOffer", "wait": True, "as": "offer"}]),
        ("A", [sets("offer")]),
        ("A", [{"call": "setLocalDescription", "description": {"result": "offer"}}]),
    )
    lines = trace_of(ran, run_program(ran), profile="page")
    created = next(
        one for one in lines if isinstance(one, format.Call) and one.method == "createOffer"
    )
    return [
        msgspec.structs.replace(one, t=one.t + wait)
        if isinstance(one, format.Observation) and one.n >= created.n
        else one
        for one in lines
    ]


def test_an_offer_long_after_the_event_is_not_its_handlers() -> None:
    assert faults(CHECKER.judge_lines("tried", late_offer(20.0)).findings) == ["APP-UNSAFE-HANDLER"]
    assert faults(CHECKER.judge_lines("tried", late_offer(9e4)).findings) == ["APP-WRONG-STATE"]

"""What findings are about: the same for the same fault, without names and numbers of one run."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.cases import Fault
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format

TRACES = Path(__file__).parents[3] / "traces"

CHROMIUM, FIREFOX, WRTC, NODE = (
    "chromium/156.0.8078.79",
    "firefox/153.7.0esr",
    "wrtc/0.1.0",
    "libdatachannel/0.33.4",
)

FAULTS = {CHROMIUM: 44, FIREFOX: 36, WRTC: 24, NODE: 20}
"""How many distinct faults there are among the findings in a stack's recordings."""

CASES = [
    (CHROMIUM, "altered-offer", "NN-EARLY", ""),
    (CHROMIUM, "candidates-after-a-rollback", "NN-EARLY", "outside stable"),
    (CHROMIUM, "two-updates-around-a-legacy-offer", "NN-MISSED", ""),
    (CHROMIUM, "answers-that-do-not-fit-their-offer", "EVENT-WRONG", "track too many"),
    (
        CHROMIUM,
        "close-after-a-resolution",
        "TRANSCEIVER-STATE",
        "mid of a stopped transceiver is null, not a mid, once closed",
    ),
    (
        CHROMIUM,
        "close-with-operations-outstanding",
        "OP-AFTER-CLOSE",
        "createAnswer is rejected after close",
    ),
    (
        CHROMIUM,
        "implicit-rollback-before-a-broken-offer",
        "OP-ORDER",
        "setRemoteDescription is rejected too early",
    ),
    (
        CHROMIUM,
        "a-description-waits-for-set-parameters",
        "OP-PENDING",
        "setParameters: pending, not accepted",
    ),
    (
        CHROMIUM,
        "change-while-an-operation-is-outstanding",
        "SDP-SHAPE",
        "createOffer: too few m-sections",
    ),
    (FIREFOX, "second-remote-offer", "EVENT-WRONG", "track with other streams"),
    (FIREFOX, "remote-offers-that-lose-a-section", "DESCRIPTION-STATE", "too few m-sections"),
    (
        WRTC,
        "perfect-negotiation-both-add-audio-and-video",
        "EVENT-WRONG",
        "track about another transceiver",
    ),
    (
        NODE,
        "close-while-an-answer-or-a-rollback-is-set",
        "STATE-MISSING",
        "to closed",
    ),
    (NODE, "local-provisional-answers", "STACK-DIED", "after setLocalDescription(pranswer)"),
]

OF_ONE_RUN = re.compile(r"\d|[\"#{}\[\]]")
"""A number, or what is quoted or listed: of one run, and not of the fault."""


@cache
def findings(folder: str) -> tuple[tuple[str, Finding], ...]:
    """The stack's findings in recordings, each with its program; not those that follow from one."""
    checker = Checker()
    verdicts = map(checker.judge, map(str, sorted((TRACES / folder).glob("*.jsonl*"))))
    return tuple(
        (verdict.program or "", one)
        for verdict in verdicts
        for one in verdict.findings
        if one.class_ == "departure" and one.after is None
    )


@pytest.mark.parametrize(("folder", "program", "id", "about"), CASES)
def test_a_finding_says_what_it_is_about(folder: str, program: str, id: str, about: str) -> None:
    assert (id, about) in [(one.id, one.about) for of, one in findings(folder) if of == program]


@pytest.mark.parametrize("folder", FAULTS)
def test_it_holds_no_name_or_number_of_one_run(folder: str) -> None:
    assert [one.about for _, one in findings(folder) if OF_ONE_RUN.search(one.about)] == []


@pytest.mark.parametrize("folder", FAULTS)
def test_findings_of_the_same_fault_are_one(folder: str) -> None:
    found = {Fault.of(one) for _, one in findings(folder)}
    assert len(found) == FAULTS[folder] < len(findings(folder))


@pytest.mark.parametrize("folder", FAULTS)
def test_only_what_its_rule_explains_says_nothing(folder: str) -> None:
    silent = {one.id for _, one in findings(folder) if not one.about}
    assert silent <= {"NN-EARLY", "NN-SPURIOUS", "NN-DUPLICATE", "NN-MISSED"}


def test_a_call_that_may_return_is_refused_not_refused_with_the_wrong_error() -> None:
    """Once data was answered, createDataChannel may throw OperationError; it need not."""
    program = load("data-channels-of-two-peers")
    *lines, _, _ = trace_of(program, run_program(program, seed=1), seed=1)
    last = next(one for one in reversed(lines) if isinstance(one, format.Observation))
    call = format.Call(
        n=last.n + 1, t=last.t, peer="A", id=99, method="createDataChannel", args=ARGUMENTS
    )
    thrown = format.Throw(n=last.n + 2, t=last.t, peer="A", call=99, error="TypeError")
    verdict = Checker().judge_lines("run", [*lines, call, thrown])
    departures = [one.id for one in verdict.findings if one.class_ == "departure"]
    assert departures == ["CALL-REJECTED"]


ARGUMENTS = format.Arguments(label="again", init={"negotiated": True, "id": 0})

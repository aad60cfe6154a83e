"""What the last mark of a trace is evidence of."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.examples import EXAMPLES
from negotiation.conformance.reports.falsifying import ended
from negotiation.conformance.traces.format import Line, Trouble

TROUBLES: dict[Trouble, tuple[str | None, bool]] = {
    "hung": ("STACK-HUNG", True),
    "died": ("STACK-DIED", True),
    "failed": ("RECORDER-FAILED", True),
    "leaked": ("STACK-LEAKED", False),
    "cut": (None, True),
}


def lines() -> list[Line]:
    told = load("first-change")
    return trace_of(told, run_program(told), profile="page")


def judged(told: list[Line]) -> TraceVerdict:
    return Checker().judge_lines("t", told)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_trouble_has_its_finding(trouble: Trouble) -> None:
    id, truncated = TROUBLES[trouble]
    verdict = judged(ended(trouble, "what happened")(lines()))
    assert [one.id for one in verdict.findings] == ([id] if id else [])
    assert verdict.truncated == truncated
    for one in verdict.findings:
        assert (one.line, one.message) == (len(lines()) + 1, "what happened")


@pytest.mark.parametrize("trouble", ["hung", "cut"])
def test_nothing_follows_from_what_is_missing_then(trouble: Trouble) -> None:
    whole = EXAMPLES["NETWORK-LOST"].lines()
    assert "NETWORK-LOST" in [one.id for one in judged(whole).findings]
    cut = judged(ended(trouble, "")(whole))
    assert "NETWORK-LOST" not in [one.id for one in cut.findings]


def test_a_peer_that_is_undecided_still_ends() -> None:
    told = lines()
    call = next(n for n, one in enumerate(told) if getattr(one, "method", None))
    told[call] = replace(told[call], method="explode")
    verdict = judged(ended("died", "it exited with -11")(told))
    assert verdict.undecided
    assert [one.id for one in verdict.findings] == ["STACK-DIED"]


def test_a_remark_of_a_program_is_no_trouble() -> None:
    told = ended("hung", "no end")(lines())
    told[-1] = replace(told[-1], trouble=None)
    assert judged(told).verdict == "conforms"

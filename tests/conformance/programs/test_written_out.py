"""Implicit descriptions, written out: what becomes of them, and that the model conforms."""

from __future__ import annotations

from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import DescriptionSource, Do, Program, Step
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.traces.profiles import profile_named


def program(*do: Do) -> Program:
    return Program("negotiation-program", 1, "p", "about", "#rule", "area", (Step("A", do),))


def test_a_program_without_implicit_descriptions_stays_alone() -> None:
    rollback = Do("setLocalDescription", description=DescriptionSource("rollback"))
    created = Do("setLocalDescription", description=DescriptionSource(result="offer"))
    assert written_out(program(rollback, created)) is None


def test_what_goes_on_without_waiting_cannot_be_written_out() -> None:
    assert written_out(program(Do("setLocalDescription"), Do("createOffer"))) is None


def test_the_state_decides_before_anything_is_awaited() -> None:
    remote = Do("setRemoteDescription", description=DescriptionSource(message="m1"))
    made = written_out(program(remote, Do("setLocalDescription", wait=True, when=("!busy",))))
    assert made is not None
    assert made.name == "p-written-out"
    (step,) = made.steps
    before, does, answers, offer, answer, sets = step.do
    assert before.wait
    assert (does.set, does.to) == ("does-1", (("!busy",),))
    assert answers.to == (("state:have-remote-offer",), ("state:have-local-pranswer",))
    assert (offer.call, offer.when) == ("createOffer", ("does-1", "!answers-1"))
    assert (answer.call, answer.when) == ("createAnswer", ("does-1", "answers-1"))
    assert sets.description == DescriptionSource(result=answer.name)
    assert (sets.wait, sets.when) == (True, ("does-1",))


@pytest.mark.parametrize("type", ["offer", "answer", "pranswer"])
def test_a_type_decides_what_is_created(type: str) -> None:
    source = DescriptionSource(type)  # type: ignore[arg-type]
    made = written_out(program(Do("setLocalDescription", description=source)))
    assert made is not None
    (step,) = made.steps
    assert step.do[1].to == (() if type == "offer" else ((),))
    assert step.do[-1].description == DescriptionSource(source.type, result="description-1")


def test_the_model_conforms_with_what_is_written_out(tmp_path: Path) -> None:
    every = [one for one in map(written_out, map(load, names())) if one is not None]
    assert len(every) > 150
    checker = Checker()
    full = profile_named("full")
    for one in every[::9]:
        lines = trace_of(one, run_program(one, seed=1), seed=1, profile=full)
        findings = checker.judge_lines(one.name, lines).findings
        assert [each for each in findings if each.class_ == "departure"] == []

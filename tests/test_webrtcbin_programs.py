"""The programs in traces/webrtcbin/programs: what the model says of what ends that element."""

from __future__ import annotations

from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import read_program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import Reject
from negotiation.conformance.traces.profiles import profile_named

FOLDER = Path(__file__).parent.parent / "traces" / "webrtcbin" / "programs"
REFUSED = {
    "two-answers-then-an-offer": [],
    "an-offer-behind-an-answer": ["InvalidStateError"],
}


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.iterdir()))
def test_what_the_specification_refuses(name: str) -> None:
    program = read_program(FOLDER / f"{name}.json")
    assert program.name == name
    lines = list(trace_of(program, run_program(program), seed=0, profile=profile_named("full")))
    assert [one.error for one in lines if isinstance(one, Reject)] == REFUSED[name]
    departures = [
        one for one in Checker().judge_lines(name, lines).findings if one.blame == "stack"
    ]
    assert departures == []

"""What a case or a recording is written of; and calls found in their program."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest
from reproduced import model_trace

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.cli import main
from negotiation.conformance.errors import UsageError
from negotiation.conformance.fuzzing.cases import Case, Fault, Found, write_case
from negotiation.conformance.programs import library
from negotiation.conformance.reproducing.sites import sites_of
from negotiation.conformance.reproducing.subjects import is_case, of_case
from negotiation.conformance.traces.format import Call, Stack

TRACES = Path(__file__).parents[3] / "traces"
TRACE = TRACES / "wrtc" / "0.1.0" / "altered-offer.jsonl.gz"


def case_in(folder: Path, **changed: Any) -> Path:
    shutil.copy(TRACE, folder)
    verdict = Checker().judge(str(TRACE))
    finding = next(one for one in verdict.findings if one.class_ == "departure")
    told: dict[str, Any] = {
        "format": "negotiation-case",
        "version": 1,
        "fault": Fault.of(finding),
        "stacks": {"A": Stack("wrtc", "0.1.0")},
        "program": library.load("altered-offer"),
        "trace": TRACE.name,
        "peer": "A",
        "line": finding.line,
        "message": finding.message,
        "expected": finding.expected,
        "found": Found("2026-11-27", 1, "negotiation fuzz", 10, 2, 3, 3, True, "0.1.0"),
    }
    return write_case(Case(**{**told, **changed}), folder)


def test_a_case_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    assert is_case(str(case_in(tmp_path)))
    assert not is_case(str(TRACE))
    assert not is_case(str(tmp_path / "nothing"))


def test_a_case_is_written_of_its_program_and_trace(tmp_path: Path) -> None:
    subject = of_case(str(case_in(tmp_path)))
    assert (subject.name, subject.stack.name) == ("altered-offer", "wrtc")
    assert subject.finding.id == "OP-ACCEPTED"


def test_a_peer_that_does_nothing_is_not_in_the_script(tmp_path: Path) -> None:
    program = msgspec.structs.replace(library.load("altered-offer"), peers=("A", "B"))
    subject = of_case(str(case_in(tmp_path, program=program)))
    assert subject.program.peers == ("A",)


def test_a_case_is_of_its_own_fault_and_not_of_another_in_the_line(tmp_path: Path) -> None:
    trace = TRACES / "roamhq-wrtc" / "0.10.0" / "close-before-the-track-event.jsonl.gz"
    shutil.copy(trace, tmp_path)
    second = next(
        one for one in Checker().judge(str(trace)).findings if one.id == "DESCRIPTION-STATE"
    )
    case = case_in(
        tmp_path,
        fault=Fault.of(second),
        stacks={"A": Stack("roamhq-wrtc", "0.10.0")},
        program=library.load("close-before-the-track-event"),
        trace=trace.name,
        line=second.line,
        message=second.message,
        expected=second.expected,
    )
    assert of_case(str(case)).finding == msgspec.structs.replace(
        second, trace=str(tmp_path / trace.name)
    )


def test_a_case_whose_trace_shows_nothing_says_where_to_look(tmp_path: Path) -> None:
    fault = Fault("NN-MISSED", "#dfn-update-the-negotiation-needed-flag")
    case = case_in(tmp_path, fault=fault, line=3)
    with pytest.raises(UsageError, match="no departure in line 3; `negotiation check"):
        of_case(str(case))


def test_the_command_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "fault.py"
    told = ["reproduce", str(case_in(tmp_path)), "--as", "python", "--output", str(output)]
    assert main(told) == 0
    compile(output.read_text("utf-8"), str(output), "exec")
    assert not capsys.readouterr().err


def test_the_command_says_which_forms_a_stack_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["reproduce", str(case_in(tmp_path)), "--as", "js"]) == 2
    assert "there are python and pytest and html and wpt" in capsys.readouterr().err


@pytest.mark.parametrize("name", library.names())
def test_every_call_is_found_in_its_program(name: str) -> None:
    program = library.load(name)
    trace = model_trace(program)
    sites = sites_of(program, trace)
    for _, one in trace.observations:
        if isinstance(one, Call):
            kind, number, index = sites.of_call[one.id]
            scripts = program.steps if kind == "step" else program.handlers
            assert scripts[number].peer == one.peer
            assert scripts[number].do[index].call == one.method

"""The recordings in traces/: real stacks, what is expected of them, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.cli import main
from negotiation.conformance.programs import library

TRACES = Path(__file__).parent.parent / "traces"
FEWEST = 800
STACKS = ("chromium", "firefox", "wrtc")
PARTIAL = ("pion",)
"""Stacks that have not all calls, and expectations of their own beside their recordings."""
OTHERS = shutil.ignore_patterns(*PARTIAL)


def check(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_recordings_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(*(str(TRACES / stack) for stack in STACKS), capsys=capsys)
    assert code == 0
    assert told["passed"] is True
    assert isinstance(told["traces"], int)
    assert told["traces"] >= FEWEST


@pytest.mark.slow
@pytest.mark.parametrize("stack", PARTIAL)
def test_the_recordings_of_a_partial_stack_pass(
    stack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Slow: a stack that departs in most programs is followed along many states."""
    assert check(str(TRACES / stack), capsys=capsys)[0] == 0


@pytest.mark.parametrize("stack", PARTIAL)
def test_departures_of_a_partial_stack_are_confirmed_with_the_plain_stack(stack: str) -> None:
    for row in json.loads((TRACES / stack / "expectations.json").read_text()):
        if FINDINGS[row["id"]].class_ == "departure":
            assert {"stack", "versions", "anchor", "confirmed"} <= row.keys(), row
            assert (TRACES / stack / "confirmations" / row["confirmed"]).is_file()


@pytest.mark.parametrize("stack", PARTIAL)
def test_what_is_recorded_of_a_partial_stack_are_programs(stack: str) -> None:
    (folder,) = (path for path in (TRACES / stack).iterdir() if path.name[0].isdigit())
    recorded = {file.name.removesuffix(".jsonl.gz") for file in folder.iterdir()}
    assert recorded
    assert recorded <= set(library.names())


def test_without_expectations_they_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TRACES, tmp_path / "traces", ignore=OTHERS)
    (tmp_path / "traces" / "expectations.json").unlink()
    code, told = check(str(tmp_path / "traces"), capsys=capsys)
    assert code == 1
    findings = told["findings"]
    assert isinstance(findings, list)
    departures = [one for one in findings if one["class"] == "departure"]
    assert {"NN-EARLY", "NN-SPURIOUS", "OP-REJECTED"} <= {one["id"] for one in departures}
    assert {one["stack"].partition(" ")[0] for one in departures} == set(STACKS)


def test_a_finding_that_is_gone_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TRACES, tmp_path / "traces", ignore=OTHERS)
    rows = json.loads((TRACES / "expectations.json").read_text())
    gone = {"id": "NN-MISSED", "program": "first-change", "reason": "it is not there"}
    (tmp_path / "traces" / "expectations.json").write_text(json.dumps([*rows, gone]))
    code, told = check(str(tmp_path / "traces"), capsys=capsys)
    assert code == 1
    assert told["passed"] is False


def test_every_program_is_recorded_on_every_stack() -> None:
    programs = set(library.names())
    for stack in STACKS:
        (folder,) = (TRACES / stack).iterdir()
        assert {file.name.removesuffix(".jsonl.gz") for file in folder.iterdir()} == programs


def test_departures_are_of_a_version_and_confirmed_with_the_plain_stack() -> None:
    for row in json.loads((TRACES / "expectations.json").read_text()):
        if FINDINGS[row["id"]].class_ == "departure":
            assert {"stack", "versions", "anchor", "confirmed"} <= row.keys(), row


def test_the_scripts_that_confirm_expectations_are_there() -> None:
    rows = json.loads((TRACES / "expectations.json").read_text())
    named = {row["confirmed"] for row in rows if "confirmed" in row}
    assert [name for name in named if not (TRACES / "confirmations" / name).is_file()] == []

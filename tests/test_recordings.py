"""The recordings in traces/: real stacks, what is expected of them, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.cli import main
from negotiation.conformance.programs import library
from negotiation.conformance.traces.recordings import UNSUPPORTED

TRACES = Path(__file__).parent.parent / "traces"
FEWEST = 3200
LARGEST = 30_000_000
STACKS = ("chromium", "firefox", "qtwebengine", "wrtc")


def known() -> list[dict[str, str]]:
    files = TRACES.rglob("expectations.json")
    return [row for file in files for row in json.loads(file.read_text())]


def check(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_recordings_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(str(TRACES), capsys=capsys)
    assert code == 0
    assert told["passed"] is True
    assert isinstance(told["traces"], int)
    assert told["traces"] >= FEWEST


def some_of_each_stack(folder: Path) -> Path:
    """A copy with one version of each stack: all of them would take too long."""
    for stack in STACKS:
        version = min(each for each in (TRACES / stack).iterdir() if each.is_dir())
        shutil.copytree(version, folder / "traces" / stack / version.name)
    return folder / "traces"


def test_without_expectations_they_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = check(str(some_of_each_stack(tmp_path)), capsys=capsys)
    assert code == 1
    findings = told["findings"]
    assert isinstance(findings, list)
    departures = [one for one in findings if one["class"] == "departure"]
    assert {"NN-EARLY", "NN-SPURIOUS", "OP-REJECTED"} <= {one["id"] for one in departures}
    assert {one["stack"].partition(" ")[0] for one in departures} == set(STACKS)


def test_a_finding_that_is_gone_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TRACES / "wrtc", tmp_path / "traces" / "wrtc")
    rows = json.loads((TRACES / "expectations.json").read_text())
    gone = {"id": "NN-MISSED", "program": "first-change", "reason": "it is not there"}
    (tmp_path / "traces" / "expectations.json").write_text(json.dumps([*rows, gone]))
    code, told = check(str(tmp_path / "traces"), capsys=capsys)
    assert code == 1
    assert told["passed"] is False


def test_every_program_is_recorded_on_every_stack_or_said_to_be_unsupported() -> None:
    programs = set(library.names())
    for stack in STACKS:
        folders = [each for each in (TRACES / stack).iterdir() if each.is_dir()]
        assert folders
        for folder in folders:
            recorded = {file.name.removesuffix(".jsonl.gz") for file in folder.glob("*.gz")}
            told = folder / UNSUPPORTED
            lacking = set(json.loads(told.read_text())) if told.exists() else set()
            assert (recorded | lacking, recorded & lacking) == (programs, set()), folder


def test_the_recordings_are_small() -> None:
    assert sum(file.stat().st_size for file in TRACES.rglob("*.gz")) < LARGEST


def test_departures_are_of_a_version_and_confirmed_with_the_plain_stack() -> None:
    for row in known():
        if FINDINGS[row["id"]].class_ == "departure":
            assert {"stack", "versions", "anchor", "confirmed"} <= row.keys(), row


def test_the_scripts_that_confirm_expectations_are_there() -> None:
    rows = known()
    named = {row["confirmed"] for row in rows if "confirmed" in row}
    assert [name for name in named if not (TRACES / "confirmations" / name).is_file()] == []

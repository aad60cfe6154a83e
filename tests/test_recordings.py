"""The recordings in traces/: real stacks, what is expected of them, and nothing else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.cli import main
from negotiation.conformance.programs import library
from negotiation.conformance.traces.reading import read_trace

TRACES = Path(__file__).parent.parent / "traces"
FEWEST = 800
STACKS = ("chromium", "firefox", "wrtc")
PAIRS = tuple(f"{one}+{other}" for one in STACKS for other in STACKS if one != other)
EXPECTED = sorted(TRACES.rglob("expectations.json"))


def check(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_recordings_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(str(TRACES), capsys=capsys)
    assert code == 0
    assert told["passed"] is True
    assert isinstance(told["traces"], int)
    assert told["traces"] >= FEWEST


def test_without_expectations_they_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(TRACES, tmp_path / "traces")
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
    shutil.copytree(TRACES, tmp_path / "traces")
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


@pytest.mark.parametrize("pair", PAIRS)
def test_every_program_of_two_peers_is_recorded_between_stacks(pair: str) -> None:
    programs = {name for name in library.names() if len(library.load(name).peers) == 2}
    folder = TRACES / "interworking" / pair
    assert {file.name.removesuffix(".jsonl.gz") for file in folder.iterdir()} == programs
    for file in folder.iterdir():
        peers = read_trace(str(file)).header.peers
        assert [peers[name].stack.name for name in ("A", "B")] == pair.split("+")


def test_each_folder_passes_by_itself(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(str(TRACES / "interworking"), capsys=capsys)
    assert (code, told["passed"]) == (0, True)


@pytest.mark.parametrize("file", EXPECTED, ids=lambda file: file.parent.name)
def test_departures_are_of_a_version_and_confirmed_with_the_plain_stack(file: Path) -> None:
    for row in json.loads(file.read_text()):
        if FINDINGS[row["id"]].class_ == "departure":
            assert {"stack", "versions", "anchor", "confirmed"} <= row.keys(), row


def test_the_scripts_that_confirm_expectations_are_there() -> None:
    rows = [row for file in EXPECTED for row in json.loads(file.read_text())]
    named = {row["confirmed"] for row in rows if "confirmed" in row}
    assert [name for name in named if not (TRACES / "confirmations" / name).is_file()] == []

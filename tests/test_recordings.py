"""The recordings in traces/: real stacks, what is expected of them, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.cli import main
from negotiation.conformance.programs import library
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.recordings import UNSUPPORTED

ROOT = Path(__file__).parent.parent
TRACES = ROOT / "traces"
COMPATIBILITY = ROOT / "docs" / "compatibility.md"
FEWEST = 3200
LARGEST = 30_000_000
STACKS = ("chromium", "firefox", "qtwebengine", "wrtc")
PAIRED = ("chromium", "firefox", "wrtc")
PAIRS = tuple(f"{one}+{other}" for one in PAIRED for other in PAIRED if one != other)
REDUCED = sorted(
    version
    for stack in TRACES.iterdir()
    if stack.name not in (*STACKS, "confirmations", "interworking") and stack.is_dir()
    for version in stack.iterdir()
    if version.name[0].isdigit()
)
"""Versions of stacks that have not all calls: some programs, and some written out."""
LATER = {
    "chromium/156.0.8078.79": {
        "collect-before-the-event-of-a-change",
        "collect-between-negotiations",
        "collect-while-a-description-is-set",
        "collect-while-an-offer-is-created",
        "local-answer-with-an-empty-sdp",
        "local-offer-with-an-empty-sdp",
        "remote-description-with-an-empty-sdp",
        "rtcp-mux-policy-that-there-is-not",
    }
}
"""Programs that are younger than the recordings of a build that can no longer be had."""
EXPECTATIONS = sorted(TRACES.rglob("expectations.json"))


def check(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    code = main(["check", "--format", "json", *arguments])
    return code, json.loads(capsys.readouterr().out)


def test_the_recordings_pass(capsys: pytest.CaptureFixture[str]) -> None:
    code, told = check(*(str(TRACES / stack) for stack in STACKS), capsys=capsys)
    assert code == 0
    assert told["passed"] is True
    assert isinstance(told["traces"], int)
    assert told["traces"] >= FEWEST
    assert isinstance(told["findings"], list)
    assert too_broad(told["findings"]) == set()


def too_broad(findings: list[dict[str, Any]]) -> set[str]:
    """The rows that do not say what their findings are about: they would hide another fault."""
    return {
        f"{row['file']}, number {row['number']}: {one['about']}"
        for one in findings
        if (row := one["expected_by"]) is not None and row["about"] is None
        if one["about"] and one["after"] is None
    }


def copied(folder: Path, pattern: str) -> Path:
    """The recordings of these programs, with what is expected, in a folder of their own."""
    made = folder / "traces"
    for file in [*TRACES.rglob(pattern), *EXPECTATIONS]:
        target = made / file.relative_to(TRACES)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)
    return made


def test_without_expectations_they_do_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(tmp_path, "rollback-of-*.jsonl.gz")
    for file in made.rglob("expectations.json"):
        file.unlink()
    code, told = check(str(made), capsys=capsys)
    assert code == 1
    findings = told["findings"]
    assert isinstance(findings, list)
    departures = [one for one in findings if one["class"] == "departure"]
    assert {"NN-EARLY", "NN-SPURIOUS"} <= {one["id"] for one in departures}
    assert {*STACKS} <= {one["stack"].partition(" ")[0] for one in departures}


def test_a_finding_that_is_gone_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(tmp_path, "first-change.jsonl.gz")
    assert check(str(made), capsys=capsys)[0] == 0
    rows = json.loads((TRACES / "expectations.json").read_text())
    gone = {"id": "NN-MISSED", "program": "first-change", "reason": "it is not there"}
    (made / "expectations.json").write_text(json.dumps([*rows, gone]))
    code, told = check(str(made), capsys=capsys)
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
            later = LATER.get(f"{stack}/{folder.name}", set())
            assert (recorded | lacking, recorded & lacking) == (programs - later, set()), folder


def test_the_recordings_are_small() -> None:
    assert sum(file.stat().st_size for file in TRACES.rglob("*.gz")) < LARGEST


@pytest.mark.parametrize(
    "folder", REDUCED, ids=lambda folder: f"{folder.parent.name}@{folder.name}"
)
def test_what_is_recorded_of_a_reduced_stack_are_programs(folder: Path) -> None:
    written = (written_out(library.load(name)) for name in library.names())
    programs = {*library.names(), *(one.name for one in written if one is not None)}
    recorded = {file.name.removesuffix(".jsonl.gz") for file in folder.glob("*.gz")}
    assert recorded
    assert recorded <= programs


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
    assert isinstance(told["findings"], list)
    assert too_broad(told["findings"]) == set()


@pytest.mark.parametrize("file", EXPECTATIONS, ids=lambda file: file.parent.name)
def test_departures_are_of_a_version_and_confirmed_with_the_plain_stack(file: Path) -> None:
    for row in json.loads(file.read_text()):
        if FINDINGS[row["id"]].class_ == "departure":
            assert {"stack", "versions", "anchor", "confirmed"} <= row.keys(), row


@pytest.mark.parametrize("file", EXPECTATIONS, ids=lambda file: file.parent.name)
def test_the_scripts_that_confirm_expectations_are_there(file: Path) -> None:
    rows = json.loads(file.read_text())
    named = {row["confirmed"] for row in rows if "confirmed" in row}
    folders = [beside / "confirmations" for beside in (file.parent, TRACES)]
    assert [name for name in named if not any((each / name).is_file() for each in folders)] == []


def test_the_compatibility_table_is_that_of_the_recordings(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["matrix", "traces/*/[0-9]*", "--rows", "rules", "--format", "markdown"]) == 0
    told = capsys.readouterr().out
    if os.environ.get("NEGOTIATION_REWRITE"):
        COMPATIBILITY.write_text(told, encoding="utf-8")
    assert told == COMPATIBILITY.read_text(encoding="utf-8"), "docs/matrix.md says how it is made"

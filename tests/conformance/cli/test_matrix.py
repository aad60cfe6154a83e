"""`negotiation matrix`: its formats, options and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.reports.matrix.cells import Cell, Matrix

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

    from negotiation.conformance.traces.format import Line

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
OTHER = "change-while-an-operation-is-outstanding"
DOCUMENT = Path(__file__).parents[3] / "docs" / "matrix.md"


def of(version: str, *, missed: bool = False) -> Any:
    def edit(lines: list[Line]) -> list[Line]:
        peer = {"stack": {"name": "mine", "version": version}, "recorder": "r"}
        lines = altered({"peers": {"A": peer}}, kind="header")(lines)
        return dropped(**NEEDED)(lines) if missed else lines

    return edit


@pytest.fixture
def recorded(trace: Write) -> None:
    trace("t/1/first.jsonl", edit=of("9.1"))
    trace("t/1/other.jsonl", OTHER, edit=of("9.1", missed=True))
    trace("t/2/first.jsonl", edit=of("10.0", missed=True))
    trace("t/2/other.jsonl", OTHER, edit=of("10.0", missed=True))
    trace("t/2/fails.jsonl", "change-while-an-operation-fails", edit=of("10.0"))
    rows = [{"id": "NN-MISSED", "program": OTHER, "reason": "known"}]
    Path("t/expectations.json").write_text(json.dumps(rows))


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_golden(format: str, negotiation: Run, golden: Golden) -> None:
    ran = negotiation("matrix", "t", "--format", format)
    assert (ran.code, ran.err) == (0, "")
    golden(f"matrix-{format}.txt", ran.out)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("format", ["text", "markdown"])
def test_rows(format: str, negotiation: Run) -> None:
    rules = negotiation("matrix", "t", "--format", format, "--rows", "rules").out
    programs = negotiation("matrix", "t", "--format", format, "--rows", "programs").out
    assert "NN-MISSED" in rules
    assert "first-change" not in rules
    assert "first-change" in programs
    assert "Departures, by rule" not in programs


@pytest.mark.usefixtures("recorded")
def test_json_has_the_members_that_are_documented(negotiation: Run) -> None:
    told = json.loads(negotiation("matrix", "t", "--format", "json").out)
    matrix = msgspec.convert(told, Matrix)
    assert [one.short for one in matrix.columns] == ["9", "10"]
    document = DOCUMENT.read_text().partition("## The JSON")[2]
    names = set(re.findall(r"`([a-z_]+)`", document))
    assert names >= set(told) | set(Cell.__struct_fields__)
    for member in ("columns", "rules", "programs", "recordings", "sightings", "evidence", "known"):
        assert names >= set(told[member][0]), member


@pytest.mark.usefixtures("recorded")
def test_the_page_goes_to_a_file(negotiation: Run) -> None:
    ran = negotiation("matrix", "t", "--format", "html", "--output", "m.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert Path("m.html").read_text().startswith("<!DOCTYPE html>")


@pytest.mark.usefixtures("recorded")
def test_what_cannot_be_read_is_told(negotiation: Run) -> None:
    Path("t/odd.jsonl").write_bytes(b"[]\n")
    ran = negotiation("matrix", "t")
    assert ran.code == 3
    assert ran.err.startswith("negotiation: t/odd.jsonl:1: ")
    assert "Could not be read:" in ran.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "are required: TRACE"),
        (("nowhere",), "nowhere: there is no such file or folder"),
        (("t", "--format", "xml"), "invalid choice: 'xml'"),
        (("-", "t"), "cannot be mixed"),
        (("t", "--expectations", "none.json"), "none.json: cannot be read"),
    ],
)
@pytest.mark.usefixtures("recorded")
def test_wrong_usage(arguments: tuple[str, ...], says: str, negotiation: Run) -> None:
    ran = negotiation("matrix", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err

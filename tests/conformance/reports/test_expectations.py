"""Expectations: which findings they cover, when they are stale, and what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.expectations import (
    Expectation,
    Row,
    expectations_for,
    is_within,
    read_expectations,
    stale,
)
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, unchanged
from negotiation.conformance.reports.judged import Judged, judge_trace
from negotiation.conformance.traces.writing import write_trace

MISSED = dropped(kind="event", name="negotiationneeded")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def judged(
    file: str = "a.jsonl",
    edit: Edit = unchanged,
    name: str = "chromium",
    version: str = "118.0.5",
) -> Judged:
    program = load("first-change")
    lines = edit(trace_of(program, run_program(program), profile="page", date="2026-01-01"))
    peer = {"stack": {"name": name, "version": version}, "recorder": "test"}
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    write_trace(file, altered({"peers": {"A": peer}}, kind="header")(lines))
    return judge_trace(file, Checker())


def expectation(folder: str | None = None, **row: str) -> Expectation:
    told = {"id": "NN-MISSED", "program": "first-change", "reason": "known", **row}
    return Expectation(Row(**told), "expectations.json", 1, folder)


@pytest.mark.parametrize(
    ("version", "versions", "within"),
    [
        ("118.0.5", ">=106,<150", True),
        ("106", ">=106,<150", True),
        ("150.0", ">=106,<150", False),
        ("150.1", ">=106,<150", False),
        ("105.9", ">=106", False),
        ("118.0.5", "118.0.5", True),
        ("118.0", "118", True),
        ("118.0.5", "118", False),
        ("118.0", "==118", True),
        ("118", ">118", False),
        ("118.0.1", "<=118.0.1", True),
        ("153.7.0esr", ">=153,<154", True),
        ("153.7.0esr", "153.7.0esr", True),
        ("", ">=1", False),
        ("unknown", "<9", False),
        ("9", "<10", True),
    ],
)
def test_versions(version: str, versions: str, within: bool) -> None:
    assert is_within(version, versions) is within


@pytest.mark.parametrize("versions", ["", "new", ">=", "1 2", ">=1,", "=>1", "~=1"])
def test_no_versions(versions: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it carries the part that is wrong, only
        is_within("1", versions)


@pytest.mark.parametrize(
    ("row", "expects"),
    [
        ({}, True),
        ({"program": "*"}, True),
        ({"program": "first-*"}, True),
        ({"program": "another"}, False),
        ({"stack": "chrom*"}, True),
        ({"stack": "firefox"}, False),
        ({"versions": ">=100"}, True),
        ({"versions": ">=119"}, False),
        ({"id": "NN-LATE"}, False),
        ({"anchor": "#dfn-update-the-negotiation-needed-flag"}, True),
        ({"anchor": "#dfn-chain"}, False),
        ({"folder": "."}, True),
        ({"folder": "elsewhere"}, False),
    ],
)
def test_what_is_expected(row: dict[str, str], expects: bool) -> None:
    one = judged(edit=MISSED)
    (finding,) = one.verdict.findings
    assert expectation(**row).expects(one, finding) is expects


@pytest.mark.parametrize(
    ("row", "is_stale"),
    [
        ({}, True),
        ({"program": "*"}, True),
        ({"stack": "firefox"}, False),
        ({"program": "another"}, False),
        ({"versions": "<100"}, False),
    ],
)
def test_what_is_stale(row: dict[str, str], is_stale: bool) -> None:
    assert bool(stale([expectation(**row)], [judged()])) is is_stale


def test_what_matched_somewhere_is_not_stale() -> None:
    both = [judged("a.jsonl"), judged("b.jsonl", edit=MISSED)]
    assert stale([expectation()], both) == []


def test_nothing_is_stale_by_a_trace_that_was_not_judged_to_its_end() -> None:
    judged()
    for torn in (b"{", b"{}\n"):
        content = Path("a.jsonl").read_bytes()
        Path("b.jsonl").write_bytes(content + torn)
        assert stale([expectation()], [judge_trace("b.jsonl", Checker())]) == []


def write(folder: str, *rows: object) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "expectations.json").write_text(json.dumps(rows))


ROW = {"id": "NN-MISSED", "program": "*", "reason": "known"}


def test_files_are_found_beside_the_traces_and_above_up_to_what_was_named() -> None:
    judged("top/middle/low/a.jsonl")
    judged("top/other/b.jsonl")
    for folder in (".", "top", "top/middle", "top/middle/low", "top/empty"):
        write(folder, ROW)

    def found(*names: str) -> set[str]:
        return {one.file for one in expectations_for(names)}

    low = "top/middle/low/expectations.json"
    middle = "top/middle/expectations.json"
    assert found("top") == {low, middle, "top/expectations.json"}
    assert found("top/middle") == {low, middle}
    assert found("top/middle/low/a.jsonl") == {low}
    assert found("top/*/low/*.jsonl") == {low}
    assert found("top/other") == set()
    assert found("top", "top/middle") == {low, middle, "top/expectations.json"}
    assert found("-") == set()


def test_a_file_is_about_the_traces_below_it_only() -> None:
    write("top/middle", ROW)
    (one,) = expectations_for([judged("top/middle/a.jsonl", edit=MISSED).verdict.trace])
    assert one.is_about(judged("top/middle/a.jsonl"), "A")
    assert not one.is_about(judged("top/other/a.jsonl"), "A")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[{", "e.json: not JSON"),
        ("{}", "e.json: Expected `array`, got `object`".replace("`", "")),
        ("[1]", "e.json: field `[0]`: Expected object, got int"),
        ([{}], "e.json: field `[0]`: Object missing required field id"),
        ([ROW, {**ROW, "id": 3}], "e.json: field `[1].id`: Expected str, got int"),
        ([{**ROW, "stak": "x"}], "e.json: field `[0]`: Object contains unknown field stak"),
        (
            [{**ROW, "id": "NN-MISED"}],
            "e.json: field `[0].id`: there is no finding 'NN-MISED'; did",
        ),
        ([{**ROW, "id": "x"}], "`negotiation explain` lists them"),
        ([{**ROW, "id": "GLARE-YIELDED"}], "e.json: field `[0].id`: GLARE-YIELDED is a note"),
        ([{**ROW, "reason": " "}], "e.json: field `[0].reason`: says nothing"),
        ([{**ROW, "versions": "new"}], "e.json: field `[0].versions`: 'new' is no range; write"),
    ],
)
def test_a_file_that_is_wrong(content: object, says: str) -> None:
    Path("e.json").write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(UsageError) as told:
        read_expectations("e.json")
    assert says in str(told.value)


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: cannot be read \(No such file"):
        read_expectations("nowhere.json")

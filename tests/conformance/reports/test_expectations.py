"""Expectations: which findings they cover, when they are stale, and what is wrong with a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.expectations import (
    Expectation,
    Row,
    Stale,
    expectations_for,
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
    (tmp_path / ".git").mkdir()  # nothing above this folder counts


def judged(
    file: str = "a.jsonl",
    edit: Edit = unchanged,
    name: str = "chromium",
    version: str = "118.0.5",
    program_name: str = "first-change",
) -> Judged:
    program = load(program_name)
    lines = edit(trace_of(program, run_program(program), profile="page", date="2026-01-01"))
    peer = {"stack": {"name": name, "version": version}, "recorder": "test"}
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    write_trace(file, altered({"peers": {"A": peer}}, kind="header")(lines))
    return judge_trace(file, Checker())


def expectation(folder: str | None = None, **row: Any) -> Expectation:
    told = {"id": "NN-MISSED", "program": "first-change", "reason": "known", **row}
    return Expectation(msgspec.convert(told, Row), "expectations.json", 1, folder)


@pytest.mark.parametrize(
    ("row", "expects"),
    [
        ({}, True),
        ({"program": "*"}, True),
        ({"program": "first-*"}, True),
        ({"program": "another"}, False),
        ({"program": ["another", "first-change"]}, True),
        ({"program": ["another", "first-*"]}, True),
        ({"program": ["another", "others"]}, False),
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
def test_what_is_expected(row: dict[str, Any], expects: bool) -> None:
    one = judged(edit=MISSED)
    (finding,) = one.verdict.findings
    assert expectation(**row).expects(one, finding) is expects


@pytest.mark.parametrize(
    ("about", "expects"),
    [
        (None, True),
        ("mid is null, not a mid", True),
        ("mid is *", True),
        ("direction is another", False),
        ("", False),
        (["direction is another", "mid is *"], True),
        (["", "direction is another"], False),
    ],
)
def test_what_a_finding_has_to_be_about(about: str | list[str] | None, expects: bool) -> None:
    one = judged(edit=MISSED)
    (finding,) = one.verdict.findings
    finding = msgspec.structs.replace(finding, about="mid is null, not a mid")
    row: dict[str, Any] = {} if about is None else {"about": about}
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


def test_each_program_of_a_list_must_have_the_finding() -> None:
    row = expectation(program=["first-change", "change-undone-later", "same-*", "not-recorded"])
    had = judged("a.jsonl", edit=MISSED)
    lost = judged("b.jsonl", program_name="change-undone-later")
    same = judged("c.jsonl", program_name="same-direction-and-stopped")
    assert stale([row], [had]) == []
    assert stale([row], [had, lost]) == [Stale(row, ("change-undone-later",))]
    assert stale([row], [had, lost, same]) == [Stale(row, ("change-undone-later", "same-*"))]


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


def found(*names: str) -> list[str]:
    return list(dict.fromkeys(one.file for one in expectations_for(names)))


def test_files_are_found_beside_the_traces_and_above_the_nearest_first() -> None:
    judged("top/middle/low/a.jsonl")
    judged("top/other/b.jsonl")
    for folder in (".", "top", "top/middle", "top/middle/low", "top/empty"):
        write(folder, ROW)
    root, top = "expectations.json", "top/expectations.json"
    above = [top, root]
    all = ["top/middle/low/expectations.json", "top/middle/expectations.json", *above]
    assert found("top") == all
    assert found("top/middle") == all
    assert found("top/middle/low/a.jsonl") == all
    assert found("top/*/low/*.jsonl") == all
    assert found("top/other", "top/middle") == all
    assert found("top/other") == above
    assert found("-") == []


def test_files_are_found_above_the_working_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    judged("top/middle/a.jsonl")
    write("top", ROW)
    monkeypatch.chdir("top/middle")
    assert found("a.jsonl") == found(".") == ["../expectations.json"]
    (one,) = expectations_for(["a.jsonl"])
    assert one.is_about(judged("a.jsonl"), "A")
    monkeypatch.chdir("..")
    absolute = Path.cwd() / "middle" / "a.jsonl"
    assert found(str(absolute)) == [str(Path.cwd() / "expectations.json")]


def test_nothing_above_the_repository_counts_but_what_is_named_does() -> None:
    judged("top/repository/low/a.jsonl")
    for folder in ("top", "top/repository/low"):
        write(folder, ROW)
    Path("top/repository/.git").mkdir()
    low, top = "top/repository/low/expectations.json", "top/expectations.json"
    assert found("top/repository") == found("top/repository/low/a.jsonl") == [low]
    assert found("top") == [low, top]


def test_above_a_link_is_what_is_above_the_folder_itself() -> None:
    judged("far/away/a.jsonl")
    write("far", ROW)
    Path("near").mkdir()
    Path("near/link").symlink_to("../far/away")
    write("near", ROW)
    (one,) = expectations_for(["near/link/a.jsonl"])
    assert Path(one.file).samefile("far/expectations.json")


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
        (
            [ROW, {**ROW, "reason": " "}],
            "e.json: field `[1].reason`: the reason for NN-MISSED of * says nothing; write why",
        ),
        (
            [{**ROW, "program": ["a", "b"], "reason": ""}, {**ROW, "reason": ""}],
            "the reason for NN-MISSED of a and 1 more (and of 1 more) says nothing",
        ),
        ([{**ROW, "reason": None}], "e.json: field `[0].reason`: Expected str, got null"),
        ([{**ROW, "versions": "new"}], "e.json: field `[0].versions`: 'new' is no range; write"),
        ([{**ROW, "program": []}], "e.json: field `[0].program`: names no program"),
        ([{**ROW, "program": ["a", "b", "a"]}], "e.json: field `[0].program[2]`: 'a' is there"),
        ([{**ROW, "program": ["a", 1]}], "e.json: field `[0].program[1]`: Expected str, got int"),
        ([{**ROW, "program": 1}], "e.json: field `[0].program`: Expected str | array, got int"),
        ([{**ROW, "confirmed": "../a.js"}], "e.json: field `[0].confirmed`: '../a.js' is no"),
        ([{**ROW, "confirmed": "a.sh"}], "name one in confirmations/"),
    ],
)
def test_a_file_that_is_wrong(content: object, says: str) -> None:
    Path("e.json").write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(UsageError) as told:
        read_expectations("e.json")
    assert says in str(told.value)


def test_reasons_that_are_still_to_be_written_can_be_read() -> None:
    write(".", {**ROW, "reason": "", "confirmed": "the-event-comes-early.py"})
    (one,) = read_expectations("expectations.json", unfilled=True)
    assert one.row == Row("NN-MISSED", "*", "", confirmed="the-event-comes-early.py")


def test_a_file_that_cannot_be_read() -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json: cannot be read \(No such file"):
        read_expectations("nowhere.json")

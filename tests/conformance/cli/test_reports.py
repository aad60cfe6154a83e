"""What `check` tells in each format, of traces that are really judged."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
from tests.conformance.reports.formats.test_junit import schema as junit_schema
from tests.conformance.reports.formats.test_sarif import schema as sarif_schema

from negotiation.conformance.reports.falsifying import dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
EXPECTED = {"id": "NN-MISSED", "program": ["first-change", "gone"], "reason": "known", "link": "x"}


@pytest.fixture
def recorded(trace: Write) -> None:
    """One trace of each outcome, and an expectation that no longer holds."""
    trace("t/a b/passed.jsonl")
    trace("t/a b/failed.jsonl", "change-while-an-operation-fails")
    trace("t/known/expected.jsonl", edit=dropped(**NEEDED))
    trace("t/known/torn.jsonl")
    with open("t/known/torn.jsonl", "a") as file:
        file.write('{"kind":"mark"}\n')
    rows = [EXPECTED, {"id": "NN-LATE", "program": "first-change", "reason": "was so"}]
    Path("t/expectations.json").write_text(json.dumps(rows, indent=1))


def sarif(negotiation: Run, *arguments: str) -> Any:
    negotiation("check", *arguments, "--output", "r.sarif")
    log = json.loads(Path("r.sarif").read_text())
    sarif_schema().validate(log)
    return log["runs"][0]


@pytest.mark.usefixtures("recorded")
def test_junit(negotiation: Run) -> None:
    assert negotiation("check", "t", "--output", "r.xml").code == 1
    junit_schema().validate("r.xml")
    root = ElementTree.parse("r.xml").getroot()
    told = {
        (one.get("classname"), one.get("name")): [part.tag for part in one]
        for one in root.iter("testcase")
    }
    assert told == {
        ("t.a b", "passed.jsonl"): ["system-out"],
        ("t.a b", "failed.jsonl"): ["failure", "system-out"],
        ("t.known", "expected.jsonl"): ["system-out"],
        ("t.known", "torn.jsonl"): ["error", "system-out"],
        ("t.expectations_json", "NN-LATE of first-change"): ["failure"],
    }
    (known,) = (one for one in root.iter("testcase") if one.get("name") == "expected.jsonl")
    assert "because known; t/expectations.json (number 1)" in (known.findtext("system-out") or "")
    (stale,) = (one for one in root.iter("testcase") if "NN-LATE" in (one.get("name") or ""))
    assert (stale.get("file"), stale.get("line")) == ("t/expectations.json", "11")


@pytest.mark.usefixtures("recorded")
def test_sarif(negotiation: Run) -> None:
    run = sarif(negotiation, "t")
    found = {one["ruleId"]: one for one in run["results"]}
    assert set(found) == {"APP-WRONG-STATE", "NN-MISSED", "EXPECTATION-STALE"}
    assert [one["id"] for one in run["tool"]["driver"]["rules"]] == [*found]
    wrong = found["APP-WRONG-STATE"]
    assert wrong["level"] == "error"
    place = wrong["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "t/a%20b/failed.jsonl", "uriBaseId": "SRCROOT"}
    flow = wrong["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [one["location"]["physicalLocation"]["region"]["startLine"] for one in flow]
    assert lines == sorted(lines)
    assert lines[-1] == place["region"]["startLine"]
    assert flow[0]["location"]["message"]["text"].startswith("2: call createAnswer #1")
    assert found["NN-MISSED"]["suppressions"][0]["justification"].startswith("known (t/exp")
    assert "codeFlows" not in found["NN-MISSED"]
    stale = found["EXPECTATION-STALE"]["locations"][0]["physicalLocation"]
    assert stale["artifactLocation"]["uri"] == "t/expectations.json"
    assert stale["region"]["startLine"] == 11
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert any("torn.jsonl" in one["message"]["text"] for one in notes)


def test_files_are_named_from_the_top_of_the_repository(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("deep/t/a.jsonl", edit=dropped(**NEEDED))
    monkeypatch.setenv("GITHUB_WORKSPACE", os.getcwd())
    os.chdir("deep")
    for name in ("t/a.jsonl", os.path.abspath("t/a.jsonl")):
        (result,) = sarif(negotiation, name)["results"]
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "deep/t/a.jsonl"
        assert "file=deep/t/a.jsonl,line=4," in negotiation("check", name, "--format", "github").out


def test_standard_input_has_no_place(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("a.jsonl", edit=dropped(**NEEDED))
    given = io.TextIOWrapper(io.BytesIO(Path("a.jsonl").read_bytes()))
    monkeypatch.setattr(sys, "stdin", given)
    (result,) = sarif(negotiation, "-")["results"]
    assert "locations" not in result


def test_a_call_of_a_dump_is_in_the_dump_and_in_no_line_of_it(negotiation: Run) -> None:
    shutil.copy(Path(__file__).parents[3] / "docs/dumps/called-in-wrong-state.txt", "dump.txt")
    told = negotiation("check", "dump.txt", "--format", "github").out
    assert told.startswith("::error file=dump.txt,title=APP-DEAD-ANSWER%3A ")
    assert "negotiation replay 'dump.txt#17-1:23'" in told
    result = sarif(negotiation, "dump.txt")["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]) == ("dump.txt", {"startLine": 1})


def test_a_fault_of_two_runs_has_one_fingerprint(negotiation: Run, trace: Write) -> None:
    def found() -> tuple[int, str]:
        (result,) = sarif(negotiation, "t")["results"]
        line = result["locations"][0]["physicalLocation"]["region"]["startLine"]
        return line, result["partialFingerprints"]["primaryLocationLineHash"]

    trace("t/a.jsonl", "change-while-an-operation-is-outstanding", edit=dropped(**NEEDED))
    line, fingerprint = found()
    trace("t/a.jsonl", edit=dropped(**NEEDED))
    another, same = found()
    assert line != another
    assert fingerprint == same


def test_what_is_repeated_in_another_recording_has_its_flow(negotiation: Run, trace: Write) -> None:
    # The second one says the same and is not followed again: its lines are read once more.
    trace("t/a.jsonl", "change-while-an-operation-fails")
    trace("t/b.jsonl", "change-while-an-operation-fails")
    first, second = sarif(negotiation, "t")["results"]
    assert len(first["codeFlows"][0]["threadFlows"][0]["locations"]) > 1
    flows = [
        [
            (line["location"]["message"]["text"])
            for line in one["codeFlows"][0]["threadFlows"][0]["locations"]
        ]
        for one in (first, second)
    ]
    assert flows[0] == flows[1]


@pytest.mark.usefixtures("recorded")
def test_markdown_and_annotations(negotiation: Run) -> None:
    told = negotiation("check", "t", "--format", "markdown").out
    for part in (
        "## ❌ negotiation check: Failed",
        "| ❌ | failed | 2 |",
        "| ⛔ | unreadable | 1 |",
        "### APP-WRONG-STATE",
        "### EXPECTATION-STALE: an expectation no longer holds",
        "<summary>Could not be read (what came before was judged): 1</summary>",
        "<summary>Expected: 1</summary>",
        "- 1 x NN-MISSED",
    ):
        assert part in told
    lines = negotiation("check", "t", "--format", "github").out.splitlines()
    assert [line[:40] for line in lines[:3]] == [
        "::error file=t/a b/failed.jsonl,line=6,t",
        "::error file=t/expectations.json,line=11",
        "::error file=t/known/torn.jsonl,line=1,t",
    ]
    assert lines[3].startswith("negotiation check: Failed. 4 traces of")


@pytest.mark.usefixtures("recorded")
def test_the_matrix(negotiation: Run) -> None:
    ran = negotiation("matrix", "t/a b", "t/known", "--output", "m.xml", "--output", "m.sarif")
    assert ran.code == 0
    junit_schema().validate("m.xml")
    sarif_schema().validate(json.loads(Path("m.sarif").read_text()))
    root = ElementTree.parse("m.xml").getroot()
    told = {one.get("name"): [part.tag for part in one] for one in root.iter("testcase")}
    assert told["change-while-an-operation-fails"][0] == "failure"
    assert told["first-change"] == ["system-out"]

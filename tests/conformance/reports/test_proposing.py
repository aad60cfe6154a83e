"""Proposals: after them the gate passes, nothing else changed, and nothing is left to propose."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.expectations import Row
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, unchanged
from negotiation.conformance.reports.judged import Judged, judge_trace
from negotiation.conformance.reports.proposing import ExpectationFiles, Proposed, propose
from negotiation.conformance.traces.writing import write_trace

replace = msgspec.structs.replace

FILE = "t/expectations.json"
MISSED = dropped(kind="event", name="negotiationneeded")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "t").mkdir()


def judged(
    file: str,
    ran: str = "first-change",
    edit: Edit = unchanged,
    stack: dict[str, str] | None = None,
    **header: Any,
) -> Judged:
    named = {"name": "chromium", "version": "156.0.8078.79"} | (stack or {})
    program = load(ran)
    lines = edit(trace_of(program, run_program(program), profile="page", date="2026-01-01"))
    peers = {name: {"stack": named, "recorder": "test"} for name in program.peers}
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    write_trace(file, altered({"peers": peers, **header}, kind="header")(lines))
    return judge_trace(file, Checker())


def missed(file: str, ran: str = "first-change", **more: Any) -> Judged:
    return judged(file, ran, MISSED, **more)


def expect(*rows: Any, file: str = FILE) -> str:
    text = json.dumps(rows)
    Path(file).write_text(text)
    return text


def proposed(*traces: Judged, only: str | None = None) -> Proposed:
    return propose(traces, ExpectationFiles(["t"], only))


def write(told: Proposed) -> None:
    for one in told.proposals:
        Path(one.file).write_text(one.after)


ROW = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}
UPDATE = "#dfn-update-the-negotiation-needed-flag"


def test_departures_become_rows_by_stack_major_version_kind_and_rule() -> None:
    traces = [
        missed("t/a.jsonl"),
        missed("t/b.jsonl", "change-undone-later"),
        missed("t/c.jsonl", stack={"version": "150.0"}),
        missed("t/d.jsonl", stack={"name": "firefox", "version": "153.7.0esr"}),
    ]
    told = proposed(*traces)
    assert [one.file for one in told.proposals] == [FILE]
    (proposal,) = told.proposals
    assert [(row.stack, row.versions, row.program) for row in proposal.added] == [
        ("chromium", "150", ("first-change",)),
        ("chromium", "156", ("change-undone-later", "first-change")),
        ("firefox", "153", ("first-change",)),
    ]
    assert {(row.id, row.anchor, row.reason) for row in proposal.added} == {
        ("NN-MISSED", UPDATE, "")
    }
    assert proposal.unfilled == (1, 2, 3)
    assert told.exit_code(written=False) == told.exit_code(written=True) == 1


def test_departures_that_are_about_something_else_are_rows_of_their_own() -> None:
    trace = missed("t/a.jsonl")
    (first,) = trace.verdict.findings
    others = [replace(first, about=about) for about in ("too [many]", "missing", "missing")]
    verdict = replace(trace.verdict, findings=(first, *others))
    told = proposed(replace(trace, verdict=verdict))
    abouts = [row.about for row in told.proposals[0].added]
    assert abouts == [None, "missing", "too [[]many]"]
    write(told)
    assert told.gate.exit_code == 0
    assert {one["about"] for one in json.loads(Path(FILE).read_text()) if "about" in one} == {
        "missing",
        "too [[]many]",
    }


def test_faults_are_of_every_stack() -> None:
    program = "change-while-an-operation-fails"
    other = {"name": "firefox", "version": "153.0"}
    told = proposed(judged("t/a.jsonl", program), judged("t/b.jsonl", program, stack=other))
    (row,) = told.proposals[0].added
    assert row == Row("APP-WRONG-STATE", (program,), "", anchor=row.anchor)


def test_what_follows_from_a_finding_needs_no_row_of_its_own() -> None:
    trace = missed("t/a.jsonl")
    (first,) = trace.verdict.findings
    then = replace(first, id="OP-ORDER", line=first.line + 1, after=first.line)
    last = replace(first, id="OP-ERROR", line=first.line + 2, after=then.line)
    verdict = replace(trace.verdict, findings=(first, then, last))
    told = proposed(replace(trace, verdict=verdict))
    assert [row.id for row in told.proposals[0].added] == ["NN-MISSED"]
    assert told.gate.passed


def test_a_file_that_is_true_stays_byte_by_byte() -> None:
    trace = missed("t/a.jsonl")
    text = ' [ {"id":"NN-MISSED" , "reason": "\\u00e9", "program" :["first-*"]} ]'
    Path(FILE).write_text(text)
    told = proposed(trace)
    assert [one.after for one in told.proposals] == [text]
    assert not told.is_change
    assert told.exit_code(written=False) == 0


def test_what_is_stale_goes_and_the_rest_stays() -> None:
    gone, kept = {**ROW, "program": ["change-undone-later"]}, {**ROW, "program": ["first-change"]}
    some = {**ROW, "program": ["change-undone-later", "first-change", "never-recorded"]}
    expect(gone, kept, some)
    told = proposed(missed("t/a.jsonl"), judged("t/b.jsonl", "change-undone-later"))
    (proposal,) = told.proposals
    assert proposal.added == ()
    assert json.loads(proposal.after) == [
        kept,
        {**ROW, "program": ["first-change", "never-recorded"]},
    ]
    assert told.exit_code(written=False) == 1
    assert told.exit_code(written=True) == 0


def test_rows_without_a_reason_are_told_until_it_is_written() -> None:
    expect({**ROW, "reason": ""})
    told = proposed(missed("t/a.jsonl"))
    assert not told.is_change
    assert told.proposals[0].unfilled == (1,)
    assert told.exit_code(written=True) == 1


def test_rows_go_to_the_nearest_file() -> None:
    expect()
    low = missed("t/low/a.jsonl")
    expect(file="t/low/expectations.json")
    told = proposed(low, missed("t/b.jsonl"))
    assert {one.file: len(one.added) for one in told.proposals} == {
        "t/low/expectations.json": 1,
        FILE: 1,
    }
    write(told)
    assert not proposed(low, missed("t/b.jsonl")).is_change


def test_without_a_file_there_will_be_one_in_what_was_named() -> None:
    trace = missed("t/low/a.jsonl")
    (proposal,) = proposed(trace).proposals
    assert (proposal.file, proposal.before) == (FILE, None)
    assert proposal.diff[:2] == ["--- /dev/null", f"+++ {FILE}"]
    (proposal,) = propose([trace], ExpectationFiles(["t/low/a.jsonl"], None)).proposals
    assert proposal.file == "t/low/expectations.json"
    (proposal,) = proposed(trace, only="mine.json").proposals
    assert proposal.file == "mine.json"


def test_standard_input_has_no_file() -> None:
    trace = missed("t/a.jsonl")
    verdict = msgspec.structs.replace(trace.verdict, trace="-")
    stdin = msgspec.structs.replace(trace, verdict=verdict)
    with pytest.raises(UsageError, match="name --expectations"):
        propose([stdin], ExpectationFiles(["-"], None))
    assert propose([stdin], ExpectationFiles(["-"], "mine.json")).gate.passed


def test_names_in_a_trace_are_no_patterns() -> None:
    told = proposed(missed("t/a.jsonl", program="*", stack={"name": "[a]?"}))
    (row,) = told.proposals[0].added
    assert (row.program, row.stack) == (("[*]",), "[[]a][?]")
    assert told.gate.passed


KINDS: dict[str, Callable[[str], Judged]] = {
    "a": missed,
    "b": judged,
    "c": lambda file: missed(file, "change-undone-later"),
    "d": lambda file: missed(file, stack={"name": "firefox", "version": "unknown"}),
    "e": lambda file: judged(file, "change-while-an-operation-fails"),
    "f": lambda file: judged(file, "change-undone-later"),
    "g": lambda file: judged(file, "two-tracks-in-one-offer", dropped(kind="event", name="track")),
}

PROGRAMS: list[Any] = ["*", "first-change", ["first-*", "change-undone-later"], ["none"]]

some_rows = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["NN-MISSED", "NN-LATE", "APP-WRONG-STATE"]),
        "program": st.sampled_from(PROGRAMS),
        "reason": st.sampled_from(["known", ""]),
    }
)


@settings(max_examples=40)
@given(st.sets(st.sampled_from(sorted(KINDS)), min_size=1), st.lists(some_rows, max_size=3))
def test_after_a_proposal_the_gate_passes_and_nothing_is_proposed(
    kinds: set[str], rows: list[dict[str, Any]]
) -> None:
    traces = [KINDS[kind](f"t/{kind}.jsonl") for kind in sorted(kinds)]
    expect(*rows)
    told = proposed(*traces)
    assert told.gate.passed
    write(told)
    again = proposed(*traces)
    assert not again.is_change
    assert again.exit_code(written=False) == (1 if again.unfilled else 0)

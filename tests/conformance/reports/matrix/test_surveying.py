"""What a cell says, and that it never says more than was seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from negotiation.conformance.reports.falsifying import altered, dropped
from negotiation.conformance.reports.links import command
from negotiation.conformance.reports.matrix.cells import Matrix, Rule, differ

if TYPE_CHECKING:
    from tests.conformance.reports.matrix.conftest import Expect, Record, Survey_

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
MISSED = dropped(**NEEDED)
ODD = altered({"args": {"description": {"type": "sideways"}}}, kind="call")


def statuses(matrix: Matrix, program: str) -> list[str]:
    (row,) = (one for one in matrix.programs if one.name == program)
    return [cell.status for cell in row.cells]


def rule(matrix: Matrix, id: str) -> Rule:
    (row,) = (one for one in matrix.rules if one.id == id)
    return row


def test_columns_are_in_the_order_of_names_and_numbers(record: Record, surveyed: Survey_) -> None:
    for stack in ("b 10.1", "b 9.2", "a 1.10.0", "a 1.9.0", "b 100.0esr", "c 0.10", "c 0.9"):
        record("first-change", stack)
    columns = surveyed().columns
    assert [one.title for one in columns] == [
        *("a 1.9.0", "a 1.10.0", "b 9.2", "b 10.1", "b 100.0esr", "c 0.9", "c 0.10")
    ]
    assert [one.short for one in columns] == ["1.9", "1.10", "9", "10", "100", "0.9", "0.10"]


def test_each_status(record: Record, surveyed: Survey_) -> None:
    record("first-change", "a 1")
    record("first-change", "a 2", MISSED)
    record("two-tracks-in-one-offer", "a 2", ODD)
    record("two-tracks-in-one-offer", "a 1")
    record("first-change", "a 4", lambda lines: lines[:-2])
    Path("t/003.jsonl").write_bytes(Path("t/003.jsonl").read_bytes()[:-9])
    matrix = surveyed()
    assert statuses(matrix, "first-change") == ["conforms", "departs", "conforms"]
    assert statuses(matrix, "two-tracks-in-one-offer") == ["undecided", "undecided", "unsupported"]
    assert [one.departs for one in matrix.columns] == [0, 1, 0]
    assert [one.undecided for one in matrix.columns] == [1, 1, 0]
    assert "the recording breaks off" in matrix.recordings[3].undecided


def test_what_versions_show_alike_is_told_once_and_whole(
    record: Record, surveyed: Survey_, expect: Expect
) -> None:
    """A recording that says what another one said is recognised, and not followed again."""
    row = {"id": "NN-MISSED", "stack": "a", "program": "first-change", "reason": "known"}
    expect(row)
    for version in "123":
        record("first-change", f"a {version}", MISSED)
    matrix = surveyed()
    assert len(matrix.sightings) == 3
    (evidence,) = matrix.evidence
    assert 0 in [line.at for line in evidence.lines]
    assert evidence.observed is not None


def test_a_rule_conforms_only_where_it_was_tried(record: Record, surveyed: Survey_) -> None:
    record("first-change", "a 1", MISSED)
    record("change-while-an-operation-is-outstanding", "a 1", MISSED)
    record("first-change", "a 2")
    record("rollback-in-stable-is-refused", "a 3")
    record("first-change", "a 4")
    Path("t/004.jsonl").write_bytes(Path("t/004.jsonl").read_bytes()[:-9])
    missed = rule(surveyed(), "NN-MISSED")
    assert missed.seen_in == 2
    assert [one.status for one in missed.cells] == [
        *("departs", "conforms", "unsupported", "undecided")
    ]
    assert [one.programs for one in missed.cells] == [2, 0, 0, 0]
    assert [one.judged for one in missed.cells] == [2, 1, 0, 0]


def test_faults_are_no_departures(record: Record, surveyed: Survey_) -> None:
    record("change-while-an-operation-fails", "a 1")
    matrix = surveyed()
    assert statuses(matrix, "change-while-an-operation-fails") == ["conforms"]
    assert matrix.departures == ()
    (fault,) = matrix.faults
    assert (fault.id, fault.cells[0].status) == ("APP-WRONG-STATE", "faults")
    assert matrix.programs[0].cells[0].unknown == 1


def test_a_recording_that_contradicts_itself_decides_nothing(
    record: Record, surveyed: Survey_
) -> None:
    from negotiation.conformance.reports.examples import EXAMPLES

    example = EXAMPLES["RECORDING-CONTRADICTS"]
    program = str(example.program)
    record(program, "a 1", example.edit)
    matrix = surveyed()
    assert matrix.faults[0].id == "RECORDING-CONTRADICTS"
    assert statuses(matrix, program) == ["undecided"]


def test_what_is_known(record: Record, expect: Expect, surveyed: Survey_) -> None:
    expect({"id": "NN-MISSED", "program": "*", "versions": "1", "reason": "it forgets"})
    for version in "12":
        record("first-change", f"a {version}", MISSED)
    matrix = surveyed()
    assert [one.unknown for one in rule(matrix, "NN-MISSED").cells] == [0, 1]
    assert [one.known for one in matrix.sightings] == [0, None]
    assert matrix.known[0].reason == "it forgets"
    assert differ(rule(matrix, "NN-MISSED").cells)


def test_evidence_is_shared_between_versions(record: Record, surveyed: Survey_) -> None:
    for version in "123":
        quiet = altered({"quiet": 30.0 + int(version)}, kind="idle")
        record("first-change", f"a {version}", lambda lines, quiet=quiet: quiet(MISSED(lines)))
    matrix = surveyed()
    assert len(matrix.sightings) == 3
    (evidence,) = matrix.evidence
    assert [one.at for one in evidence.lines if one.observed.startswith("idle")] == [0]
    assert evidence.states
    assert evidence.expected == ("negotiationneeded",)
    for one in matrix.sightings:
        recording = matrix.recordings[one.recording]
        assert one.replay == command("replay", recording.trace, one.line)


def test_two_stacks_in_one_trace(record: Record, surveyed: Survey_) -> None:
    edit = dropped(kind="event", name="signalingstatechange", peer="B")
    record("offer-and-answer-of-two-peers", "a 1", edit, B="b 2")
    matrix = surveyed()
    assert [one.title for one in matrix.columns] == ["a 1", "b 2"]
    assert statuses(matrix, "offer-and-answer-of-two-peers") == ["conforms", "departs"]


def test_a_trace_without_a_header(record: Record, surveyed: Survey_) -> None:
    record("first-change", "a 1")
    Path("t/none.jsonl").write_bytes(b"{}\n")
    (unreadable,) = surveyed().unreadable
    assert unreadable.trace == "t/none.jsonl"


def test_what_a_stack_lacks_is_said(record: Record, surveyed: Survey_) -> None:
    record("first-change", "a 1")
    record("two-tracks-in-one-offer", "a 1")
    record("first-change", "a 2")
    Path("t/2").mkdir()
    Path("t/002.jsonl").rename("t/2/002.jsonl")
    Path("t/2/unsupported.json").write_text('{"two-tracks-in-one-offer": "addTrack"}')
    Path("t/unsupported.json").write_text("[]")
    row = surveyed().programs[1]
    assert [(one.status, one.lacks) for one in row.cells] == [
        *(("conforms", None), ("unsupported", "addTrack"))
    ]

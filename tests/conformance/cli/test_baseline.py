"""`check --baseline`: what is known does not fail, what is new does, and the file stays true."""

from __future__ import annotations

import datetime
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.baseline import Baseline, Change, known_by
from negotiation.conformance.reports.expectations import known_of_browsers
from negotiation.conformance.reports.falsifying import altered, dropped, moved, repeated, unchanged
from negotiation.conformance.reports.gate import weigh
from negotiation.conformance.reports.judged import Judged, judge_trace
from negotiation.conformance.reports.known import program_of
from negotiation.conformance.traces.writing import write_trace

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

    from negotiation.conformance.traces.format import Line

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}
MISSED = dropped(**NEEDED)

UPDATE = ("--baseline", "b.json", "--update-baseline", "--date", "2026-03-01")
CHECK = ("--baseline", "b.json")


def findings(file: str = "b.json") -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(Path(file).read_text())["findings"]
    return found


def test_what_is_known_passes_and_what_is_new_fails(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    assert negotiation("check", "t").code == 1
    made = negotiation("check", "t", *UPDATE)
    assert made.code == 0
    assert "Baseline b.json (1 known): written, 1 added, 0 taken out." in made.out
    passed = negotiation("check", "t", *CHECK)
    assert passed.code == 0
    assert "1 x NN-MISSED" in passed.out
    assert "known since 2026-03-01" in passed.out
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    failed = negotiation("check", "t", *CHECK, "--format", "json")
    assert failed.code == 1
    told = json.loads(failed.out)
    since = {one["program"]: one["known_since"] for one in told["findings"]}
    assert since == {"first-change": "2026-03-01", "change-undone-later": None}
    assert told["baseline"]["entries"] == 1


def test_what_is_new_does_not_hide_behind_what_is_known(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/a.jsonl", edit=moved(3, **NEEDED))
    told = json.loads(negotiation("check", "t", *CHECK, "--format", "json").out)
    since = {one["id"]: (one["after"] is None, one["known_since"]) for one in told["findings"]}
    assert since == {"NN-MISSED": (True, "2026-03-01"), "NN-LATE": (False, None)}
    assert told["exit_code"] == 1


def test_it_survives_recording_again_and_the_next_version(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    os.unlink("t/a.jsonl")
    file = Path(trace("t/elsewhere.jsonl", edit=MISSED))
    file.write_text(file.read_text().replace('"version":"1a2dfb478b3e"', '"version":"2.0"'))
    assert '"version":"2.0"' in file.read_text()
    assert negotiation("check", "t", *CHECK).code == 0


def test_recordings_of_applications_are_told_apart_by_their_names(
    negotiation: Run, trace: Write
) -> None:
    def of_an_application(lines: list[Line]) -> list[Line]:
        return altered({"program": None}, kind="header")(MISSED(lines))

    trace("t/one test.jsonl", edit=of_an_application)
    negotiation("check", "t", *UPDATE)
    assert [one["program"] for one in findings()] == ["one test"]
    trace("u/one test.jsonl", edit=of_an_application)
    assert negotiation("check", "u", *CHECK).code == 0
    report = negotiation("check", "u", "--format", "json").out
    Path("main.json").write_text(report)
    trace("u/other.jsonl", edit=of_an_application)
    for options in (CHECK, ("--against", "main.json")):
        told = json.loads(negotiation("check", "u", *options, "--format", "json").out)
        assert told["exit_code"] == 1
        new = [one for one in told["findings"] if not one["known_since"] and not one["unchanged"]]
        assert [one["trace"] for one in new] == ["u/other.jsonl"]


@pytest.mark.parametrize(
    ("program", "trace", "told"),
    [
        ("one", "t/x.jsonl", "one"),
        (None, "t/x.jsonl.gz", "x"),
        ("", "x", "x"),
        (None, "t/dump.txt#17-1", "dump"),
        (None, "t/.jsonl", ".jsonl"),
        (None, "-", ""),
    ],
)
def test_the_program_of_a_recording(program: str | None, trace: str, told: str) -> None:
    assert program_of(program, trace) == told


def test_first_seen_stays_and_last_seen_follows(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    negotiation("check", "t", *UPDATE[:-1], "2026-04-02")
    days = [(one["program"], one["first_seen"], one["last_seen"]) for one in findings()]
    assert days == [
        ("change-undone-later", "2026-04-02", "2026-04-02"),
        ("first-change", "2026-03-01", "2026-04-02"),
    ]


def test_what_came_no_more_is_told_and_does_not_fail(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/a.jsonl")
    checked = negotiation("check", "t", *CHECK)
    assert checked.code == 0
    assert "came no more" in checked.out
    assert "(seen from 2026-03-01 to 2026-03-01)" in checked.out
    before = Path("b.json").read_bytes()
    negotiation("check", "t", *CHECK)
    assert Path("b.json").read_bytes() == before
    pruned = negotiation("check", "t", *CHECK, "--prune-baseline")
    assert pruned.code == 0
    assert "1 taken out" in pruned.out
    assert findings() == []


def test_what_was_not_judged_is_not_gone(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("u/b.jsonl", "change-undone-later")
    told = json.loads(negotiation("check", "u", *CHECK, "--format", "json").out)
    assert told["baseline"]["gone"] == []
    negotiation("check", "u", *CHECK, "--prune-baseline")
    assert len(findings()) == 1
    negotiation("check", "u", *CHECK, "--prune-baseline=30", "--date", "2026-03-31")
    assert len(findings()) == 1
    negotiation("check", "u", *CHECK, "--prune-baseline=30", "--date", "2026-04-01")
    assert findings() == []


def test_pruning_alone_adds_nothing(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    assert negotiation("check", "t", *CHECK, "--prune-baseline").code == 1
    assert len(findings()) == 1


def test_what_is_expected_is_not_added(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    row = {"id": "NN-MISSED", "program": "first-change", "reason": "known"}
    Path("t/expectations.json").write_text(json.dumps([row]))
    assert negotiation("check", "t", *UPDATE).code == 0
    assert not os.path.exists("b.json")


def test_a_stale_expectation_and_an_unreadable_trace_keep_their_codes(
    negotiation: Run, trace: Write
) -> None:
    trace("t/a.jsonl", edit=MISSED)
    torn = Path(trace("t/b.jsonl", "change-undone-later"))
    torn.write_bytes(torn.read_bytes() + b'{"kind":"mark"}\n')
    assert negotiation("check", "t", *UPDATE).code == 3
    assert negotiation("check", "t", *CHECK).code == 3
    row = {"id": "NN-LATE", "program": "first-change", "reason": "was so"}
    Path("t/expectations.json").write_text(json.dumps([row]))
    assert negotiation("check", "t", *CHECK).code == 1


def test_nothing_is_written_where_nothing_was_checked(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=lambda lines: lines[:1])
    assert negotiation("check", "t", *UPDATE).code == 2
    assert not os.path.exists("b.json")


def test_a_baseline_beside_the_traces_is_no_trace(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    options = ("--baseline", "t/baseline.json")
    assert negotiation("check", "t", *options, "--update-baseline").code == 0
    told = negotiation("check", "t", *options)
    assert (told.code, "1 trace of" in told.out) == (0, True)


def test_today_is_the_default(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE[:3])
    assert findings()[0]["first_seen"] >= "2026-11-27"


WRONG = {
    ("--update-baseline",): "which baseline?",
    ("--prune-baseline",): "which baseline?",
    ("--date", "2026-01-01"): "which baseline?",
    (*CHECK, "--date", "31.1.2026"): "is no date; write 2026-01-31",
    (*CHECK, "--prune-baseline", "-3"): "argument",
    (*CHECK, "--prune-baseline", "soon"): "write --prune-baseline=30, or put it last",
    (*CHECK, "--against", "x", "--update-baseline"): "without --against",
    CHECK: "make it with --update-baseline",
    (*CHECK, "--prune-baseline"): "make it with --update-baseline",
}


@pytest.mark.parametrize("options", WRONG)
def test_wrong_options_are_told_before_anything_is_judged(
    options: Sequence[str], negotiation: Run, trace: Write
) -> None:
    trace("t/a.jsonl", edit=MISSED)
    ran = negotiation("check", "t", *options)
    assert (ran.code, ran.out) == (2, "")
    assert WRONG[tuple(options)] in ran.err


def test_text_of_a_gate_with_a_baseline(negotiation: Run, trace: Write, golden: Golden) -> None:
    trace("t/a.jsonl", edit=MISSED)
    trace("t/c.jsonl", "change-undone-later", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/b.jsonl", "change-while-an-operation-fails")
    trace("t/c.jsonl", "change-undone-later")
    golden("check-baseline.txt", negotiation("check", "t", *CHECK).out)


# Laws, on findings of the checker itself.

DAY = datetime.date(2026, 3, 1)
TWICE = repeated(**NEEDED)  # what comes behind it follows from it
EDITS = [unchanged, MISSED, TWICE]
PROGRAMS = ["first-change", "change-undone-later", "change-inside-the-handler"]


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> list[Judged]:
    folder = tmp_path_factory.mktemp("traces")
    checker, judged = Checker(), []
    for program in PROGRAMS:
        ran = load(program)
        lines = trace_of(ran, run_program(ran), profile="page", date="2026-01-01")
        for number, edit in enumerate(EDITS):
            file = str(folder / f"{program}-{number}.jsonl")
            write_trace(file, edit(lines))
            judged.append(judge_trace(file, checker))
    shutil.rmtree(folder)
    return judged


some = st.lists(st.integers(0, len(EDITS) * len(PROGRAMS) - 1), unique=True)


def updated(baseline: Baseline, judged: Sequence[Judged]) -> Baseline:
    gate = weigh(judged, known_of_browsers())
    return Change(update=True).of(baseline, gate.came, DAY)


@given(some, some)
@settings(max_examples=40)
def test_a_baseline_of_one_updated_with_another_knows_both(
    traces: list[Judged], one: list[int], other: list[int]
) -> None:
    here, there = [traces[n] for n in one], [traces[n] for n in other]
    both = updated(updated(Baseline(), here), there)
    assert both == updated(updated(Baseline(), there), here)
    assert both == updated(both, here)
    for judged in (here, there):
        assert not known_by(weigh(judged, ()), both, "b").unexpected


@given(st.permutations(range(len(EDITS) * len(PROGRAMS))))
@settings(max_examples=20)
def test_the_order_of_traces_does_not_matter(traces: list[Judged], order: list[int]) -> None:
    assert updated(Baseline(), [traces[n] for n in order]) == updated(Baseline(), traces)


def test_other_formats_tell_what_is_known_and_what_is_new(negotiation: Run, trace: Write) -> None:
    trace("t/a.jsonl", edit=MISSED)
    negotiation("check", "t", *UPDATE)
    trace("t/b.jsonl", "change-undone-later", edit=MISSED)
    sarif = json.loads(negotiation("check", "t", *CHECK, "--format", "sarif").out)
    results = {one["baselineState"]: one for one in sarif["runs"][0]["results"]}
    assert set(results) == {"new", "unchanged"}
    assert "known since 2026-03-01 (b.json)" in json.dumps(results["unchanged"]["suppressions"])
    assert "suppressions" not in results["new"]
    junit = negotiation("check", "t", *CHECK, "--format", "junit").out
    assert 'tests="2" failures="1"' in junit
    quality = json.loads(negotiation("check", "t", *CHECK, "--format", "codequality").out)
    assert [one["severity"] for one in quality] == ["info", "major"]

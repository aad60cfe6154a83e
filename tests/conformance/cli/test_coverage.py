"""`negotiation coverage`: its text, JSON, options and exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.coverage.items import KINDS, RULES
from negotiation.conformance.reports.falsifying import altered, dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Golden, Run, Write

ROOT = Path(__file__).parents[3]
DUMP = ROOT / "docs" / "dumps" / "called-in-wrong-state.txt"
NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}


def told(out: str) -> str:
    return re.sub(r"\(\d+\.\d s\)", "(0.0 s)", out)


def as_json(negotiation: Run, *arguments: str) -> dict[str, Any]:
    ran = negotiation("coverage", *arguments, "--format", "json")
    assert ran.err == ""
    loaded: dict[str, Any] = json.loads(ran.out)
    return loaded


@pytest.fixture
def recorded(trace: Write) -> None:
    trace("t/first.jsonl")
    trace("t/rollback.jsonl", "rollback-of-a-local-offer")


@pytest.mark.usefixtures("recorded")
def test_golden(negotiation: Run, golden: Golden) -> None:
    ran = negotiation("coverage", "t", "--by", "stack")
    assert (ran.code, ran.err) == (0, "")
    golden("coverage.txt", told(ran.out))


@pytest.mark.usefixtures("recorded")
def test_only_what_is_missing(negotiation: Run) -> None:
    ran = negotiation("coverage", "t", "--missing")
    assert ran.out.startswith("Rules that no recording exercises:")
    assert "more; --missing" not in ran.out
    assert "Most frequent" not in ran.out
    assert "have-remote-offer: remote rollback" in ran.out


@pytest.mark.usefixtures("recorded")
def test_the_json_has_every_count_and_all_that_is_missing(negotiation: Run) -> None:
    report = as_json(negotiation, "t")
    assert report["recordings"] == 2
    assert set(report["totals"]) == set(report["seen"]) == set(report["missing"]) == set(KINDS)
    rows = {(one["name"], one["detail"]) for one in report["seen"]["row"]}
    assert rows == {("stable", "local offer"), ("have-local-offer", "local rollback")}
    for kind in ("rule", "guard", "row", "finding"):
        total = report["totals"][kind]
        assert total["seen"] == len(report["seen"][kind])
        assert total["total"] == total["seen"] + len(report["missing"][kind])
    asked = {one["name"] for kind in ("rule", "guard") for one in report["seen"][kind]}
    assert asked | {one["rule"] for one in report["unasked_rules"]} == set(RULES)
    both = [one for one in report["seen"]["rule"] if one["name"] == "create_transceiver"]
    assert both[0]["recordings"] == 2


@pytest.mark.usefixtures("recorded")
def test_fail_under(negotiation: Run) -> None:
    share = as_json(negotiation, "t")["share"] * 100
    assert negotiation("coverage", "t", "--fail-under", f"{share - 0.01}").code == 0
    assert negotiation("coverage", "t", "--fail-under", f"{share + 0.01}").code == 1
    wrong = negotiation("coverage", "t", "--fail-under", "101")
    assert wrong.code == 2
    assert "from 0 to 100" in wrong.err


def test_two_stacks_are_told_apart(trace: Write, negotiation: Run) -> None:
    def of(version: str) -> Any:
        peer = {"stack": {"name": "mine", "version": version}, "recorder": "r"}
        return altered({"peers": {"A": peer}}, kind="header")

    trace("t/1.jsonl", edit=of("1"))
    trace("t/2.jsonl", "rollback-of-a-local-offer", edit=of("2"))
    stacks = as_json(negotiation, "t")["stacks"]
    assert list(stacks) == ["mine 1", "mine 2"]
    assert [one["totals"]["row"]["seen"] for one in stacks.values()] == [0, 2]


def test_a_recording_that_departs(trace: Write, negotiation: Run) -> None:
    trace("t/missed.jsonl", edit=lambda lines: dropped(**NEEDED)(lines))
    ran = negotiation("coverage", "t")
    assert ran.code == 0
    assert "They depart from it at 1 place" in " ".join(ran.out.split())


def test_the_same_recording_under_another_name_counts_twice(trace: Write, negotiation: Run) -> None:
    trace("t/one.jsonl")
    trace("t/two.jsonl")
    seen = as_json(negotiation, "t")["seen"]["rule"]
    assert {one["recordings"] for one in seen} == {2}


def test_a_dump_is_covered_as_far_as_it_tells(negotiation: Run) -> None:
    report = as_json(negotiation, str(DUMP))
    assert report["recordings"] >= 1
    assert report["totals"]["row"]["seen"] >= 1
    assert "return addTransceiver" not in {one["name"] for one in report["seen"]["pair"]}


def test_an_empty_folder_is_refused(negotiation: Run) -> None:
    Path("empty").mkdir()
    ran = negotiation("coverage", "empty")
    assert ran.code == 2
    assert ran.out == ""


def test_a_trace_without_observations_covers_nothing(trace: Write, negotiation: Run) -> None:
    trace("header.jsonl", edit=lambda lines: lines[:1])
    ran = negotiation("coverage", "header.jsonl")
    assert ran.code == 2
    assert "nothing was covered" in ran.err


def test_an_unreadable_trace_is_told_and_what_came_before_it_counts(
    trace: Write, negotiation: Run
) -> None:
    path = Path(trace("torn.jsonl"))
    path.write_bytes(path.read_bytes() + b'{"kind":"mark"}\n{"kind":"mark"}\n')
    trace("whole.jsonl", "rollback-of-a-local-offer")
    ran = negotiation("coverage", "torn.jsonl", "whole.jsonl")
    assert ran.code == 3
    assert "Not read to their end" in ran.out
    assert "torn.jsonl:" in ran.out
    Path("bad.jsonl").write_text("not a trace\n")
    assert negotiation("coverage", "bad.jsonl", "whole.jsonl").code == 3


def test_standard_input_is_not_mixed_with_files(trace: Write, negotiation: Run) -> None:
    ran = negotiation("coverage", "-", trace("one.jsonl"))
    assert ran.code == 2
    assert "cannot be mixed" in ran.err

"""GitLab's code quality report: what it needs, and fingerprints that stay while lines move."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.formats.codequality import report_as_codequality
from negotiation.conformance.reports.formats.report import Entry, Known, Report, Told

ONE = Told("NN-MISSED", "departure", "it did not fire", "t/a.jsonl", 7, ("NN-MISSED", "#a", "x"))

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def problems(*found: Told) -> list[dict[str, Any]]:
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    told: list[dict[str, Any]] = json.loads(
        report_as_codequality(Report("check", "Failed", "x", 1, 0.0, (entry,)))
    )
    return told


def at(line: int, **more: Any) -> Told:
    return msgspec.structs.replace(ONE, line=line, **more)


def test_a_problem_has_what_gitlab_needs() -> None:
    (told,) = problems(ONE)
    assert told["check_name"] == "NN-MISSED"
    assert told["location"] == {"path": "t/a.jsonl", "lines": {"begin": 7}}
    assert told["description"].endswith("it did not fire")
    assert told["severity"] in SEVERITIES - {"info"}


def test_what_is_known_is_info_and_notes_are_left_out() -> None:
    (known,) = problems(at(7, known=Known("known since 2026-01-31")), at(8, class_="note"))
    assert known["severity"] == "info"


@given(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True), st.integers(1, 50))
def test_fingerprints_differ_and_do_not_move_with_the_lines(lines: list[int], by: int) -> None:
    before = [one["fingerprint"] for one in problems(*map(at, sorted(lines)))]
    after = [one["fingerprint"] for one in problems(*(at(line + by) for line in sorted(lines)))]
    assert before == after
    assert len(set(before)) == len(lines)


@given(st.text(), st.text())
def test_nothing_of_a_trace_does_anything_to_a_terminal(message: str, file: str) -> None:
    name = f"t/{file}".replace("\0", "")
    entry = Entry("t", "a", "failed", found=(at(1, message=message, file=name),))
    text = report_as_codequality(Report("check", "x", "x", 1, 0.0, (entry,)))
    assert text.isascii()
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    for one in json.loads(text):
        assert one["description"].isprintable()

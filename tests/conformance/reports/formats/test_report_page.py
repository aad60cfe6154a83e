"""The page of a report: whole by itself, no text of a trace is markup, it says what was found."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import Any

import msgspec
from hostile_reports import reports
from hypothesis import given, settings
from parsed_page import Parsed

from negotiation.conformance.reports.formats.page import page_data, report_as_page
from negotiation.conformance.reports.formats.report import Entry, Report, Told

NOTHING = Report("check", "Passed", "", 0, 0, ())
MAKES_MARKUP = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\("


@settings(max_examples=20, deadline=None)
@given(reports)
def test_whatever_is_said_it_makes_no_element(report: Report) -> None:
    parsed = Parsed(report_as_page(report))
    assert parsed.elements == Parsed(report_as_page(NOTHING)).elements
    data = json.loads(parsed.texts["data"])
    assert data == json.loads(json.dumps(page_data(report)))
    assert not set("<>&\u2028\x1b") & set(parsed.texts["data"])
    strings = data["strings"]
    found = sorted(report.found, key=lambda one: (not one.is_wrong, one.known is None))
    assert [one[0] for one in data["items"]] == [one.id for one in found]
    for item, told in zip(data["items"], found, strict=True):
        message = told.message.encode("utf-8", "backslashreplace").decode()
        assert strings[item[3]] == message
        assert item[5] == told.line


def test_nothing_is_fetched_and_nothing_else_runs() -> None:
    parsed = Parsed(report_as_page(NOTHING))
    for tag, attributes in parsed.elements:
        assert tag not in {"link", "img", "iframe", "object", "base"}
        assert not {"src", "href", "srcset", "action", "style"} & set(attributes)
        assert not any(name.startswith("on") for name in attributes)
    assert "url(" not in parsed.texts["style"]
    assert "@import" not in parsed.texts["style"]
    assert not re.search(MAKES_MARKUP, parsed.texts["script"])
    (policy,) = (
        told["content"] or ""
        for tag, told in parsed.elements
        if tag == "meta" and told.get("http-equiv") == "Content-Security-Policy"
    )
    digest = hashlib.sha256(parsed.texts["script"].encode()).digest()
    assert f"script-src 'sha256-{base64.b64encode(digest).decode()}'" in policy


WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED", "0"))


def report_of(number: int) -> Report:
    found = tuple(
        msgspec.structs.replace(WRONG, line=line, message=f"{line} {'x' * 1000}")
        for line in range(number)
    )
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    return Report("check", "Failed", "", 1, 1.5, (entry,))


def test_the_size_has_a_bound_and_what_is_left_out_is_counted() -> None:
    data: dict[str, Any] = page_data(report_of(100), most=50_000)
    assert len(data["items"]) + data["leftOut"] == 100
    assert 30 < len(data["items"]) < 50
    assert len(json.dumps(data["items"]) + json.dumps(data["strings"])) < 55_000
    assert page_data(report_of(100))["leftOut"] == 0

"""JUnit XML: valid by the schema, read by others, and the same findings whatever they say."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import xmlschema
from hostile_reports import reports
from hypothesis import given, settings
from junitparser import JUnitXml

from negotiation.conformance.reports.formats.junit import class_name, report_as_junit
from negotiation.conformance.reports.formats.report import Entry, Report, Told
from negotiation.conformance.reports.paper import plain


@cache
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(Path(__file__).with_name("junit.xsd")))


def ended(entry: Entry, report: Report) -> str | None:
    """How a viewer must show it."""
    if entry.outcome == "undecided":
        return "skipped" if report.allows_undecided else "error"
    tags = {"failed": "failure", "unreadable": "error", "skipped": "skipped"}
    return tags.get(entry.outcome)


@settings(max_examples=25, deadline=None)
@given(reports)
def test_whatever_is_said_it_is_valid_and_says_the_same(report: Report) -> None:
    text = report_as_junit(report)
    schema().validate(text)
    root = ElementTree.fromstring(text)
    cases = list(root.iter("testcase"))
    assert len(cases) == len(report.entries)
    grouped = [one for group in groups(report) for one in report.entries if one.group == group]
    for case, entry in zip(cases, grouped, strict=True):
        wanted = ended(entry, report)
        tags = [one.tag for one in case if one.tag != "system-out"]
        assert tags == ([] if wanted is None else [wanted])
        assert (case.get("name") or "").startswith(plain(entry.name)[:20].strip(" "))
        whole = "".join(case.itertext())
        for told in entry.found:
            assert told.id in whole
        assert all(line.isprintable() for line in whole.split("\n"))
    names = [(one.get("classname"), one.get("name")) for one in cases]
    counted = {(suite, one.get("name")) for suite in root for one in suite.iter("testcase")}
    assert len(counted) == len(names)


def groups(report: Report) -> list[str]:
    return list(dict.fromkeys(one.group for one in report.entries))


@settings(max_examples=20, deadline=None)
@given(reports)
def test_the_counts_are_those_of_the_elements(report: Report) -> None:
    root = ElementTree.fromstring(report_as_junit(report))
    for one in (root, *root):
        for count, tag in (
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            told = one.get(count)
            assert told is None or int(told) == len(list(one.iter(tag)))


@settings(max_examples=20, deadline=None)
@given(reports)
def test_another_reader_reads_it(report: Report) -> None:
    root = JUnitXml.fromstring(report_as_junit(report).encode())
    assert len(list(root)) == len(groups(report))
    ends = [ended(one, report) for one in report.entries]
    assert root.tests == len(ends)
    assert (root.failures, root.errors) == (ends.count("failure"), ends.count("error"))


WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED",))


def test_a_failure_says_what_and_where() -> None:
    entry = Entry("t/b.c", "a.jsonl", "failed", "t/a.jsonl", found=(WRONG, WRONG))
    report = Report("check", "Failed", "", 1, 1.5, (entry,), version="1.0")
    (case,) = ElementTree.fromstring(report_as_junit(report)).iter("testcase")
    told = case.attrib
    assert (told["classname"], told["name"]) == ("t.b_c", "a.jsonl")
    assert (told["file"], told["line"]) == ("t/a.jsonl", "4")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "NN-MISSED: no event (and 1 other)"
    assert (failure.text or "").startswith("NN-MISSED: negotiationneeded")


def test_names_do_not_depend_on_what_was_found() -> None:
    names = []
    for found, outcome in (((WRONG,), "failed"), ((), "passed")):
        entry = Entry("t", "a.jsonl", outcome, "t/a.jsonl", found=found)  # type: ignore[arg-type]
        report = Report("check", "", "", 0, 0, (entry,))
        (case,) = ElementTree.fromstring(report_as_junit(report)).iter("testcase")
        names.append((case.get("classname"), case.get("name")))
    assert names[0] == names[1]


def test_classes_are_a_tree_of_folders() -> None:
    assert class_name("traces/firefox/153.7.0esr") == "traces.firefox.153_7_0esr"
    assert class_name(".") == "traces"

"""GitHub's annotations: read back as a runner reads them, no command comes of a trace."""

from __future__ import annotations

import re

import msgspec
from hostile_reports import EVIL, reports
from hypothesis import given, settings

from negotiation.conformance.reports.formats.files import place_in_repository
from negotiation.conformance.reports.formats.github import (
    MOST_SHOWN,
    no_command,
    report_as_annotations,
)
from negotiation.conformance.reports.formats.report import Entry, Report, Told
from negotiation.conformance.reports.paper import plain

_COMMAND = re.compile(r"::(\w[\w-]*)(?: ([^:]*))?::(.*)", re.DOTALL)


def data(text: str) -> str:
    return text.replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")


def value(text: str) -> str:
    return data(text.replace("%3A", ":").replace("%2C", ","))


def commands(log: str) -> list[tuple[str, dict[str, str], str]]:
    """The commands in a log: those that begin a line, and the older ones anywhere in it."""
    found = []
    for line in re.split(r"\r\n|\r|\n", log):
        assert line.isprintable()
        told = _COMMAND.match(line.strip())
        if told is None:
            assert "##[" not in line
            continue
        parts = (part.partition("=") for part in (told[2] or "").split(",") if part)
        properties = {name: value(text) for name, _, text in parts}
        found.append((told[1], properties, data(told[3])))
    return found


@settings(max_examples=25, deadline=None)
@given(reports)
def test_whatever_is_said_the_commands_are_the_findings(report: Report) -> None:
    found = commands(report_as_annotations(report))
    kinds = [kind for kind, _, _ in found]
    assert set(kinds) <= {"error", "warning"}
    unread = [one for one in report.entries if one.outcome == "unreadable"]
    undecided = [one for one in report.entries if one.outcome == "undecided"]
    assert kinds.count("warning") == min(len(undecided), MOST_SHOWN)
    assert kinds.count("error") == min(len([*report.wrong, *unread]), MOST_SHOWN)
    for _, properties, _ in found:
        assert set(properties) <= {"file", "line", "title"}
        assert "file" in properties or "line" not in properties
    if kinds.count("error") < MOST_SHOWN:
        named = {properties.get("file", "") for _, properties, _ in found}
        files = (plain(place_in_repository(one.file, 0)[0]) for one in report.wrong)
        assert set(map(no_command, files)) <= named


WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED", "0"))


def report_of(*found: Told) -> Report:
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    return Report("check", "Failed", "Summary.", 1, 1.5, (entry,), version="1.0")


def test_an_annotation_has_file_line_and_title() -> None:
    (found,) = commands(report_as_annotations(report_of(WRONG)))
    assert found[0] == "error"
    assert found[1] == {"file": "t/a.jsonl", "line": "4", "title": found[1]["title"]}
    assert found[1]["title"].startswith("NN-MISSED: negotiationneeded did not fire")
    assert found[2] == "no event."


def test_beyond_ten_the_last_one_says_how_many_more_there_are() -> None:
    many = [msgspec.structs.replace(WRONG, line=line) for line in range(1, 31)]
    other = msgspec.structs.replace(WRONG, fault=("NN-MISSED", "1"), line=77)
    found = commands(report_as_annotations(report_of(*many, other)))
    assert len(found) == MOST_SHOWN
    # Each fault is there before any of them is there again.
    assert [one["line"] for _, one, _ in found[:3]] == ["1", "77", "2"]
    assert found[-1][1]["title"] == "22 more findings of negotiation check"


def test_no_text_is_a_command() -> None:
    for evil in EVIL:
        told = no_command("\n".join(map(plain, evil.split("\n"))))
        assert commands(told) == []
    assert no_command("a\n  ::error::x ##[group]y") == "a\n  : :error::x ## [group]y"
    assert no_command("a::b # [c]") == "a::b # [c]"

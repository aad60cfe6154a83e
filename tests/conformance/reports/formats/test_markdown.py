"""The Markdown: read as GitHub reads it, nothing of a trace is markup, a link or a mention."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import msgspec
import pytest
from hostile_reports import EVIL, reports, texts
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.reports.formats.markdown import (
    MOST_SIGNS,
    code,
    report_as_markdown,
    text,
)
from negotiation.conformance.reports.formats.report import Entry, Report, Told
from negotiation.conformance.reports.paper import plain

OURS = {"h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "strong"}
OURS |= {"details", "summary", "code", "sub", "a"}

_MADE_OUT = re.compile(r"(?<!\w)@\w|(?<!\w)#\d|GH-\d|https?://\S|www\.\S", re.IGNORECASE)
"""What GitHub makes a mention or a link of, within one text."""


class Rendered(HTMLParser):
    """The elements of what Markdown becomes, and its texts, each with the element it is in."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[str] = []
        reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        self.feed(reader.render(markdown))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append((self._open[-1] if self._open else "", data))


def check_harmless(markdown: str) -> Rendered:
    rendered = Rendered(markdown)
    for tag, attributes in rendered.elements:
        assert tag in OURS
        if tag == "a":
            assert re.fullmatch(r"https://\S+", attributes["href"] or "")
        else:
            assert not set(attributes) - {"style"}
    for inside, told in rendered.texts:
        if inside not in ("code", "a"):
            assert not _MADE_OUT.search(told), told
    return rendered


@settings(max_examples=25, deadline=None)
@given(reports)
def test_whatever_is_said_only_what_is_ours_is_markup(report: Report) -> None:
    markdown = report_as_markdown(report)
    assert len(markdown.encode()) <= MOST_SIGNS
    assert all(line.isprintable() for line in markdown.split("\n"))
    rendered = check_harmless(markdown)
    if len(markdown) < MOST_SIGNS // 2:
        whole = "".join(told for _, told in rendered.texts)
        for told in report.wrong:
            assert f"{told.id}: " in whole
            assert plain(told.message)[:1000].strip() in whole


@pytest.mark.parametrize("evil", EVIL)
def test_text_is_shown_as_it_is(evil: str) -> None:
    for before in ("", "- ", "- label: "):
        rendered = check_harmless(f"{before}{text(evil)} end\n")
        shown = "".join(told for _, told in rendered.texts).removeprefix("\n")
        told = plain(evil) if len(evil) < 2000 else f"{evil[:2000]} ... (cut: 7,000 more signs)"
        assert shown.strip().removeprefix("label:").split() == f"{told} end".split()


@settings(deadline=None)
@given(texts)
def test_code_is_shown_as_it_is(evil: str) -> None:
    rendered = check_harmless(f"- {code(evil)} end\n")
    shown = "".join(told for inside, told in rendered.texts if inside == "code")
    assert shown.strip(" ") == plain(evil)[:2000].strip(" ") or len(evil) > 2000


@settings(max_examples=20, deadline=None)
@given(reports, st.integers(0, 3000))
def test_there_is_never_more_than_there_is_room_for(report: Report, most: int) -> None:
    assert len(report_as_markdown(report, most).encode()) <= most


WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED", "0"))


def report_of(ids: tuple[str, ...], each: int) -> Report:
    found = tuple(
        msgspec.structs.replace(WRONG, id=id, message=f"{line} {'x' * 500}", line=line)
        for id in ids
        for line in range(each)
    )
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    return Report("check", "Failed", "", 1, 1.5, (entry,))


def test_every_kind_is_told_with_as_many_faults_as_there_is_room_for() -> None:
    ids = tuple(one for one, kind in FINDINGS.items() if kind.class_ != "note")
    told = report_as_markdown(report_of(ids, 100))
    assert all(f"### {one}: " in told for one in ids)
    assert "had no room" not in told
    faults = told.count("<details><summary><code>t/a.jsonl")
    assert faults > len(ids)
    left = sum(map(int, re.findall(r"^And (\d+) more faults? of the kind\.$", told, re.M)))
    assert faults + left == 100 * len(ids)
    assert len(told.encode()) > MOST_SIGNS * 3 // 4


def test_what_one_kind_leaves_another_has() -> None:
    few, many = report_of(("NN-LATE",), 1), report_of(("NN-MISSED",), 80)
    both = msgspec.structs.replace(few, entries=(*few.entries, *many.entries))
    told = report_as_markdown(both)
    assert "more of what is wrong" not in told
    assert told.count("<details><summary><code>t/a.jsonl") == 81


def test_kinds_without_room_are_counted() -> None:
    told = report_as_markdown(report_of(("NN-MISSED", "NN-LATE", "NN-EARLY"), 10), 1_300)
    assert "### NN-MISSED" in told
    assert re.search(r"^[12] kinds? more of what is wrong had no room; --format json", told, re.M)


def test_a_fault_is_told_once_with_its_places() -> None:
    found = tuple(msgspec.structs.replace(WRONG, line=line) for line in range(1, 30))
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    told = report_as_markdown(Report("check", "Failed", "", 1, 1.5, (entry,)))
    assert told.count("<summary>") == 1
    assert "<code>t/a.jsonl:1</code> and 28 other places: no event" in told
    assert "`t/a.jsonl:21` and 8 more places" in told

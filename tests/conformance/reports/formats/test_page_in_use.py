"""The page of a report as somebody uses it, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hostile_reports import EVIL

from negotiation.conformance.reports.formats.page import report_as_page
from negotiation.conformance.reports.formats.report import (
    Entry,
    Fact,
    Known,
    Report,
    Section,
    Told,
)
from negotiation.conformance.reports.leading import Leading

CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not on the PATH"),
]

WRONG = Told("NN-MISSED", "departure", "no event", "t/a.jsonl", 4, ("NN-MISSED", "0"))
replace = msgspec.structs.replace


def report_of(*found: Told, **members: Any) -> Report:
    entry = Entry("t", "a.jsonl", "failed", "t/a.jsonl", found=found)
    report = Report("check", "Failed", "Summary.", 1, 1.5, (entry,), version="1.0")
    return replace(report, **members)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        launched = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class Opened:
    """The page, with all that it asked for and complained of."""

    def __init__(self, browser: Any, folder: Path, report: Report, fragment: str = "") -> None:
        (folder / "page.html").write_text(report_as_page(report), encoding="utf-8")
        self.tab = browser.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.tab.on("request", lambda one: self.asked.append(one.url))
        self.tab.on("console", lambda one: self.said.append(one.text))
        self.tab.on("pageerror", lambda one: self.said.append(str(one)))
        self.tab.goto(f"file://{folder}/page.html{fragment}")

    def shown(self) -> list[str]:
        told: list[str] = self.tab.locator("details.finding > summary code").all_inner_texts()
        return told

    def check_quiet(self) -> None:
        assert len(self.asked) == 1
        assert self.said == []


def test_markup_stays_text_and_nothing_is_loaded(browser: Any, tmp_path: Path) -> None:
    evil = "".join(EVIL[:18])
    hostile = Told(
        "NN-MISSED",
        "departure",
        evil,
        evil,
        1,
        (evil,),
        evil,
        (Fact(evil, (evil, evil)), Fact("url", (f"javascript:{evil}",), "url")),
        Known(evil, evil, f"javascript:{evil}"),
        (Leading(1, evil, evil),),
    )
    entry = Entry(evil, evil, "undecided", evil, found=(hostile,), reasons=(evil,))
    report = report_of(entries=(entry,), summary=evil, sections=(Section(evil, (evil,)),))
    opened = Opened(browser, tmp_path, report)
    opened.tab.click("#open")
    opened.check_quiet()
    assert opened.tab.locator("img, iframe, object, body script:not([type]) ~ script").count() == 0
    assert opened.tab.title() == "negotiation check: Failed"
    for address in opened.tab.locator("a").evaluate_all("all => all.map(one => one.href)"):
        assert address.startswith("file://")
    assert "<img src=x" in opened.tab.locator("details.finding dl").first.inner_text()


def test_filters_keys_and_the_address(browser: Any, tmp_path: Path) -> None:
    late = replace(WRONG, id="NN-LATE", line=9, message="an event", known=Known("bug 7"))
    note = Told("GLARE-YIELDED", "note", "glare", "t/b.jsonl", 2, ("GLARE-YIELDED",))
    opened = Opened(browser, tmp_path, report_of(note, late, WRONG))
    tab = opened.tab
    assert opened.shown() == ["t/a.jsonl:4", "t/a.jsonl:9", "t/b.jsonl:2"]
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    tab.keyboard.press("Enter")
    assert "bug 7" in tab.locator("details.finding[open]").inner_text()
    tab.keyboard.press("k")
    assert "NN-MISSED" in tab.evaluate(
        "document.activeElement.closest('section').getAttribute('aria-label')"
    )
    tab.keyboard.press("/")
    tab.keyboard.type("bug")
    assert opened.shown() == ["t/a.jsonl:9"]
    assert tab.url.endswith("#q=bug")
    assert tab.inner_text("#count") == "1 of 3 findings."
    tab.keyboard.press("Escape")
    tab.select_option("#outcome", "failed")
    assert opened.shown() == ["t/a.jsonl:4"]
    tab.click("button[type=reset]")
    tab.locator("details.finding").nth(2).wait_for()
    assert opened.shown() == ["t/a.jsonl:4", "t/a.jsonl:9", "t/b.jsonl:2"]
    opened.check_quiet()


def test_one_finding_can_be_pointed_at(browser: Any, tmp_path: Path) -> None:
    many = [replace(WRONG, line=line) for line in range(1, 1200)]
    opened = Opened(browser, tmp_path, report_of(*many), "#at=NN-MISSED+t%2Fa.jsonl%3A900")
    assert opened.tab.locator("details.finding[open] summary code").inner_text() == "t/a.jsonl:900"
    plain = Opened(browser, tmp_path, report_of(*many))
    assert len(plain.shown()) == 500
    plain.tab.click("button.more")
    assert len(plain.shown()) == 1000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_nothing_is_wider_than_the_window(
    scheme: str, width: int, browser: Any, tmp_path: Path
) -> None:
    long = replace(
        WRONG,
        message="x" * 300,
        facts=(Fact("Observed", ("y" * 300,)), Fact("z", ("c" * 300,), "command")),
        flow=(Leading(1, "call " + "c" * 200, "r" * 200), Leading(4, "idle")),
    )
    opened = Opened(browser, tmp_path, report_of(long))
    opened.tab.emulate_media(color_scheme=scheme)
    opened.tab.set_viewport_size({"width": width, "height": 800})
    opened.tab.click("#open")
    assert opened.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_printed_everything_that_is_shown_is_told(browser: Any, tmp_path: Path) -> None:
    told = replace(WRONG, facts=(Fact("Observed", ("what was seen",)),))
    opened = Opened(browser, tmp_path, report_of(told, sections=(Section("Rests on", ("x",)),)))
    opened.tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert "what was seen" in opened.tab.inner_text("details.finding")
    assert opened.tab.locator("details:not([open])").count() == 0
    opened.tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert opened.tab.locator("details[open]").count() == 0

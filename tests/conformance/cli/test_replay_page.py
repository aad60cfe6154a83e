"""`negotiation replay --format html`, and --output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.reports.falsifying import dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write


@pytest.fixture(autouse=True)
def _recorded(trace: Write) -> None:
    trace("t.jsonl", edit=dropped(kind="event", name="negotiationneeded"))


def data_of(page: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page.partition('id="data">')[2].partition("</script>")[0])
    return told


def test_the_page_is_written(negotiation: Run) -> None:
    ran = negotiation("replay", "t.jsonl", "--format", "html", "--output", "page.html")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    data = data_of(Path("page.html").read_text())
    assert data["trace"] == "t.jsonl"
    assert [one["id"] for one in data["findings"]] == ["NN-MISSED"]
    piped = negotiation("replay", "t.jsonl", "--format", "html")
    assert piped.out == Path("page.html").read_text()


def test_what_is_expected_is_known(negotiation: Run) -> None:
    Path("expectations.json").write_text(
        json.dumps([{"id": "NN-MISSED", "program": "*", "reason": "told before"}])
    )
    data = data_of(negotiation("replay", "t.jsonl", "--format", "html").out)
    (finding,) = data["findings"]
    assert data["strings"][finding["known"]] == "told before"
    assert data["begins"] == -1


def test_a_line_and_a_stretch(negotiation: Run) -> None:
    page = ("--format", "html")
    whole = data_of(negotiation("replay", "t.jsonl", *page).out)
    some = data_of(negotiation("replay", "t.jsonl", "--from", "3", "--to", "4", *page).out)
    assert some["columns"]["line"][0] == 3
    assert 0 < some["observations"]["shown"] < whole["observations"]["shown"]
    until = data_of(negotiation("replay", "t.jsonl:2", *page).out)
    assert until["about"]["line"] == 2
    assert until["findings"] == []


def test_a_terminal_gets_no_page(negotiation: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    ran = negotiation("replay", "t.jsonl", "--format", "html")
    assert (ran.code, ran.out) == (2, "")
    assert "--output" in ran.err


@pytest.mark.parametrize("option", [["--story"], ["--states", "3"]])
def test_options_that_a_page_has_no_use_for(negotiation: Run, option: list[str]) -> None:
    ran = negotiation("replay", "t.jsonl", "--format", "html", "--output", "p.html", *option)
    assert ran.code == 2
    assert option[0] in ran.err
    assert not Path("p.html").exists()


@pytest.mark.parametrize("format", ["text", "json"])
def test_output_takes_the_others_too(negotiation: Run, format: str) -> None:
    told = negotiation("replay", "t.jsonl", "--format", format).out
    ran = negotiation("replay", "t.jsonl", "--format", format, "--output", "told")
    assert (ran.code, ran.out) == (0, "")
    assert Path("told").read_text() == told

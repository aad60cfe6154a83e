"""docs/reports.md shows what the tool says today, and has a row for each format."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from negotiation.conformance.cli import main
from negotiation.conformance.cli.outputs import FORMATS
from negotiation.conformance.reports.formats import report

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reports.md"
KINDS = {"junit": "xml", "github": "text", "markdown": "markdown"}
SHOWN = re.compile(r"<!-- (negotiation .*?) -->\n(.*?)<!-- end -->", re.S)


def test_every_format_and_ending_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for name, row in FORMATS.items():
        (line,) = re.findall(rf"^\| `{name}` \|.*$", page, re.M)
        for ending in row.endings:
            assert f"`{ending}`" in line


def test_the_page_shows_what_is_said_today(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(report, "tool_version", lambda: "0.1.0")
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)

    def told(match: re.Match[str]) -> str:
        assert main(shlex.split(match[1])[1:]) == 1
        out = re.sub(r"in \d+\.\d s", "in 0.1 s", capsys.readouterr().out)
        out = re.sub(r'time="(?!0\.000)[^"]*"', 'time="0.100"', out)
        kind = KINDS[match[1].rpartition(" ")[2]]
        return f"<!-- {match[1]} -->\n\n```{kind}\n{out}```\n\n<!-- end -->"

    page = PAGE.read_text("utf-8")
    assert len(SHOWN.findall(page)) == 3
    regenerated = SHOWN.sub(told, page)
    if os.environ.get("NEGOTIATION_REWRITE"):
        PAGE.write_text(regenerated, "utf-8")
    assert page == regenerated or os.environ.get("NEGOTIATION_REWRITE")

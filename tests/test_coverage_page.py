"""docs/coverage.md shows what the command tells today, and names every kind of item."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from negotiation.conformance.cli import main
from negotiation.conformance.reports.coverage_text import TITLES

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "coverage.md"
SHOWN = re.compile(r"<!-- (negotiation coverage \S+) -->\n(.*?)<!-- end -->", re.S)
SECONDS = re.compile(r" \(\d+\.\d s\)")


def test_every_kind_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for title in TITLES.values():
        assert f"| {title} |" in page


def test_the_example_is_what_the_command_tells_today(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")

    def told(match: re.Match[str]) -> str:
        assert main(match[1].split()[1:]) == 0
        text = SECONDS.sub("", capsys.readouterr().out)
        block = "".join(f"    {line}".rstrip() + "\n" for line in text.splitlines())
        return f"<!-- {match[1]} -->\n\n{block}\n<!-- end -->"

    page = PAGE.read_text("utf-8")
    assert SHOWN.search(page)
    regenerated = SHOWN.sub(told, page)
    if os.environ.get("NEGOTIATION_REWRITE"):
        PAGE.write_text(regenerated, "utf-8")
    assert regenerated == page

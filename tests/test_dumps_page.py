"""docs/dumps.md shows what the tool says today, and has a row for each format."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from negotiation.conformance.cli import main
from negotiation.conformance.importing.formats import FORMATS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "dumps.md"
SHOWN = re.compile(r"<!-- (docs/dumps/\S+) -->\n(.*?)<!-- end -->", re.S)


def test_every_format_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for one in FORMATS:
        assert f"`{one.name}`" in page, one.name


def test_the_gallery_shows_what_is_said_today(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")

    def told(match: re.Match[str]) -> str:
        assert main(["replay", match[1], "--story"]) == 0
        block = "".join(
            f"    {line}".rstrip() + "\n" for line in capsys.readouterr().out.splitlines()
        )
        return f"<!-- {match[1]} -->\n\n{block}\n<!-- end -->"

    page = PAGE.read_text("utf-8")
    assert len(SHOWN.findall(page)) >= 2
    regenerated = SHOWN.sub(told, page)
    if os.environ.get("NEGOTIATION_REWRITE"):
        PAGE.write_text(regenerated, "utf-8")
    assert page == regenerated or os.environ.get("NEGOTIATION_REWRITE")

"""docs/reproduce.md shows what the tool writes today, and has a row for each form."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from negotiation.conformance.cli import main
from negotiation.conformance.reproducing.forms import FORMS

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "reproduce.md"
EXAMPLE = re.compile(r"(?<=<!-- example -->\n).*?(?=<!-- end -->)", re.S)
COMMAND = re.compile(r"`negotiation (reproduce \S+ --as html)` writes")


def test_every_form_is_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for form in FORMS:
        assert f"| `{form}` |" in page, form


def test_the_example_is_what_is_written_today(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    page = PAGE.read_text("utf-8")
    command = COMMAND.search(page)
    assert command is not None
    assert main(command[1].split()) == 0
    block = f"\n```html\n{capsys.readouterr().out}```\n\n"
    regenerated = EXAMPLE.sub(lambda match: block, page)
    if os.environ.get("NEGOTIATION_REWRITE"):
        PAGE.write_text(regenerated, "utf-8")
    assert page == regenerated, "NEGOTIATION_REWRITE=1 rewrites docs/reproduce.md"

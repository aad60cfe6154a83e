"""docs/diagrams.md shows what its commands draw today."""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path

import pytest

from negotiation.conformance.cli import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "diagrams.md").read_text("utf-8")
SHOWN = re.findall(r"^    negotiation (diagram .*)\n\n!\[[^\]]+\]\((diagrams/\S+)\)", PAGE, re.M)


def test_every_picture_has_its_command() -> None:
    pictures = re.findall(r"\]\((diagrams/\S+\.svg)\)", PAGE)
    assert len(pictures) >= 6
    assert sorted(picture for _, picture in SHOWN) == sorted(pictures)
    there = {f"diagrams/{one.name}" for one in (ROOT / "docs" / "diagrams").iterdir()}
    assert there == set(pictures)


@pytest.mark.parametrize(("command", "picture"), SHOWN)
def test_every_picture_is_what_is_drawn_today(
    command: str, picture: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)
    drawn = tmp_path / "drawn.svg"
    assert words[words.index("--output") + 1] == Path(picture).name
    words[words.index("--output") + 1] = str(drawn)
    assert main(words) == 0
    committed = ROOT / "docs" / picture
    if os.environ.get("NEGOTIATION_REWRITE"):
        committed.write_bytes(drawn.read_bytes())
    assert committed.read_text("utf-8") == drawn.read_text("utf-8")

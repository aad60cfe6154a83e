"""Help, manual pages and docs/commands.md: whole, current, and as wide as the terminal."""

from __future__ import annotations

import argparse
import importlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from negotiation.conformance.cli import COMMANDS
from negotiation.conformance.cli.about import ABOUT
from negotiation.conformance.cli.manual import manual_of
from negotiation.conformance.cli.manuals import parsers_within
from negotiation.conformance.cli.parsing import Command, Parser, parser_of

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "commands.md"


def parsers() -> Iterator[Parser]:
    for name in COMMANDS:
        command = cast(Command, importlib.import_module(f"negotiation.conformance.cli.{name}"))
        parser = parser_of(name, command)
        yield parser
        for _, within in parsers_within(parser):
            yield within


def test_every_command_is_told_about() -> None:
    assert list(ABOUT) == sorted(ABOUT, key=list(COMMANDS).index)
    assert set(ABOUT) == set(COMMANDS)
    for about in ABOUT.values():
        assert 0 in about.codes
        assert (ROOT / about.page).is_file(), about.page


def test_every_argument_has_help() -> None:
    bare = [
        f"{parser.prog} {action.option_strings or action.metavar}"
        for parser in parsers()
        for action in parser._actions
        if not action.help and not isinstance(action, argparse._SubParsersAction)
    ]
    assert bare == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_tells_everything(name: str, negotiation: Run) -> None:
    told = negotiation(name, "--help").out
    for part in ("usage: ", "\nexamples:\n", "\nexit codes:\n  0 ", "\nenvironment:\n"):
        assert part in told
    assert "\nsee also:\n  " in told


@pytest.mark.parametrize("width", [72, 80])
def test_help_fits_into_the_terminal(
    width: int, negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for name in COMMANDS:
        told = negotiation(name, "--help").out
        below = told.index("\nexamples:")
        prose = told[:below] + told[told.index("\nexit codes:") :]
        assert [one for one in prose.split("\n") if len(one) > width] == []


def test_the_page_of_commands_is_current() -> None:
    made = manual_of(None, "markdown")
    assert made == PAGE.read_text(), "negotiation manual --format markdown > docs/commands.md"


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_manual_pages_are_what_groff_takes(name: str | None) -> None:
    groff = shutil.which("groff")
    if groff is None:
        pytest.skip("groff is not on the PATH (apt has it)")
    ran = subprocess.run(
        [groff, "-man", "-Tascii", "-ww", "-z"],
        input=manual_of(name, "man"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_manual_page_has_its_sections(negotiation: Run) -> None:
    told = negotiation("manual", "check").out
    headings = re.findall(r"^\.SH (.*)$", told, re.MULTILINE)
    assert headings[:3] == ["NAME", "SYNOPSIS", "DESCRIPTION"]
    assert {"EXAMPLES", "EXIT CODES", "ENVIRONMENT", "FILES", "SEE ALSO"} <= set(headings)
    ran = negotiation("manual", "chekc")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no command 'chekc'" in ran.err


def test_the_manual_page_of_all_has_an_entry_for_each_command(negotiation: Run) -> None:
    told = negotiation("manual").out
    entries = re.findall(r"^\.TP\n\\fB([a-z]+)\\fR$", told, re.MULTILINE)
    assert entries == list(COMMANDS)

"""docs/fuzzing.md: its commands run in its order, and tell what it says that they tell.

Which programs follow from a seed differs with the version of Hypothesis. So what is told is
compared without programs, with N for each number, and of a table only its first column.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import cast

import pytest

from negotiation.conformance.cli import fuzz, main
from negotiation.conformance.cli.parsing import Command, parser_of

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "fuzzing.md").read_text("utf-8")
RUN = re.compile(r"<!-- run: exit code (\d) -->\n\n    negotiation (.+)\n")
TOLD = re.compile(r"<!-- told -->\n\n(.*?)\n<!-- end -->", re.S)
COMMAND = re.compile(r"^    negotiation fuzz (.*?)(?:  +#.*)?$", re.M)
PROGRAM = re.compile(r"^ {5}.*\n", re.M)
AFTER_THE_FIRST_COLUMN = re.compile(r"^(\w+/\S+) .*", re.M)


def what_stays(told: str) -> str:
    """What is told whatever the programs are, on one line."""
    without = AFTER_THE_FIRST_COLUMN.sub(r"\1", PROGRAM.sub("", told))
    return " ".join(re.sub(r"\d+", "N", without).split())


def test_the_commands_of_the_page_tell_what_it_says(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    runs = [*RUN.finditer(PAGE)]
    assert len(runs) >= 4
    compared = 0
    for run, end in zip(runs, [*(one.start() for one in runs[1:]), len(PAGE)], strict=True):
        assert main(shlex.split(run[2])) == int(run[1]), run[2]
        out = capsys.readouterr().out
        told = TOLD.search(PAGE, run.end(), end)
        if told is not None:
            shown = re.sub("^    ", "", told[1], flags=re.M)
            assert what_stays(shown) in what_stays(out), out
            compared += 1
    assert compared >= 2


def test_every_command_of_the_page_is_one_that_can_be_given() -> None:
    commands = COMMAND.findall(PAGE)
    assert len(commands) >= 9
    for command in commands:
        parser_of("fuzz", cast(Command, fuzz)).parse_args(shlex.split(command))

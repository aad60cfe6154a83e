"""Where text goes: colour, width and progress belong to terminals only."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.cli import main, printing
from negotiation.conformance.cli.printing import WIDEST, Progress, paper_for
from negotiation.conformance.reports.falsifying import repeated
from negotiation.conformance.reports.paper import USUAL_WIDTH

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    # pytest itself exchanges sys.stdout between a fixture and its test.
    monkeypatch.setattr(printing, "sys", SimpleNamespace(stdout=stream, stderr=stream))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return stream


def test_a_terminal_has_colour_and_its_own_width(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert (paper_for().colour, paper_for().width) == (True, 60)
    monkeypatch.setenv("COLUMNS", "999")
    assert paper_for().width == WIDEST


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_it_is_not_wanted(
    variable: str, value: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    assert not paper_for().colour


def test_a_pipe_and_a_file_have_neither(terminal: Terminal, negotiation: Run) -> None:
    assert not paper_for("report.txt").colour
    assert paper_for("report.txt").width == USUAL_WIDTH


def test_progress_is_one_line_that_goes_away(terminal: Terminal) -> None:
    with Progress("checking") as progress:
        progress(1, 2)
        progress(2, 2, "x")
    told = terminal.getvalue()
    assert told == "\r\x1b[Kchecking 1/2 \r\x1b[Kchecking 2/2 x\r\x1b[K"


def test_the_name_of_a_file_does_nothing_to_a_terminal(terminal: Terminal) -> None:
    with Progress("judging") as progress:
        progress(1, 2, "\x1b]0;bad\x07\x1b[2J.jsonl")
    printing.warn("\x1b[2J.jsonl: torn off")
    told = terminal.getvalue()
    assert "judging 1/2 \\x1b]0;bad\\x07\\x1b[2J.jsonl" in told
    assert told.endswith("negotiation: \\x1b[2J.jsonl: torn off\n")


def test_progress_is_silent_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("checking") as progress:
        progress(1, 2)
    assert capsys.readouterr() == ("", "")


def test_a_report_on_a_terminal_is_coloured(terminal: Terminal, trace: Write) -> None:
    trace("a.jsonl", edit=repeated(kind="event"))
    assert main(["check", "a.jsonl"]) == 1
    assert "\x1b[31mFailed. 1 trace" in terminal.getvalue()


def test_signs_that_the_terminal_does_not_have(
    trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert main(["replay", trace("日本.jsonl")]) == 0
    assert raw.getvalue().startswith(b"\\u65e5\\u672c.jsonl")

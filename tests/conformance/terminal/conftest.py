"""Recordings of the model, opened as a replay in a terminal opens them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, unchanged
from negotiation.conformance.reports.replaying import Replay
from negotiation.conformance.reports.story import story_of
from negotiation.conformance.terminal import Opened, Opening
from negotiation.conformance.terminal.rows import Rows
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

Write = Callable[..., str]
Open = Callable[..., Rows]
Begin = Callable[..., Opening]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def trace() -> Write:
    """Writes a recording of the model, falsified where it is asked."""

    def write(program: str = "offer-and-answer-of-two-peers", edit: Edit = unchanged) -> str:
        ran = load(program)
        write_trace(
            "call.jsonl",
            edit(trace_of(ran, run_program(ran), profile="page", date="2026-01-01")),
        )
        return "call.jsonl"

    return write


def judged(file: str, progress: Callable[[int, int], None] | None = None) -> Opened:
    replay = Replay(read_trace(file), Checker(), progress=progress)
    return Opened(replay, story_of(replay))


@pytest.fixture
def opened(trace: Write) -> Open:
    """The rows of a recording."""
    return lambda *given, **named: Rows(judged(trace(*given, **named)))


@pytest.fixture
def opening(trace: Write) -> Begin:
    """A recording that will be judged behind the screen."""

    def make(*given: str, **named: Edit) -> Opening:
        file = trace(*given, **named)
        return Opening(file, lambda progress: judged(file, progress))

    return make

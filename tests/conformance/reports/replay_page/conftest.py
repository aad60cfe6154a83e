"""Replays of the model's recordings, as they are and falsified, and their pages in a browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, unchanged
from negotiation.conformance.reports.replaying import Replay
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

if TYPE_CHECKING:
    from negotiation.conformance.traces.format import Line

Replayed = Callable[..., Replay]
ReplayedLines = Callable[[Sequence["Line"]], Replay]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def replayed_lines() -> ReplayedLines:
    def replay(lines: Sequence[Line]) -> Replay:
        write_trace("trace.jsonl", list(lines))
        return Replay(read_trace("trace.jsonl"), Checker())

    return replay


@pytest.fixture
def replayed(replayed_lines: ReplayedLines) -> Replayed:
    """The replay of the model's recording of a program, edited."""

    def replay(program: str, edit: Edit = unchanged) -> Replay:
        ran = load(program)
        return replayed_lines(edit(trace_of(ran, run_program(ran), profile="page")))

    return replay

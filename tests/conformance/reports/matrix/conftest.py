"""Recordings of the model, under the names of stacks, falsified where it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.expectations import expectations_for
from negotiation.conformance.reports.falsifying import Edit, unchanged
from negotiation.conformance.reports.matrix.cells import Matrix
from negotiation.conformance.reports.matrix.surveying import Survey
from negotiation.conformance.traces import format
from negotiation.conformance.traces.finding_files import find_traces
from negotiation.conformance.traces.writing import write_trace

Record = Callable[..., None]
Expect = Callable[..., None]
Survey_ = Callable[[], Matrix]

replace = msgspec.structs.replace


def as_stacks(lines: list[format.Line], **stacks: str) -> list[format.Line]:
    """The lines, with the stacks of the peers named ("name version")."""
    header, *rest = lines
    assert isinstance(header, format.Header)
    peers = dict(header.peers)
    for peer, told in stacks.items():
        name, _, version = told.partition(" ")
        peers[peer] = replace(peers[peer], stack=format.Stack(name, version=version))
    return [replace(header, peers=peers), *rest]


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("t").mkdir()


@pytest.fixture
def record() -> Record:
    numbers = iter(range(1000))

    def write(program: str, stack: str, edit: Edit = unchanged, **others: str) -> None:
        ran = load(program)
        lines = trace_of(ran, run_program(ran), profile="page", date="2026-01-01")
        named = dict.fromkeys(ran.peers, stack) | others
        write_trace(f"t/{next(numbers):03}.jsonl", edit(as_stacks(lines, **named)))

    return write


@pytest.fixture
def expect() -> Expect:
    def write(*rows: dict[str, str]) -> None:
        Path("t/expectations.json").write_text(json.dumps(rows))

    return write


@pytest.fixture
def surveyed() -> Survey_:
    def survey() -> Matrix:
        taking = Survey(Checker(), expectations_for(["t"]))
        for file in find_traces(["t"]):
            taking.take(file)
        return taking.matrix()

    return survey

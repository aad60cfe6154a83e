"""Running commands in this process, on traces of the model that are falsified where it is asked."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from negotiation.conformance.cli import main
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, unchanged
from negotiation.conformance.traces.writing import write_trace

GOLDEN = Path(__file__).parent / "golden"
REWRITE = "NEGOTIATION_REWRITE"


class Ran(NamedTuple):
    """What a command returned and wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Ran]
Write = Callable[..., str]
Golden = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _with_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    # Commands run in this process here, which may have no way back.
    whole = partial(contextlib.nullcontext, "")
    monkeypatch.setattr("negotiation.conformance.stacks.isolation.loopback_only", whole)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Names in messages are then relative, and the same everywhere.
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def negotiation(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        told = capsys.readouterr()
        return Ran(code, told.out, told.err)

    return run


@pytest.fixture
def trace() -> Write:
    def write(
        file: str, program: str = "first-change", edit: Edit = unchanged, profile: str = "page"
    ) -> str:
        ran = load(program)
        lines = trace_of(ran, run_program(ran), profile=profile, date="2026-01-01")
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        write_trace(file, edit(lines))
        return file

    return write


@pytest.fixture
def golden() -> Golden:
    """Compares with a file; NEGOTIATION_REWRITE=1 writes it anew."""

    def compare(name: str, text: str) -> None:
        told = re.sub(r"in \d+\.\d s", "in 0.0 s", text)
        file = GOLDEN / name
        if os.environ.get(REWRITE):
            file.write_text(told, encoding="utf-8")
        assert told == file.read_text(encoding="utf-8"), f"{REWRITE}=1 rewrites {name}"

    return compare

"""Recordings that say the same at other times: what depends on the times is judged anew."""

from __future__ import annotations

import ast
from pathlib import Path

import msgspec
import pytest

from negotiation.conformance.checking.faults import evidence
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format
from negotiation.conformance.traces.writing import write_trace

WAITING = load("wrong-calls-in-have-remote-offer")
"""It ends in have-remote-offer."""


def recorded(folder: Path, name: str, slower: float) -> str:
    lines = trace_of(WAITING, run_program(WAITING), profile="page")
    path = folder / f"{name}.jsonl"
    write_trace(
        path,
        (
            msgspec.structs.replace(one, t=one.t * slower)
            if isinstance(one, format.Observation)
            else one
            for one in lines
        ),
    )
    return str(path)


@pytest.mark.parametrize("order", [("short", "long"), ("long", "short")])
def test_a_negotiation_is_unfinished_in_the_one_that_lasts(
    order: tuple[str, ...], tmp_path: Path
) -> None:
    slower = {"short": 1.0, "long": 1000.0}
    checker = Checker()
    for name in order:
        verdict = checker.judge(recorded(tmp_path, name, slower[name]))
        found = {one.id for one in verdict.findings}
        assert ("APP-UNFINISHED" in found) == (name == "long")


FAULTS = Path(evidence.__file__).parent
ASKING = "evidence.py"


def reading_times(module: Path) -> list[int]:
    """The lines in which something is asked for its time, or what a line says for its own."""
    tree = ast.walk(ast.parse(module.read_text("utf-8")))
    asked = (one for one in tree if isinstance(one, ast.Attribute))
    return [one.lineno for one in asked if one.attr in ("t", "n", "quiet", "turns", "asked_times")]


@pytest.mark.parametrize("module", sorted(FAULTS.glob("*.py")), ids=lambda one: one.name)
def test_times_are_asked_for_in_one_place_that_notes_it(module: Path) -> None:
    """What a verdict depends on unnoticed would be remembered for recordings at other times."""
    assert bool(reading_times(module)) == (module.name == ASKING)

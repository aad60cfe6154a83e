"""A dump that a member of the rtcstats family would have written of a run loses nothing of it."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest
from dump_writers.read_back import departures, imported, traces
from dump_writers.rtcstats import WRITERS, Seen, rows_of, seen
from dump_writers.rtcstats_told import told
from hypothesis import HealthCheck, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import Line

RELAXED = list(HealthCheck)


def recorded(program: Program, seed: int) -> list[Line]:
    return trace_of(program, run_program(program, seed=seed), profile="page")


def written(program: Program, seed: int, format: str) -> tuple[list[Seen], bytes]:
    things = seen(recorded(program, seed), format)
    rows = rows_of(things, format, program.peers)
    return things, WRITERS[format](rows, random.Random(seed))


def essences(things: Iterable[Seen], format: str) -> list[tuple[object, ...]]:
    found = [one.essence for one in things]
    if format == "jitsi-empty":
        return [(*one[:2], None, *one[3:]) for one in found]
    return found


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_a_dump_tells_what_the_recorder_saw(format: str, program: Program, seed: int) -> None:
    things, dump = written(program, seed, format)
    found = traces(imported(dump))
    for number, peer in enumerate(program.peers):
        name = f"{number}-pub" if format.startswith("getstream") else f"PC_{number}"
        wanted = essences((one for one in things if one.peer == peer), format)
        again = told(found[name], name) if name in found else []
        assert essences(again, format) == wanted


CHECKER = Checker()


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=20, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_nothing_is_held_against_the_model(format: str, program: Program, seed: int) -> None:
    _, dump = written(program, seed, format)
    assert not departures(imported(dump), CHECKER)

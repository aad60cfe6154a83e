"""Whatever the model does, seen in full or through any weaker profile, is no departure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.conformance.traces.projection import call_of
from negotiation.model import FREEDOMS, INTERPRETATIONS, Readings, Specification

RELAXED = list(HealthCheck)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]


CHECKERS = {profile: Checker() for profile in PROFILES}


def assert_no_departure(checker: Checker, program: Program, seed: int, profile: str) -> None:
    specification = Specification(checker.readings)
    emissions = run_program(program, seed=seed, specification=specification)
    verdict = checker.judge_lines("run", trace_of(program, emissions, seed=seed, profile=profile))
    wrong = [one for one in verdict.findings if one.class_ == "departure"]
    wrong += [one for one in verdict.findings if one.blame == "recording"]
    assert not wrong
    # Where calls are hidden there may be too many states to follow: that is said, and no alarm.
    assert not verdict.undecided or PROFILES[profile].is_half_seen


def assert_conforms_through_all(program: Program, seeds: list[int]) -> None:
    for seed in seeds:
        for profile, checker in CHECKERS.items():
            assert_no_departure(checker, program, seed, profile)


FEW_SEEDS = st.lists(SEEDS, min_size=2, max_size=3, unique=True)


@settings(max_examples=250, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seeds=FEW_SEEDS)
def test_runs_of_the_model_conform(program: Program, seeds: list[int]) -> None:
    assert_conforms_through_all(program, seeds)


@pytest.mark.slow
@settings(max_examples=300, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=10), seeds=FEW_SEEDS)
def test_long_runs_of_the_model_conform(program: Program, seeds: list[int]) -> None:
    assert_conforms_through_all(program, seeds)


@settings(max_examples=60, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS, data=st.data())
def test_a_recording_that_begins_late_conforms(
    program: Program, seed: int, data: st.DataObject
) -> None:
    checker = CHECKERS["hidden-calls"]
    specification = Specification(checker.readings)
    emissions = run_program(program, seed=seed, specification=specification)
    header, *lines = trace_of(program, emissions, seed=seed, profile="hidden-calls")
    assert isinstance(header, format.Header)
    verdict = checker.judge_lines("late", begun_late(header, lines, data.draw(st.integers(0, 40))))
    assert [one for one in verdict.findings if one.class_ == "departure"] == []
    assert not verdict.undecided or verdict.observations == 0


def begun_late(
    header: format.Header, lines: list[format.Line], missing: int
) -> Iterator[format.Line]:
    """The trace without its first observations, and without the ends of what began in them."""
    unknown = {
        name: msgspec.structs.replace(peer, begins="unknown") for name, peer in header.peers.items()
    }
    yield msgspec.structs.replace(header, peers=unknown)
    seen: set[int] = set()
    for at, line in enumerate(lines):
        if isinstance(line, format.Header | format.Sdp):
            yield line
        elif at >= missing and (isinstance(line, format.Call) or call_of(line) in {None, *seen}):
            seen.add(call_of(line) or 0)
            yield line


CHOICES = [
    *((name, "other") for name in INTERPRETATIONS),
    *((name, "off" if freedom.on else "on") for name, freedom in FREEDOMS.items()),
]


@pytest.mark.parametrize(("name", "choice"), CHOICES)
@settings(max_examples=30, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_other_readings_conform_to_themselves(
    name: str, choice: str, program: Program, seed: int
) -> None:
    readings = Readings().changed({name: choice})
    assert_no_departure(Checker(readings), program, seed, "full")

"""One fault in a run: where a plain search finds no behaviour, the checker finds a departure."""

from __future__ import annotations

import random
from typing import cast

import msgspec
import pytest
from brute_force import accepts
from faults import FAULTS, Observations
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces import format

RELAXED = list(HealthCheck)
PHASES = [Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink]
CHECKER = Checker()

EARLY = {"NN-EARLY", "NN-SPURIOUS", "NN-DUPLICATE"}
SETTLING = {"OP-PENDING", "OP-ORDER", "NN-EARLY", "TRANSCEIVER-STATE"}
RECORDING = {"RECORDING-CONTRADICTS"}
"""Calls inside a handler, or in the same task, tell that something is wrong with what was said."""

READING = {"STATE-WRONG", "DESCRIPTION-STATE", "TRANSCEIVER-STATE", "SDP-SHAPE"}
"""What was read differs: in a state that reads so, something else may, and is just as near."""

FITTING = {
    "drop event negotiationneeded": {"NN-MISSED"} | RECORDING,
    "drop event signalingstatechange": {"STATE-MISSING", "STATE-WRONG"} | RECORDING,
    "drop event track": {"EVENT-WRONG"} | RECORDING,
    "drop event addtrack": {"EVENT-WRONG"},
    "drop event removetrack": {"EVENT-WRONG"},
    "drop resolve": SETTLING | RECORDING,
    "drop reject": SETTLING | RECORDING,
    "drop return": {"NN-EARLY", "OP-ORDER"} | RECORDING,
    "drop throw": {"NN-EARLY", "OP-ORDER"} | RECORDING,
    "double event negotiationneeded": EARLY | RECORDING,
    "double event signalingstatechange": {"STATE-REPEATED", "STATE-WRONG"} | RECORDING,
    "double event track": {"EVENT-WRONG"},
    "double event addtrack": {"EVENT-WRONG"},
    "double event removetrack": {"EVENT-WRONG"},
    "insert event negotiationneeded": EARLY | RECORDING,
    "insert event signalingstatechange": {"STATE-REPEATED", "STATE-WRONG", "STATE-ORDER"}
    | {"OP-PENDING"}
    | RECORDING,
    "alter signalingState": READING,
    "alter transceiver": READING,
    "alter descriptions": READING,
    "alter reject to reject": {"OP-ERROR"},
    "alter reject to resolve": {"OP-ACCEPTED"},
    "alter resolve to reject": {"OP-REJECTED", "OP-ERROR"},
    "alter return to throw": {"CALL-REJECTED"},
    "alter throw to return": {"CALL-ACCEPTED"},
    "alter throw to throw": {"CALL-ERROR", "CALL-REJECTED"},  # where it may return as well
}
"""Which findings say what was done; for the rest, any that is about an event or a settlement."""


def recordings(program: Program, seed: int) -> dict[str, list[format.Line]]:
    """A run of the model, one recording for each peer."""
    header, *rest = trace_of(program, run_program(program, seed=seed), seed=seed)
    return {
        peer: [header, *(one for one in rest if getattr(one, "peer", peer) == peer)]
        for peer in program.peers
    }


def departures(verdict: TraceVerdict) -> list[str]:
    wrong = [one for one in verdict.findings if one.class_ == "departure"]
    wrong += [one for one in verdict.findings if one.blame == "recording"]
    return [one.id for one in sorted(wrong, key=lambda one: one.line)]


def assert_fault_found(program: Program, seed: int, choice: int, *, named: bool) -> None:
    """A departure is found where, and only where, the search finds no behaviour.

    `named`: the finding also says what was done. Where another single edit explains the recording
    as well, the checker may tell that one: so this is for examples that were looked at.
    """
    rng = random.Random(choice)
    for lines in recordings(program, seed).values():
        sdps = {one.id: one for one in lines if isinstance(one, format.Sdp)}
        told: Observations = [one for one in lines if isinstance(one, format.Observation)]
        injected = rng.choice(FAULTS)(rng, told) if told else None
        if injected is None:
            continue
        name, observations = injected
        possible = accepts(observations, sdps)
        falsified = cast(list[format.Line], [lines[0], *sdps.values(), *observations])
        verdict = CHECKER.judge_lines(name, falsified)
        found = departures(verdict)
        assert possible is not bool(found), name
        if named and not possible:
            assert found[0] in FITTING.get(name, set(found)), (name, found)


@settings(max_examples=1000, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS, choice=st.integers(0, 2**32 - 1))
def test_faults_are_found(program: Program, seed: int, choice: int) -> None:
    assert_fault_found(program, seed, choice, named=True)


@pytest.mark.slow
@settings(max_examples=8_000, phases=PHASES, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(most_steps=10), seed=SEEDS, choice=st.integers(0, 2**32 - 1))
def test_more_faults_are_found(program: Program, seed: int, choice: int) -> None:
    assert_fault_found(program, seed, choice, named=False)


@settings(max_examples=100, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_the_search_accepts_every_run(program: Program, seed: int) -> None:
    for lines in recordings(program, seed).values():
        sdps = {one.id: one for one in lines if isinstance(one, format.Sdp)}
        assert accepts([one for one in lines if isinstance(one, format.Observation)], sdps)


def test_the_search_refuses_what_cannot_be() -> None:
    event = format.Event(n=1, t=1, peer="A", name="negotiationneeded")
    reading = format.Reading("stable", (), format.Descriptions())
    assert not accepts([msgspec.structs.replace(event, state=reading)], {})

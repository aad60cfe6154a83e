"""Recordings, turned back into programs: recorded again they say the same calls."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.errors import UsageError
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import (
    EndlessProgramError,
    run_program,
    trace_of,
)
from negotiation.conformance.programs.recorded import program_of
from negotiation.conformance.stacks.preparing import prepared
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import Trace, read_trace
from negotiation.conformance.traces.writing import write_trace

CHROMIUM = Path(__file__).parents[3] / "traces" / "chromium" / "156.0.8078.79"
RECORDED = sorted(CHROMIUM.glob("*.jsonl.gz"))
CHECKER = Checker()


def lines_of(program: Program, *, seed: int = 0, profile: str = "page") -> list[format.Line]:
    return trace_of(program, run_program(program, seed=seed), profile=profile)


def read(lines: list[format.Line]) -> Trace:
    stream = io.BytesIO()
    write_trace(stream, lines)
    stream.seek(0)
    return read_trace(stream)


def calls(
    trace: Trace, *, by: tuple[str, ...] = ("method", "transceiver", "kind", "type")
) -> object:
    """Each peer's calls, in their order."""
    told: dict[str, list[object]] = {peer: [] for peer in trace.header.peers}
    for _, one in trace.observations:
        if isinstance(one, format.Call):
            description = one.args.description
            said = {
                "method": one.method,
                "transceiver": one.args.transceiver,
                "kind": one.args.kind,
                "type": description and description.type,
            }
            told[one.peer].append([said[name] for name in by])
    return told


def again(trace: Trace) -> Trace:
    """The program of the recording, which is one that recorders take, recorded on the model."""
    made = program_of(trace)
    prepared(made.program)
    return read(lines_of(made.program))


def found(lines: list[format.Line]) -> Counter[str]:
    return Counter(one.id for one in CHECKER.judge_lines("t", lines).findings)


@pytest.mark.parametrize("name", names()[::6])
def test_library_programs_come_back(name: str) -> None:
    trace = read(lines_of(load(name), seed=1))
    assert calls(again(trace)) == calls(trace)


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_all_library_programs_come_back(name: str) -> None:
    trace = read(lines_of(load(name), seed=1))
    assert calls(again(trace)) == calls(trace)


@given(programs(), SEEDS)
@settings(max_examples=60, deadline=None)
def test_the_calls_are_the_same(program: Program, seed: int) -> None:
    """Where the order cannot be said, or depends on what fails, a note or a remark says so."""
    try:
        lines = lines_of(program, seed=seed)
        trace = read(lines)
        made = program_of(trace)
        told = read(lines_of(made.program))
    except (EndlessProgramError, UsageError):
        assume(False)
        return
    prepared(made.program)
    skipped = any(isinstance(one, format.Mark) for _, one in told.observations)
    if not made.notes and not skipped:
        assert calls(told) == calls(trace)


@pytest.mark.parametrize("file", RECORDED, ids=lambda file: file.name.partition(".")[0])
def test_recordings_of_chromium_become_programs(file: Path) -> None:
    trace = read_trace(str(file))
    made = program_of(trace)
    prepared(made.program)
    assert made.program.peers == tuple(trace.header.peers)


@pytest.mark.parametrize("file", RECORDED[::8], ids=lambda file: file.name.partition(".")[0])
def test_recordings_of_chromium_are_called_again(file: Path) -> None:
    trace = read_trace(str(file))
    assert calls(again(trace), by=("method",)) == calls(trace, by=("method",))


@pytest.mark.parametrize("name", ["two-peers-glare", "glare-in-the-chain"])
def test_faults_of_the_application_come_back(name: str) -> None:
    lines = lines_of(load(name))
    made = program_of(read(lines))
    assert found(lines_of(made.program)) == found(lines)


def test_descriptions_are_those_of_the_peers() -> None:
    made = program_of(read(lines_of(load("two-peers-glare"))))
    given = [
        do.description
        for step in made.program.steps
        for do in step.do
        if do.description is not None
    ]
    assert given
    assert all(one.sdp is None for one in given)


@pytest.mark.parametrize("profile", ["no-tasks", "no-reads", "state-only", "late-settlements"])
def test_what_is_seen_less_of_still_becomes_a_program(profile: str) -> None:
    """As above: where the order cannot be said, a note or a remark says so."""
    alike = 0
    for name in names()[::20]:
        trace = read(lines_of(load(name), profile=profile))
        made, told = program_of(trace), again(trace)
        skipped = any(isinstance(one, format.Mark) for _, one in told.observations)
        same = calls(told, by=("method",)) == calls(trace, by=("method",))
        assert same or made.notes or skipped, name
        alike += same
    assert alike >= len(names()[::20]) - 2


def test_a_trace_without_a_call_is_no_program() -> None:
    (header, *_) = lines_of(load("two-peers-glare"))
    with pytest.raises(UsageError, match="no call was recorded"):
        program_of(read([header]))

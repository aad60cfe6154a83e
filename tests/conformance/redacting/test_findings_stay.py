"""The law of redaction: what the checker finds of a recording it finds of the redacted one."""

from __future__ import annotations

import io
from collections.abc import Iterable

import msgspec
import pytest
from dump_writers.every import WRITERS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import (
    AS_STACK,
    EndlessProgramError,
    run_program,
    trace_of,
)
from negotiation.conformance.redacting.files import Redaction
from negotiation.conformance.traces.format import Line
from negotiation.conformance.traces.reading import open_trace

RELAXED = list(HealthCheck)
CHECKER = Checker()

Found = list[tuple[object, ...]]


def redacted(data: bytes, key: bytes = b"k" * 32, *, shift_times: bool = False) -> bytes:
    target = io.BytesIO()
    Redaction(key, shift_times=shift_times).redact(io.BytesIO(data), target)
    return target.getvalue()


def as_bytes(lines: Iterable[Line]) -> bytes:
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def found(trace: bytes) -> Found:
    with open_trace(io.BytesIO(trace)) as reader:
        lines = [reader.header, *(line for _, line in reader)]
    verdict = CHECKER.judge_lines("trace", lines)
    return [
        (one.id, one.class_, one.blame, one.line, one.anchor, one.rests_on, one.after)
        for one in verdict.findings
    ] + [(str(verdict.undecided),)]


def assert_same(trace: bytes, key: bytes = b"k" * 32) -> None:
    shown = redacted(trace, key)
    assert found(shown) == found(trace)
    assert shown.count(b"\n") == trace.count(b"\n")


@settings(max_examples=40, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS, key=st.binary(min_size=32, max_size=32))
def test_of_traces_of_the_model(program: Program, seed: int, key: bytes) -> None:
    assert_same(as_bytes(trace_of(program, run_program(program, seed=seed), profile="page")), key)


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=8, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_of_dumps(format: str, program: Program, seed: int) -> None:
    assert_dump_is_alike(format, program, seed)


@pytest.mark.slow
@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=200, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_of_many_dumps(format: str, program: Program, seed: int) -> None:
    assert_dump_is_alike(format, program, seed)


def assert_dump_is_alike(format: str, program: Program, seed: int) -> None:
    lines = trace_of(program, run_program(program, seed=seed), profile="page")
    dump = WRITERS[format](lines)
    before, after = import_dump(io.BytesIO(dump)), import_dump(io.BytesIO(redacted(dump)))
    assert before is not None
    assert after is not None
    assert (after.format.name, after.broken_off) == (before.format.name, before.broken_off)
    assert len(after.calls) == len(before.calls)
    for one, other in zip(before.calls, after.calls, strict=True):
        assert found(other.trace) == found(one.trace)
        assert told(other.trace) == told(one.trace)


@pytest.mark.parametrize("format", WRITERS)
def test_of_dumps_whose_times_move(format: str) -> None:
    program = load("perfect-negotiation-without-glare")
    dump = WRITERS[format](trace_of(program, run_program(program), profile="page"))
    before = import_dump(io.BytesIO(dump))
    after = import_dump(io.BytesIO(redacted(dump, shift_times=True)))
    assert before is not None
    assert after is not None
    assert [told(one.trace) for one in after.calls] == [told(one.trace) for one in before.calls]


def told(trace: bytes) -> Found:
    """What is negotiation in a trace, without the names that anybody gave."""
    with open_trace(io.BytesIO(trace)) as reader:
        return [
            (
                type(line).__name__,
                getattr(line, "t", None),
                getattr(line, "method", None),
                getattr(getattr(getattr(line, "args", None), "description", None), "type", None),
                getattr(getattr(line, "state", None), "signalingState", None),
            )
            for _, line in reader
        ]


def test_a_departure_is_found_again() -> None:
    ids: set[object] = set()
    program = load("rollback-of-a-local-offer")
    for mutation in list(MUTATIONS.values())[::7]:
        try:
            emissions = run_program(program, specification=mutation.make(AS_STACK))
        except EndlessProgramError:
            continue
        trace = as_bytes(trace_of(program, emissions, profile="page"))
        assert_same(trace)
        ids |= {one[0] for one in found(trace)}
    assert len(ids) > 3

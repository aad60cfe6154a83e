"""A dump that a member of the rtcstats family would have written of a run loses nothing of it."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable

import pytest
from dump_writers.rtcstats import WRITERS, Seen, rows_of, seen
from hypothesis import HealthCheck, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.traces.format import (
    Call,
    DescriptionRef,
    Event,
    Line,
    Observation,
    Reject,
    Resolve,
)
from negotiation.conformance.traces.reading import Trace, read_trace

RELAXED = list(HealthCheck)


def recorded(program: Program, seed: int) -> list[Line]:
    return trace_of(program, run_program(program, seed=seed), profile="page")


def written(program: Program, seed: int, format: str) -> tuple[list[Seen], bytes]:
    things = seen(recorded(program, seed), format)
    rows = rows_of(things, format, program.peers)
    return things, WRITERS[format](rows, random.Random(seed))


def imported(dump: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    assert found.broken_off is None
    return found


def traces(dump: ImportedDump) -> dict[str, Trace]:
    """The trace of each connection."""
    found = {}
    for call in dump.calls:
        trace = read_trace(io.BytesIO(call.trace))
        assert trace.error is None
        found.update(dict.fromkeys(trace.header.peers, trace))
    return found


def told(trace: Trace, peer: str) -> list[Seen]:
    """What a trace tells of a peer."""
    calls: dict[int, Call] = {}

    def described(ref: DescriptionRef | None) -> tuple[str | None, str | None] | None:
        return None if ref is None else (ref.type, trace.sdps[ref.sdp].text if ref.sdp else None)

    def tell(one: Observation) -> Iterable[Seen]:
        if isinstance(one, Call):
            calls[one.id] = one
            given = described(one.args.description)
            yield Seen("call", one.method, one.t, peer, one.id, given, args=one.args)
        elif isinstance(one, Resolve | Reject):
            error = one.error if isinstance(one, Reject) else None
            given = described(one.description) if isinstance(one, Resolve) else None
            kind = "resolve" if error is None else "reject"
            name = calls[one.call].method
            yield Seen(kind, name, one.t, peer, one.call, given, error=error)
        elif isinstance(one, Event):
            state = one.state.signalingState if one.state is not None else None
            yield Seen("event", one.name, one.t, peer, state=state)

    return [each for _, one in trace.observations if one.peer == peer for each in tell(one)]


def essences(things: Iterable[Seen], format: str) -> list[tuple[object, ...]]:
    found = [one.essence for one in things]
    if format == "rtcstats-0":
        return [one for one in found if one[1] != "negotiationneeded"]  # Plan B's are remarks
    if format == "jitsi-empty":
        return [(*one[:2], None, *one[3:]) for one in found]
    return found


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_a_dump_tells_what_the_recorder_saw(format: str, program: Program, seed: int) -> None:
    things, dump = written(program, seed, format)
    found = traces(imported(dump))
    for number, peer in enumerate(program.peers):
        name = f"{number}-pub" if format.startswith("getstream") else f"PC_{number}"
        wanted = essences((one for one in things if one.peer == peer), format)
        assert essences(told(found[name], name), format) == wanted

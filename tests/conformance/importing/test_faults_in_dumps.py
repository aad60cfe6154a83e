"""What is wrong in a call is found in a dump of it as well; what is healthy stays so."""

from __future__ import annotations

import functools
import io
import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from dump_writers import gstreamer, rtcstats, webrtc_internals
from hypothesis import HealthCheck, given, settings
from strategies import SEEDS
from tried_programs import ADDS, RESTARTS, creates, program, sets

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.programs import perfect
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.examples import EXAMPLES
from negotiation.conformance.reports.observing import observation_in_words
from negotiation.conformance.traces.format import Header, Line, Reject
from negotiation.conformance.traces.reading import read_trace

CHECKER = Checker()

Write = Callable[[Sequence[Line]], bytes]


def _peers(lines: Sequence[Line]) -> list[str]:
    header = lines[0]
    assert isinstance(header, Header)
    return list(header.peers)


def _internals(generation: str, lines: Sequence[Line]) -> bytes:
    recording = webrtc_internals.Recording(lines)
    told = {peer: webrtc_internals.told(recording, peer, generation) for peer in _peers(lines)}
    return webrtc_internals.written(told, generation)


def _rtcstats(format: str, lines: Sequence[Line]) -> bytes:
    rows = rtcstats.rows_of(rtcstats.seen(lines, format), format, _peers(lines))
    return rtcstats.WRITERS[format](rows, random.Random(1))


WRITERS: Mapping[str, Write] = {
    **{
        f"internals-{generation}": functools.partial(_internals, generation)
        for generation in webrtc_internals.GENERATIONS
    },
    # Where descriptions are empty, what was set is inferred; a refused answer may look otherwise.
    **{
        format: functools.partial(_rtcstats, format)
        for format in rtcstats.WRITERS
        if format != "jitsi-empty"
    },
    "webrtcbin": gstreamer.log,
}

EVERY: tuple[Write, ...] = (*WRITERS.values(), functools.partial(_rtcstats, "jitsi-empty"))


def findings(dump: bytes) -> Iterator[Finding]:
    """What is found in the calls of a dump, notes aside."""
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    for call in found.calls:
        trace = read_trace(io.BytesIO(call.trace))
        told = (one for _, one in trace.observations)
        verdict = CHECKER.judge_lines("dump", [trace.header, *trace.sdps.values(), *told])
        yield from (one for one in verdict.findings if one.class_ != "note")


def ids(dump: bytes) -> set[str]:
    return {one.id for one in findings(dump)}


IN_ANY_DUMP = ("APP-WRONG-STATE", "APP-DEAD-ANSWER", "APP-UNSAFE-HANDLER", "APP-SECTION-ORDER")


@pytest.mark.parametrize("format", WRITERS)
@pytest.mark.parametrize("id", IN_ANY_DUMP)
def test_the_fault_of_an_application_is_found_in_a_dump(id: str, format: str) -> None:
    assert ids(WRITERS[format](EXAMPLES[id].lines())) == {id}


def test_an_error_that_a_dump_does_not_name_is_told_as_such() -> None:
    refused = Reject(
        n=2, t=2.0, peer="A", call=1, error="", message="The order of m-lines is wrong."
    )
    assert observation_in_words(refused, {1: "createOffer"}) == (
        "createOffer #1 rejects with an error that is not named ('The order of m-lines is wrong.')"
    )


NAMELESS = ("rtcstats-0", "rtcstats-2", "jitsi", "getstream", "rtcstats-3")


@pytest.mark.parametrize("format", NAMELESS)
def test_a_failure_after_close_is_that_of_the_call_after_close(format: str) -> None:
    lines = EXAMPLES["APP-AFTER-CLOSE"].lines()
    assert ids(WRITERS[format](lines)) == {"APP-AFTER-CLOSE"}


# Loops whose cause is hidden from the recorder.

WITH_CONTENT = [name for name in WRITERS if name != "webrtcbin"]


@pytest.mark.parametrize("format", WITH_CONTENT)
def test_a_loop_is_found_by_what_is_offered_where_its_cause_is_hidden(format: str) -> None:
    looping = program([ADDS], *[[*creates("offer"), RESTARTS, sets("answer")]] * 8)
    lines = trace_of(looping, run_program(looping), profile="page")
    assert ids(WRITERS[format](lines)) == {"APP-LOOP"}


@pytest.mark.parametrize("seed", range(3))
def test_people_who_join_fast_are_no_loop_in_any_dump(seed: int) -> None:
    chance = random.Random(seed)
    steps = []
    for _ in range(16):
        steps.append(perfect.change("A", ("addTransceiver", {"kind": "audio"})))
        steps += [perfect.delivery(chance.choice("AB")) for _ in range(chance.randint(1, 3))]
    rest = [step for peer in "AB" for step in (perfect.delivery(peer), perfect.SETTLE)] * 20
    ran = perfect.program("joins", "tried", (*steps, perfect.SETTLE, *rest))
    lines = trace_of(ran, run_program(ran, seed=seed), profile="page")
    for write in EVERY:
        assert ids(write(lines)) == set()


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=SEEDS)
def test_a_healthy_call_is_healthy_in_every_dump(seed: int) -> None:
    ran = perfect.generated(seed)
    lines = trace_of(ran, run_program(ran, seed=seed), profile="page")
    for write in EVERY:
        assert ids(write(lines)) == set()


@pytest.mark.parametrize("written", WRITERS)
def test_a_byte_order_mark_changes_nothing(written: str) -> None:
    dump = WRITERS[written](EXAMPLES["APP-WRONG-STATE"].lines())
    marked = import_dump(io.BytesIO(b"\xef\xbb\xbf" + dump))
    assert marked == import_dump(io.BytesIO(dump))
    assert marked is not None
    assert marked.calls

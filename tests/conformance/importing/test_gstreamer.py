"""GStreamer's log: what was recorded of the model comes back, at each level, in colour or not."""

from __future__ import annotations

import gzip
import io
import random

import pytest
from dump_writers import gstreamer
from dump_writers.gstreamer import Told
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.importing.gstreamer import recognises
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.traces.format import (
    Call,
    Event,
    Idle,
    Line,
    Mark,
    Reject,
    Resolve,
)
from negotiation.conformance.traces.reading import Trace, open_trace, read_trace

RELAXED = list(HealthCheck)


def lines_of(program: Program, seed: int = 0) -> list[Line]:
    return trace_of(program, run_program(program, seed=seed), profile="page")


def imported(dump: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    assert found.format.name == "gstreamer"
    return found


def traces(dump: bytes) -> list[Trace]:
    found = [read_trace(io.BytesIO(one.trace)) for one in imported(dump).calls]
    assert all(one.error is None for one in found)
    return found


def told(dump: bytes) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for trace in traces(dump):
        calls: dict[int, Call] = {}
        for _, one in trace.observations:
            entries = found.setdefault(one.peer, [])
            if isinstance(one, Call):
                calls[one.id] = one
            elif isinstance(one, Event):
                state = one.state.signalingState if one.state else None
                entries.append((one.name, state))
            elif isinstance(one, Resolve | Reject):
                entries.append(ended(calls[one.call], one, trace))
    return found


def ended(call: Call, end: Resolve | Reject, trace: Trace) -> Told:
    given = call.args.description
    text = trace.sdps[given.sdp].text if given and given.sdp else None
    how = "resolve" if isinstance(end, Resolve) else "reject"
    return call.method, given.type if given else None, text, how


NAMES = ("glare-ended-by-an-explicit-rollback", "perfect-negotiation-without-glare")


@pytest.mark.parametrize("coloured", [False, True])
@pytest.mark.parametrize("traced", [False, True])
@settings(max_examples=60, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_nothing_is_lost_and_nothing_invented(
    traced: bool, coloured: bool, program: Program, seed: int
) -> None:
    lines = lines_of(program, seed)
    wanted = gstreamer.told_of(lines, traced=traced)
    assume(wanted)
    found = told(gstreamer.log(lines, traced=traced, coloured=coloured))
    assert {peer: found.get(peer, []) for peer in wanted} == wanted


def test_the_profile_is_of_the_level() -> None:
    for traced, profile in ((True, "webrtcbin-trace"), (False, "webrtcbin-log")):
        [trace] = traces(gstreamer.log(lines_of(load(NAMES[0])), traced=traced))[:1]
        assert {peer.profile for peer in trace.header.peers.values()} == {profile}
        assert {peer.begins for peer in trace.header.peers.values()} == {"constructed"}


CHECKER = Checker()


@pytest.mark.parametrize("traced", [False, True])
@settings(max_examples=80, deadline=None, suppress_health_check=RELAXED)
@given(program=programs(), seed=SEEDS)
def test_no_run_of_the_model_is_accused(traced: bool, program: Program, seed: int) -> None:
    lines = lines_of(program, seed)
    dump = import_dump(io.BytesIO(gstreamer.log(lines, traced=traced)))
    for one in dump.calls if dump else ():
        with open_trace(io.BytesIO(one.trace)) as reader:
            told_lines = [reader.header, *(line for _, line in reader)]
        verdict = CHECKER.judge_lines("dump", told_lines)
        assert not [each for each in verdict.findings if each.class_ == "departure"]
        assert not [each for each in verdict.findings if each.blame == "recording"]


def test_both_ends_of_a_call_are_found() -> None:
    program = written_out(load("data-channels-of-two-peers"))
    assert program is not None
    lines = lines_of(program)
    assert [one.name for one in imported(gstreamer.log(lines)).calls] == ["A+B"]


def line(time: float, thread: str, element: str, message: str, process: int = 7) -> str:
    seconds, rest = divmod(time, 1000)
    clock = f"0:00:{int(seconds):02}.{int(rest * 1e6):09}"
    return (
        f"{clock} {process} {thread} TRACE              webrtcbin "
        f"gstwebrtcbin.c:1:_task:<{element}> {message}\n"
    )


TORN = "SDP contents\nv=0\r\no=- 1 1 IN IP4 1"
OFFERED = "Attempting to set local offer in the stable state"


def test_a_name_that_is_used_again_is_another_connection() -> None:
    log = line(1, "0xa", "w", OFFERED) + line(2, "0xb", "w", OFFERED)
    log += line(3, "0xb", "w", "notify signaling-state from stable to have-local-offer")
    assert [one.name for one in imported(log.encode()).calls] == ["w", "w-2"]


def test_two_processes_are_told_apart() -> None:
    log = line(1, "0xa", "w", OFFERED, 7) + line(500, "0xa", "w", OFFERED, 8)
    assert [one.name for one in imported(log.encode()).calls] == ["w", "w-2"]


def test_a_text_is_of_the_element_that_told_it() -> None:
    log = line(1, "0xa", "one", OFFERED) + line(1, "0xb", "two", OFFERED)
    log += line(2, "0xb", "two", "SDP contents\nv=0\r\no=two\r\n\n")
    log += line(2, "0xa", "one", "SDP contents\nv=0\r\no=one\r\n\n")
    texts = {peer: trace for trace in traces(log.encode()) for peer in trace.header.peers}
    for peer, trace in texts.items():
        assert [sdp.text for sdp in trace.sdps.values()] == [f"v=0\r\no={peer}\r\n"]


def test_a_log_that_begins_late_says_so() -> None:
    log = line(1, "0xa", "w", "Attempting to set remote answer in the have-local-offer state")
    [trace] = traces(log.encode())
    assert trace.header.peers["w"].begins == "unknown"
    first = trace.observations[0][1]
    assert isinstance(first, Idle)
    assert first.state is not None
    assert first.state.signalingState == "have-local-offer"


def test_what_failed_says_why() -> None:
    log = line(1, "0xa", "w", "Attempting to set remote answer in the stable state")
    message = "Not in the correct state (stable) for setting remote answer description"
    log += line(2, "0xa", "w", f"returning error: {message}")
    [trace] = traces(log.encode())
    [reject] = [one for _, one in trace.observations if isinstance(one, Reject)]
    assert (reject.error, reject.message) == ("InvalidStateError", message)


def test_a_transceiver_is_a_call_and_connectivity_a_remark() -> None:
    created = (
        "created new transceiver <t> with direction recvonly (3), mline 4294967295, kind video (2)"
    )
    log = line(1, "0xf", "w", created)
    log += line(1, "0xf", "w", "Created new unassociated transceiver <t>")
    log += line(2, "0xa", "w", "ICE connection state change from checking(1) to connected(2)")
    [trace] = traces(log.encode())
    call, mark = (one for _, one in trace.observations)
    assert isinstance(call, Call)
    assert (call.args.kind, call.args.direction) == ("video", "recvonly")
    assert isinstance(mark, Mark)
    assert mark.text == "ICE connection state: connected"


def test_the_last_operation_of_a_torn_log_stays_open() -> None:
    [trace] = traces((line(1, "0xa", "w", OFFERED) + line(2, "0xa", "w", "x")).encode())
    assert [type(one) for _, one in trace.observations] == [Call]


def test_a_text_that_may_be_torn_is_not_known() -> None:
    [trace] = traces((line(1, "0xa", "w", OFFERED) + line(2, "0xa", "w", TORN)).encode())
    assert not trace.sdps


def test_gzip_is_read() -> None:
    whole = gstreamer.log(lines_of(load(NAMES[1])))
    assert told(gzip.compress(whole)) == told(whole)


NO_LOG = (b"", b"{}", b"v=0\r\n", b"0:00:00.1 7 0xa TRACE", b"2026-01-01 INFO webrtcbin started\n")


@pytest.mark.parametrize("other", NO_LOG)
def test_what_is_none_is_not_recognised(other: bytes) -> None:
    found = import_dump(io.BytesIO(other))
    assert found is None or found.format.name != "gstreamer"


WHOLE = gstreamer.log(lines_of(load(NAMES[0])))
ODD = [b"\n", b"0:00:00.021344742 ", b"\x1b[31m", b"\xff\xfe", b"<>", b"9" * 300, b"TRACE", b"\r\n"]
ODD += [b"SDP contents\n", b"v=0\r\n", b"returning error: \x1b]0;x\x07", b" 23497 ", b"-1"]


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, len(WHOLE)))
def test_a_torn_log_keeps_what_came_before(at: int) -> None:
    found = import_dump(io.BytesIO(WHOLE[:at]))
    if found is None:
        return
    whole = told(WHOLE)
    for peer, entries in told(WHOLE[:at]).items():
        assert [one[0] for one in entries] == [one[0] for one in whole[peer]][: len(entries)]


def mutated(rng: random.Random) -> bytes:
    data = bytearray(WHOLE)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data))
        piece = rng.choice(ODD) if rng.random() < 0.7 else rng.randbytes(3)
        data[at : at + rng.choice((0, 1, len(piece), 200))] = piece
    return bytes(data)


def assert_harmless(dump: bytes) -> None:
    found = import_dump(io.BytesIO(dump))
    for one in found.calls if found else ():
        assert read_trace(io.BytesIO(one.trace)).error is None


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_whatever_is_broken_is_read_without_harm(seed: int) -> None:
    assert_harmless(mutated(random.Random(seed)))


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(seed=st.integers(0, 1 << 32))
def test_much_that_is_broken_is_read_without_harm(seed: int) -> None:
    assert_harmless(mutated(random.Random(seed)))


def test_hostile_logs_end_soon() -> None:
    start = line(1, "0xa", "w", OFFERED) + line(1, "0xa", "w", "SDP contents\nv=0")
    assert_harmless(start.encode() + b"a=" * 10_000_000)
    assert_harmless(start.encode() + b"a=x\n" * 2_000_000)
    assert_harmless(start.encode() + b"\x1b[" * 5_000_000)
    assert_harmless("".join(line(1, "0xa", f"w{at}", OFFERED) for at in range(12_000)).encode())


@pytest.mark.parametrize("process", [b"7", b" 3651", b"12345"])
def test_a_coloured_log_is_known_whatever_its_process_is(process: bytes) -> None:
    line = (
        b"0:00:00.021550133 \x1b[34m"
        + process
        + b"\x1b[00m     0x23981f90 \x1b[37mDEBUG  \x1b[00m "
        b"\x1b[00m           webrtcbin gstwebrtcbin.c:7848:gst_webrtc_bin_change_state:\x1b[00m "
        b"changing state: NULL => READY\n"
    )
    assert recognises(line)

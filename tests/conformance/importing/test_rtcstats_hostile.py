"""Broken and hostile dumps of the rtcstats family: no crash, no hang, and bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from dump_writers.rtcstats import WRITERS, peermetrics, peermetrics_api, rows_of, seen
from hostile_dumps import HOSTILE, changed, damaged, survived
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.importing.json_lines import LONGEST_LINE
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of

OF_THE_FAMILY: list[Any] = [
    *HOSTILE,
    10**400,
    {"type": ["offer"], "sdp": {}},
    {"type": "offer", "sdp": "v=\r\nm=\r\nm="},
    {"type": "answer", "sdp": "\nm=" * 5000},
    {"userAgent": "Chrome/" + "9" * 5000},
    {"candidate": [], "sdpMid": {}, "sdpMLineIndex": 1e99},
    {"0": {}, "1": []},
    [[], {}],
    [{"type": "offer"}],
    ["audio", {"direction": {}, "streams": 7}],
    "createOffer",
    "setLocalDescriptionOnSuccess",
    "traceBufferOverflow",
    6,
    "PC_0",
]


OF_EVENTS = {"peermetrics": peermetrics, "peermetrics-api": peermetrics_api}


def a_dump(format: str, name: str = "perfect-negotiation-without-glare") -> bytes:
    program = load(name)
    things = seen(trace_of(program, run_program(program, seed=3), profile="page"), format)
    chance = random.Random(5)
    if format in OF_EVENTS:
        return OF_EVENTS[format]([one for one in things if one.kind == "event"], chance)
    return WRITERS[format](rows_of(things, format, program.peers), chance)


FORMATS = (*WRITERS, *OF_EVENTS)
DUMPS = {format: a_dump(format) for format in FORMATS}


def test_each_is_read_undamaged() -> None:
    for dump in DUMPS.values():
        found = survived(dump)
        assert found is not None
        assert found.broken_off is None
        assert found.calls


@pytest.mark.parametrize("format", FORMATS)
def test_a_dump_can_be_torn_off_anywhere(format: str) -> None:
    whole = DUMPS[format]
    for end in range(0, len(whole) - 1, max(1, len(whole) // 120)):
        survived(whole[:end])


DAMAGE = {
    "format": st.sampled_from(FORMATS),
    "rng": st.randoms(use_true_random=False),
    "values": st.lists(st.sampled_from(OF_THE_FAMILY), max_size=8),
}
RELAXED = list(HealthCheck)


@settings(max_examples=300, deadline=None, suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_values_may_be_anything(format: str, rng: random.Random, values: list[Any]) -> None:
    survived(changed(DUMPS[format], rng, values))


@settings(max_examples=200, deadline=None, suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_bytes_may_be_anything(format: str, rng: random.Random, values: list[Any]) -> None:
    survived(damaged(DUMPS[format], rng, 8))


@pytest.mark.slow
@settings(max_examples=1500, deadline=None, suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_both_may_be_anything_at_length(format: str, rng: random.Random, values: list[Any]) -> None:
    survived(damaged(changed(DUMPS[format], rng, values), rng, 3))


T = 1_700_000_000_000
METADATA = b'{"fileFormat":2}\n["create","PC_0",{},%d]\n' % T
NUMBERED = b'RTCStatsDump\n{"fileFormat":3}\n[39,"PC_0",{},%d]\n' % T
GETSTREAM = b'[["create","0-pub",{},%d],' % T


@pytest.mark.parametrize("time", ["1e400", "-1", "NaN", "-Infinity", "9" * 6000, '"x"', "[1]"])
@pytest.mark.parametrize("start", [METADATA, NUMBERED])
def test_times_may_be_anything(start: bytes, time: str) -> None:
    found = survived(start + b'["createOffer","PC_0",null,' + time.encode() + b"]\n")
    assert found is not None
    # A connection of which nothing could be told is no call.
    assert [one.name for one in found.calls] == ["PC_0"] or found.silent == 1


@pytest.mark.parametrize("value", [{}, [], ["sendrecv"], 7, None, "sideways"])
@pytest.mark.parametrize("start", [METADATA, NUMBERED])
def test_a_direction_may_be_anything(start: bytes, value: Any) -> None:
    given = ["audio", {"direction": value, "streams": value}]
    found = survived(start + json.dumps(["addTransceiver", "PC_0", given, T]).encode() + b"\n")
    assert found is not None
    assert b'"addTransceiver"' in found.calls[0].trace


@pytest.mark.parametrize("start", [METADATA, NUMBERED, GETSTREAM])
def test_nesting_may_be_deep(start: bytes) -> None:
    found = survived(start + b'["createOffer","PC_0",' + b"[" * 1_000_000)
    assert found is not None
    assert found.broken_off is not None


def a_long_value(start: bytes) -> bytes:
    return start + b'["createOffer","PC_0","' + b"x" * (3 * LONGEST_LINE) + b'",1]\n'


def long_statistics(start: bytes) -> bytes:
    line = b'["getstats","PC_0",{"a":"' + b"x" * (3 * LONGEST_LINE) + b'"},%d]\n' % (T + 5)
    return start + line + b'["close","PC_0",null,%d]\n' % (T + 9)


@pytest.mark.parametrize("start", [METADATA, NUMBERED, GETSTREAM])
def test_a_value_may_be_long(start: bytes) -> None:
    found = survived(a_long_value(start))
    assert found is not None
    assert found.broken_off is not None


def test_statistics_may_be_longer_than_any_line() -> None:
    found = survived(long_statistics(METADATA))
    assert found is not None
    assert found.broken_off is None
    assert b'"close"' in found.calls[0].trace


def test_ten_thousand_connections_are_read_in_no_time_to_speak_of() -> None:
    rows = [b'["create","PC_%d",{},%d]\n["onnegotiationneeded","PC_%d",null,%d]\n' % (n, T, n, T)
            for n in range(10_000)]  # fmt: skip
    begun = time.monotonic()
    found = survived(METADATA + b"".join(rows))
    assert found is not None
    assert len(found.calls) == 10_000
    assert time.monotonic() - begun < 60


class Endless(io.RawIOBase):
    """A start, then the same line again and again, so often; nothing of it is held."""

    def __init__(self, start: bytes, line: bytes, times: int) -> None:
        self._start, self._line, self._left = start, line * 100, times // 100

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._start:
            given, self._start = self._start[:size], self._start[size:]
        elif self._left:
            self._left -= 1
            self._start = self._line[size:] if size >= 0 else b""
            given = self._line[:size] if size >= 0 else self._line
        else:
            given = b""
        return given


STATISTICS = b'["getstats","PC_0",{"RTCInboundRTPAudioStream_1":{"bytes":%s}},%d]\n' % (
    b"9" * 900,
    T,
)


@pytest.mark.parametrize(
    ("start", "line"),
    [
        (METADATA, STATISTICS),
        (NUMBERED, b'["g","PC_0",{"0":{"bytes":"%s"}},1]\n' % (b"9" * 900)),
        (METADATA, b'["onicecandidate","PC_0",{"candidate":"%s"},%d]\n' % (b"c" * 900, T)),
        (GETSTREAM, b'["getstats","0-pub",{"0":{"bytes":"%s"}},%d],' % (b"9" * 900, T)),
        (b'[{"eventName":"onnegotiationneeded","connectionId":"x","delta":1},',
         b'{"eventName":"stats","connectionId":"x","data":{"a":"%s"},"delta":2},' % (b"9" * 900)),
        (b'{"peerConnections":{"PC_0":[{"time":"2016-01-28T18:24:20.210Z","type":"create"},',
         b'{"time":"2016-01-28T18:24:20.210Z","type":"getStats","value":"%s"},' % (b"9" * 900)),
    ],
    ids=["rtcstats", "rtcstats-3", "candidates", "getstream", "peermetrics", "rtcstats-0"],
)  # fmt: skip
def test_memory_is_bounded_by_negotiation(start: bytes, line: bytes) -> None:
    """Thirty megabytes of what is not negotiation cost less than eight."""
    stream: Callable[[], Any] = lambda: Endless(start, line, 30_000)  # noqa: E731
    import_dump(Endless(start, line, 100))  # type: ignore[arg-type]
    tracemalloc.start()
    found = import_dump(stream())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found is not None
    assert peak < 8_000_000


def test_a_bomb_of_gzip_costs_no_more_than_its_lines() -> None:
    found = survived(gzip.compress(METADATA + STATISTICS * 20_000))
    assert found is not None
    assert found.broken_off is None

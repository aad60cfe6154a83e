"""Broken and hostile dumps of webrtc-internals: no crash, no hang, no more memory than bounded."""

from __future__ import annotations

import io
import json
import random
import time
import tracemalloc
from typing import Any

import pytest
from dump_writers.webrtc_internals import GENERATIONS, Recording, told, written
from hostile_dumps import HOSTILE, changed, damaged, survived
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from negotiation.conformance.importing import json_lines
from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.importing.json_events import LONGEST_TEXT
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of

OF_THE_PAGE: list[Any] = [
    *HOSTILE,
    '{"type":"offer"',
    '{"type":["offer"],"sdp":{}}',
    '{"type":"offer","sdp":null}',
    "type: offer, sdp: ",
    "Caused by: addTrack\n\ngetTransceivers()[",
    '{"reason":"addTrack","kind":7,"sender":{"track":[],"streams":"x"},"direction":{}}',
    '{"sdpMid":{},"sdpMLineIndex":1e999,"candidate":[]}',
]


def a_dump(generation: str, name: str = "offer-and-answer-of-two-peers") -> bytes:
    program = load(name)
    recording = Recording(trace_of(program, run_program(program, seed=3), profile="page"))
    peers = {peer: told(recording, peer, generation) for peer in program.peers}
    return written(peers, generation, indent=None)  # in one line, so that `changed` finds all


DUMPS = {generation: a_dump(generation) for generation in GENERATIONS}


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_dump_can_be_torn_off_anywhere(generation: str) -> None:
    whole = DUMPS[generation]
    for end in range(0, len(whole) - 1, max(1, len(whole) // 150)):
        found = survived(whole[:end])
        assert found is None or found.broken_off is not None


DAMAGE = {
    "generation": st.sampled_from(GENERATIONS),
    "rng": st.randoms(use_true_random=False),
    "values": st.lists(st.sampled_from(OF_THE_PAGE), min_size=1, max_size=6),
}
RELAXED = [HealthCheck.too_slow]


@settings(suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_bytes_may_be_anything(generation: str, rng: random.Random, values: list[Any]) -> None:
    survived(damaged(DUMPS[generation], rng, 8))


@settings(suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_values_may_be_anything(generation: str, rng: random.Random, values: list[Any]) -> None:
    survived(changed(DUMPS[generation], rng, values))


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=RELAXED)
@given(**DAMAGE)
def test_both_may_be_anything_at_length(
    generation: str, rng: random.Random, values: list[Any]
) -> None:
    survived(damaged(changed(DUMPS[generation], rng, values), rng, 3))


START = b'{"getUserMedia":[],"PeerConnections":{"1-1":{"updateLog":['
UPDATE = b'{"timestamp":%s,"type":"createOffer","value":%s}'


@pytest.mark.parametrize(
    "time",
    [b"1e400", b"-1", b"NaN", b"Infinity", b"9" * 6000, b"1e999999999999999999999", b'"x"', b"[1]"],
)
def test_times_may_be_anything(time: bytes) -> None:
    assert survived(START + UPDATE % (time, b'""') + b"]}}}") is not None


@pytest.mark.parametrize("piece", [b"[", b'{"a":', b'{"value":['])
def test_nesting_has_a_bound(piece: bytes) -> None:
    found = survived(START + piece * 1_000_000)
    assert found is not None
    assert found.broken_off is not None


def test_a_key_told_twice_is_told_twice() -> None:
    update = UPDATE % (b"1", b'""')
    record = b'"1-1":{"updateLog":[' + update + b'],"updateLog":[' + update + b"]}"
    found = survived(b'{"PeerConnections":{' + record + b"," + record + b"}}")
    assert found is not None
    assert len(found.calls) == 1


@pytest.mark.parametrize("unit", [b"x", rb"\"", rb"\u00e9", "é".encode(), rb"\ud83d\ude00"])
@pytest.mark.parametrize("where", [b'{"stats":%s}', START + UPDATE % (b"1", b"%s") + b","])
def test_a_text_as_long_as_the_dump_costs_no_memory(unit: bytes, where: bytes) -> None:
    text = b'"' + unit * (24_000_000 // len(unit)) + b'"'
    last = UPDATE % (b"2", b'"the last"')
    if where.startswith(START):
        data = where.replace(b"%s", text) + last + b"]}}}"
    else:
        data = b'{"getUserMedia":[],"x":' + text + b',"PeerConnections":{"1-1":{"updateLog":['
        data += last + b"]}}}"
    tracemalloc.start()
    try:
        found = survived(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found is not None
    assert found.broken_off is None
    assert found.calls[0].trace.count(b'"method":"createOffer"') >= 1
    assert peak < 12 * LONGEST_TEXT


def test_ten_thousand_connections_are_read_in_time() -> None:
    record = json.dumps({"updateLog": [{"timestamp": 1, "type": "createOffer", "value": ""}]})
    records = ",".join(f'"1-{number}":{record}' for number in range(10_000))
    begun = time.monotonic()
    found = survived(f'{{"getUserMedia":[],"PeerConnections":{{{records}}}}}'.encode())
    assert found is not None
    assert len(found.calls) == 10_000
    assert time.monotonic() - begun < 60


def test_more_connections_than_anybody_has_end_the_reading() -> None:
    records = ",".join(f'"1-{number}":{{}}' for number in range(30_000))
    found = import_dump(
        io.BytesIO(f'{{"getUserMedia":[],"PeerConnections":{{{records}}}}}'.encode())
    )
    assert found is not None
    assert found.broken_off == "more than 20000 connections"


def test_a_call_that_never_settles_makes_nothing_quadratic() -> None:
    update = json.dumps({"timestamp": 1, "type": "addIceCandidate", "value": "{}"})
    first = json.dumps({"timestamp": 1, "type": "createOffer", "value": "{}"})
    log = ",".join([first, *[update] * 60_000])
    begun = time.monotonic()
    found = survived(START + log.encode() + b"]}}}")
    assert found is not None
    assert time.monotonic() - begun < 60


@given(st.binary(max_size=200))
def test_exports_may_be_anything(rest: bytes) -> None:
    start = b'RTCStatsDump\n{"fileFormat":3}\n["create",null,{},1700000000000]\n'
    found = survived(start + rest)
    assert found is not None


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["create", "addTrack", "setLocalDescription", "ontrack", "close"]),
            st.sampled_from(["1-1", None, 7]),
            st.sampled_from(OF_THE_PAGE),
            st.sampled_from([1, -5, 1e308, "x", None]),
        ),
        max_size=5,
    )
)
def test_values_of_exports_may_be_anything(events: list[tuple[Any, ...]]) -> None:
    start = 'RTCStatsDump\n{"fileFormat":3}\n["create",null,{},1700000000000]'
    found = survived("\n".join([start, *map(json.dumps, events)]).encode())
    assert found is not None
    assert found.broken_off is None


def test_long_lines_of_statistics_pass_by(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "LONGEST_LINE", 1000)
    start = b'RTCStatsDump\n{"fileFormat":3}\n["create",null,{},1700000000000]\n'
    statistics = b'["getStats","1-1",{"x":"' + b"y" * 5000 + b'"},250]\n'
    found = survived(start + statistics + b'["createOffer","1-1",null,50]\n')
    assert found is not None
    assert found.broken_off is None
    assert b'"date":"2023-11-14T22:13:20.300+00:00"' in found.calls[0].trace
    found = survived(start + b'["x","1-1","' + b"y" * 5000 + b'",1]\n')
    assert found is not None
    assert found.broken_off == "line 4 is longer than 1000 bytes"

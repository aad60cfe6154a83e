"""peermetrics: events alone; which description must have been set before is concluded."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from dump_writers.read_back import departures, imported, traces
from dump_writers.rtcstats import peermetrics, peermetrics_api, seen
from dump_writers.rtcstats_told import told
from hypothesis import HealthCheck, given, settings
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_program, trace_of

WRITERS = {"peermetrics": peermetrics, "peermetrics-api": peermetrics_api}
CHECKER = Checker()

OFFER = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\nm=audio 9 X 0\r\na=ice-ufrag:abcd\r\n"
ANSWER = "v=0\r\no=- 7 2 IN IP4 127.0.0.1\r\nm=audio 9 X 0\r\na=ice-ufrag:efgh\r\n"


@pytest.mark.parametrize("format", WRITERS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=programs(), seed=SEEDS)
def test_every_event_comes_back_and_nothing_is_held_against_the_model(
    format: str, program: Program, seed: int
) -> None:
    lines = trace_of(program, run_program(program, seed=seed), profile="page")
    things = seen(lines, format)
    things = [one for one in things if one.kind == "event"]
    dump = imported(WRITERS[format](things, random.Random(seed)))
    found = traces(dump)
    for peer in {one.peer for one in things}:
        wanted = [one.essence for one in things if one.peer == peer]
        events = (one for one in told(found[peer], peer) if one.kind == "event")
        assert [one.essence for one in events] == wanted
    assert not departures(dump, CHECKER)


def change(
    connection: str, state: str, local: str | None, remote: str | None, delta: float
) -> dict[str, Any]:
    offers, answers = {"type": "offer", "sdp": OFFER}, {"type": "answer", "sdp": ANSWER}
    known = {None: None, "offer": offers, "answer": answers}
    data = {
        "signalingState": state,
        "localDescription": known[local],
        "remoteDescription": known[remote],
    }
    return {
        "eventName": "onsignalingstatechange",
        "connectionId": connection,
        "peer": 1,
        "data": data,
        "delta": delta,
    }


CALL = [
    change("x", "have-local-offer", "offer", None, 10.0),
    change("y", "have-remote-offer", None, "offer", 20.0),
    change("y", "stable", "answer", "offer", 30.0),
    change("x", "stable", "offer", "answer", 40.0),
]


def essence(dump: bytes) -> list[tuple[str, str | None]]:
    found = traces(imported(dump))
    every = [one for peer, trace in found.items() for one in told(trace, peer)]
    every.sort(key=lambda one: one.t)
    return [
        (one.name, (one.description or ("",))[0] if one.kind == "call" else one.state)
        for one in every
    ]


def test_the_description_is_told_before_the_change_that_it_brought() -> None:
    dump = imported(json.dumps(CALL).encode())
    assert [one.name for one in dump.calls] == ["x+y"]
    assert essence(json.dumps(CALL).encode()) == [
        ("setLocalDescription", "offer"),
        ("signalingstatechange", "have-local-offer"),
        ("setRemoteDescription", "offer"),
        ("signalingstatechange", "have-remote-offer"),
        ("setLocalDescription", "answer"),
        ("signalingstatechange", "stable"),
        ("setRemoteDescription", "answer"),
        ("signalingstatechange", "stable"),
    ]


def test_lines_that_end_with_the_names_of_their_ends_are_read() -> None:
    plain = json.dumps(CALL)
    escaped = plain.replace("\\r\\n", "\\\\r\\\\n")
    assert escaped != plain
    texts = [imported(one.encode()).calls[0].trace for one in (plain, escaped)]
    assert texts[0] == texts[1]


def test_a_change_back_to_stable_without_an_answer_is_a_rollback() -> None:
    changes = [CALL[0], change("x", "stable", None, None, 50.0)]
    assert essence(json.dumps(changes).encode()) == [
        ("setLocalDescription", "offer"),
        ("signalingstatechange", "have-local-offer"),
        ("setLocalDescription", "rollback"),
        ("signalingstatechange", "stable"),
    ]


def test_after_a_change_that_was_lost_the_recording_begins_anew() -> None:
    changes = [*CALL[:2], change("x", "have-local-offer", "offer", None, 35.0), *CALL[2:]]
    dump = imported(json.dumps(changes).encode())
    trace = traces(dump)["x"]
    assert trace.header.peers["x"].begins == "unknown"
    assert [one.kind for one in told(trace, "x")] == ["call", "event"]
    assert not departures(dump, CHECKER)

"""Records in which it is told once more how things stand: a second page was opened meanwhile."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dump_writers.read_back import imported, traces

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.traces.format import Idle
from negotiation.conformance.traces.reading import Trace

OFFER = "v=0\r\no=- 11 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:aaaa\r\n"
LATER = OFFER.replace(" 2 ", " 3 ")
ANSWER = "v=0\r\no=- 22 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:bbbb\r\n"
T = 1_700_000_000_000

Updates = list[tuple[str, str]]


def log(told: Updates, begins: float = T) -> list[dict[str, Any]]:
    return [
        {"timestamp": begins + 10 * at, "type": type, "value": value}
        for at, (type, value) in enumerate(told)
    ]


def trace_of(updates: list[dict[str, Any]]) -> Trace:
    told = {"PeerConnections": {"5-1": {"updateLog": updates}}, "UserAgent": "x Chrome/130.0.0.0"}
    return traces(imported(json.dumps(told).encode()))["5-1"]


def said(told: Updates) -> list[tuple[str, str | None]]:
    """What is observed, but for quiet: the kind, and the method, the event or the state."""
    found = []
    for _, one in trace_of(log(told)).observations:
        state = None if one.state is None else one.state.signalingState
        method = getattr(one, "method", None) or state or getattr(one, "name", None)
        found.append((type(one).__name__, method))
    return [one for one in found if one != ("Idle", None)]


CANDIDATE = "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n"
CREATED: Updates = [
    ("createOffer", "options: {}"),
    ("createOfferOnSuccess", f"type: offer, sdp: {OFFER}"),
]
OFFERED: Updates = [
    ("setLocalDescription", f"type: offer, sdp: {OFFER}"),
    ("setLocalDescriptionOnSuccess", ""),
    ("signalingstatechange", "have-local-offer"),
]
ANSWERED: Updates = [
    ("setRemoteDescription", f"type: answer, sdp: {ANSWER}"),
    ("setRemoteDescriptionOnSuccess", ""),
    ("signalingstatechange", "stable"),
]


def stands(state: str, *sets: tuple[str, str]) -> Updates:
    """How things stand: what is in force, and the three states."""
    return [
        *sets,
        ("signalingstatechange", state),
        ("iceconnectionstatechange", "checking"),
        ("connectionstatechange", "connecting"),
    ]


LOCAL = ("setLocalDescription", f"type: offer, sdp: {OFFER}{CANDIDATE}")
REMOTE = ("setRemoteDescription", f"type: answer, sdp: {ANSWER}{CANDIDATE}")


@pytest.mark.parametrize(
    ("told", "again"),
    [
        ([*CREATED, *OFFERED], stands("have-local-offer", LOCAL)),
        ([*CREATED, *OFFERED, *ANSWERED], stands("stable", LOCAL, REMOTE)),
        ([*CREATED, *OFFERED, *ANSWERED], stands("stable", REMOTE, LOCAL)),
    ],
)
def test_what_is_told_again_was_not_called(told: Updates, again: Updates) -> None:
    assert said([*told, *again]) == said(told)
    following: Updates = [("createOffer", "options: {}")]
    assert said([*told, *again, *following]) == said([*told, *following])


def test_how_things_stand_before_anything_was_set_is_no_change_of_state() -> None:
    told: Updates = [("addTransceiver", json.dumps({"kind": "audio"})), ("restartIce", "")]
    before: Updates = [*told, ("onsignalingstatechange", '"have-local-offer"')]
    again: Updates = [
        ("onsignalingstatechange", '"have-local-offer"'),
        ("oniceconnectionstatechange", '"new"'),
        ("onconnectionstatechange", '"new"'),
    ]
    assert said([*before, *again]) == said(before)


def test_a_page_opened_late_and_then_another() -> None:
    again = stands("stable", LOCAL, REMOTE)
    trace = trace_of(log([*again, *again]))
    assert trace.header.peers["5-1"].begins == "unknown"
    assert said([*again, *again]) == [("Idle", "stable")]


def test_the_second_telling_shows_how_long_it_was_quiet() -> None:
    told = log([*CREATED, *OFFERED, *ANSWERED])
    later = told[-1]["timestamp"] + 60_000
    trace = trace_of([*told, *log(stands("stable", LOCAL, REMOTE), later)])
    last = trace.observations[-1][1]
    assert isinstance(last, Idle)
    assert last.quiet == pytest.approx(60_040)


@pytest.mark.parametrize(
    "real",
    [
        # It settles.
        [*stands("have-local-offer", LOCAL), ("setLocalDescriptionOnSuccess", "")],
        # It is another description.
        stands("have-local-offer", ("setLocalDescription", f"type: offer, sdp: {LATER}")),
        # The state is another one.
        stands("stable", LOCAL),
    ],
)
def test_what_is_new_counts(real: Updates) -> None:
    told = said([*CREATED, *OFFERED, *real])
    assert told.count(("Call", "setLocalDescription")) == 2


def test_a_connection_of_which_it_is_told_twice_is_healthy() -> None:
    trace = trace_of(log([*CREATED, *OFFERED, *ANSWERED, *stands("stable", LOCAL, REMOTE)]))
    lines = (trace.header, *trace.sdps.values(), *(one for _, one in trace.observations))
    assert Checker().judge_lines("told twice", lines).verdict == "conforms"


def test_descriptions_written_as_json_are_told_again_as_well() -> None:
    def offer(sdp: str) -> tuple[str, str]:
        return "setLocalDescription", json.dumps({"type": "offer", "sdp": sdp})

    told = [
        offer(OFFER),
        ("setLocalDescriptionOnSuccess", ""),
        ("onsignalingstatechange", '"have-local-offer"'),
    ]
    again = [
        offer(OFFER + CANDIDATE),
        ("onsignalingstatechange", '"have-local-offer"'),
        ("oniceconnectionstatechange", '"new"'),
        ("onconnectionstatechange", '"new"'),
    ]
    assert said([*told, *again]) == said(told)

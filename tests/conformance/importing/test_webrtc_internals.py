"""Dumps of chrome://webrtc-internals, as each generation writes them."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest

from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.importing.formats import format_of
from negotiation.conformance.importing.webrtc_internals.times import of_clock
from negotiation.conformance.traces.format import Call, Event, Idle, Mark, Reject, Resolve
from negotiation.conformance.traces.reading import Trace, read_trace

OFFER = "v=0\r\no=- 11 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:aaaa\r\n"
LATER = OFFER.replace(" 2 ", " 3 ")
ANSWER = "v=0\r\no=- 22 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:bbbb\r\n"
CHROMIUM = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36"

Updates = list[tuple[str, str]]


def dump(
    updates: Updates | dict[str, Updates], *, clock: bool = False, **more: Any
) -> dict[str, Any]:
    """A dump with one connection, or several; updates are 10 ms apart, or have a time of day."""
    connections = updates if isinstance(updates, dict) else {"5-1": updates}
    records = {}
    for key, told in connections.items():
        log: list[dict[str, Any]] = []
        for number, (type, value) in enumerate(told):
            when: dict[str, Any] = {"timestamp": 1_700_000_000_000.5 + 10 * number}
            if clock:
                when = {"time": f"6/7/2020, 9:08:{number:02} PM"}
            log.append({**when, "type": type, "value": value})
        records[key] = {"url": "https://call.example", "stats": {}, "updateLog": log}
    return {"getUserMedia": [], "PeerConnections": records, "UserAgent": CHROMIUM, **more}


def imported(told: dict[str, Any] | bytes) -> ImportedDump:
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    found = import_dump(io.BytesIO(data))
    assert found is not None
    return found


def traces(told: dict[str, Any] | bytes) -> list[Trace]:
    return [read_trace(io.BytesIO(call.trace)) for call in imported(told).calls]


def lines(told: dict[str, Any] | bytes) -> list[str]:
    """The observations of the first connection, in short."""
    trace = traces(told)[0]
    methods: dict[int, str] = {}
    found = []
    for _, one in trace.observations:
        match one:
            case Call():
                methods[one.id] = one.method
                found.append(one.method)
            case Resolve():
                found.append(f"{methods[one.call]} resolves")
            case Reject():
                found.append(f"{methods[one.call]} rejects {one.error}".strip())
            case Event() | Idle() if one.state is not None:
                found.append(f"{one.state.signalingState}")
            case Event():
                found.append(one.name)
            case Mark():
                found.append(f"({one.text})")
    return found


OLD = [
    ("addStream", "label: s"),
    ("onRenegotiationNeeded", ""),
    ("createOffer", "options: {offerToReceiveVideo: -1, offerToReceiveAudio: -1}"),
    ("createOfferOnSuccess", f"type: offer, sdp: {OFFER}"),
    ("setLocalDescription", f"type: offer, sdp: {OFFER}"),
    ("signalingStateChange", "SignalingStateHaveLocalOffer"),
    ("setLocalDescriptionOnSuccess", ""),
    ("setRemoteDescription", f"type: answer, sdp: {ANSWER}"),
    ("iceConnectionStateChange", "ICEConnectionStateConnected"),
    ("signalingStateChange", "SignalingStateStable"),
    ("setRemoteDescriptionOnSuccess", ""),
    ("stop", ""),
    ("signalingStateChange", "SignalingStateClosed"),
]


def test_generation_a() -> None:
    assert lines(dump(OLD, clock=True)) == [
        "(addStream was called (Plan B))",
        "negotiationneeded",
        "createOffer",
        "createOffer resolves",
        "setLocalDescription",
        "have-local-offer",
        "setLocalDescription resolves",
        "setRemoteDescription",
        "(ICE: connected)",
        "stable",
        "setRemoteDescription resolves",
        "close",
    ]


def test_generation_a_knows_the_time_to_a_second() -> None:
    (trace,) = traces(dump(OLD, clock=True))
    (peer,) = trace.header.peers.values()
    assert peer.recorder == "webrtc-internals A"
    assert peer.clock.resolution == 1000
    assert trace.observations[3][1].t == 3000


def as_json(type: str, sdp: str) -> str:
    return json.dumps({"type": type, "sdp": sdp})


NEW = [
    ("addTransceiver", json.dumps({"kind": "audio", "track": None, "direction": "recvonly"})),
    ("onnegotiationneeded", ""),
    ("setLocalDescription", ""),
    ("onsignalingstatechange", '"have-local-offer"'),
    ("setLocalDescriptionOnSuccess", as_json("offer", OFFER)),
    ("setRemoteDescription", as_json("answer", ANSWER)),
    ("onsignalingstatechange", '"stable"'),
    ("ontrack", json.dumps({"kind": "audio", "id": "x", "label": "y", "streams": []})),
    ("setRemoteDescriptionOnSuccess", ""),
    ("restartIce", ""),
]


def test_generation_e() -> None:
    assert lines(dump(NEW)) == [
        "addTransceiver",
        "negotiationneeded",
        "setLocalDescription",
        "have-local-offer",
        "setLocalDescription resolves",
        "setRemoteDescription",
        "stable",
        "(a track event)",
        "setRemoteDescription resolves",
        "restartIce",
    ]
    (trace,) = traces(dump(NEW))
    assert trace.header.peers["5-1"].profile == "webrtc-internals-e"
    assert trace.observations[0][1].args.direction == "recvonly"  # type: ignore[union-attr]


@pytest.mark.parametrize("prefix", ["", "on"])
def test_settlements_that_come_first_are_put_behind_their_changes(prefix: str) -> None:
    change = f"{prefix}signalingstatechange"
    told = [
        ("setLocalDescription", as_json("offer", OFFER)),
        ("setLocalDescriptionOnSuccess", ""),
        (change, '"have-local-offer"'),
        ("setRemoteDescription", as_json("offer", ANSWER)),
        ("setRemoteDescriptionOnSuccess", ""),
        (change, '"stable"'),
        (change, '"have-remote-offer"'),
    ]
    assert lines(dump(told)) == [
        "setLocalDescription",
        "have-local-offer",
        "setLocalDescription resolves",
        "setRemoteDescription",
        "stable",
        "have-remote-offer",
        "setRemoteDescription resolves",
    ]


def test_what_is_told_after_close_no_script_sees() -> None:
    told = [
        ("setLocalDescription", as_json("offer", OFFER)),
        ("close", ""),
        ("setLocalDescriptionOnSuccess", ""),
        ("onsignalingstatechange", '"have-local-offer"'),
    ]
    assert lines(dump(told)) == ["setLocalDescription", "close"]


@pytest.mark.parametrize(
    ("method", "message", "error"),
    [
        (
            "setRemoteDescription",
            "Failed to set: Called in wrong state: stable",
            "InvalidStateError",
        ),
        ("createAnswer", "cannot create an answer in a state other than x", "InvalidStateError"),
        ("setRemoteDescription", "Failed to parse SessionDescription. x", "OperationError"),
        ("setRemoteDescription", "", ""),
    ],
)
def test_names_of_errors_are_concluded_from_messages(method: str, message: str, error: str) -> None:
    told = [(method, ""), (f"{method}OnFailure", message), ("onnegotiationneeded", "")]
    assert lines(dump(told))[1] == f"{method} rejects {error}".strip()


def test_a_failure_to_parse_without_a_call_is_a_call() -> None:
    told = [
        ("restartIce", ""),
        ("setRemoteDescriptionOnFailure", "Failed to parse SessionDescription. x"),
        ("createOffer", "{}"),
    ]
    assert lines(dump(told)) == [
        "restartIce",
        "setRemoteDescription",
        "setRemoteDescription rejects OperationError",
        "createOffer",
    ]


def test_candidates_settle_behind_the_calls_they_may_wait_for() -> None:
    candidate = json.dumps({"candidate": "candidate:1", "sdpMid": "0", "sdpMLineIndex": 0})
    told = [
        ("setRemoteDescription", as_json("offer", OFFER)),
        ("createAnswer", "{}"),
        ("addIceCandidate", candidate),
        ("setRemoteDescriptionOnSuccess", ""),
        ("setLocalDescription", ""),
        ("createAnswerOnSuccess", as_json("answer", ANSWER)),
        ("addIceCandidateFailed", candidate),
        ("setLocalDescriptionOnSuccess", as_json("answer", ANSWER)),
        ("addIceCandidate", candidate),
    ]
    assert lines(dump(told)) == [
        "setRemoteDescription",
        "createAnswer",
        "addIceCandidate",
        "setRemoteDescription resolves",
        "setLocalDescription",
        "createAnswer resolves",
        "addIceCandidate resolves",
        "addIceCandidate",
        "setLocalDescription resolves",
        "addIceCandidate rejects",
        "addIceCandidate",
        "addIceCandidate resolves",
    ]


MADE_UP = [
    ("setLocalDescription", as_json("offer", OFFER)),
    ("setRemoteDescription", as_json("answer", ANSWER)),
    ("onsignalingstatechange", '"stable"'),
    ("oniceconnectionstatechange", '"new"'),
    ("onconnectionstatechange", '"new"'),
]


@pytest.mark.parametrize("sets", [0, 1, 2])
def test_a_page_opened_late_begins_with_how_things_stand(sets: int) -> None:
    (trace,) = traces(dump(MADE_UP[2 - sets :] + NEW))
    assert trace.header.peers["5-1"].begins == "unknown"
    first = trace.observations[0][1]
    assert isinstance(first, Idle)
    assert first.state is not None
    assert first.state.signalingState == "stable"
    assert len(trace.observations) == 1 + len(NEW)


@pytest.mark.parametrize(
    "told",
    [
        [("setRemoteDescription", as_json("answer", ANSWER)), ("signalingstatechange", '"stable"')],
        [("createAnswer", "{}"), ("createAnswerOnSuccess", as_json("answer", ANSWER))],
        [("setLocalDescriptionOnSuccess", "")],
        [
            ("createOffer", "{}"),
            ("createOfferOnSuccess", as_json("offer", LATER)),
        ],
    ],
)
def test_what_cannot_come_first_shows_a_page_opened_late(told: Updates) -> None:
    (trace,) = traces(dump(told))
    assert trace.header.peers["5-1"].begins == "unknown"


def test_what_settles_without_a_call_was_called_before_the_page_was_opened() -> None:
    told = [
        *MADE_UP[2:],
        ("setRemoteDescription", as_json("offer", OFFER)),
        ("setRemoteDescriptionOnFailure", "Called in wrong state: have-local-offer"),
        ("setRemoteDescriptionOnSuccess", ""),
    ]
    assert lines(dump(told)) == [
        "stable",
        "setRemoteDescription",
        "(setRemoteDescription was rejected; its call was not recorded)",
        "setRemoteDescription resolves",
    ]


@pytest.mark.parametrize("told", [OLD, NEW])
def test_a_whole_record_begins_with_its_connection(told: Updates) -> None:
    (trace,) = traces(dump(told))
    assert trace.header.peers["5-1"].begins == "constructed"


def test_both_ends_of_a_call_are_one_trace() -> None:
    other = [
        ("setRemoteDescription", as_json("offer", OFFER)),
        ("onsignalingstatechange", '"have-remote-offer"'),
        ("setRemoteDescriptionOnSuccess", ""),
        ("setLocalDescription", ""),
        ("onsignalingstatechange", '"stable"'),
        ("setLocalDescriptionOnSuccess", as_json("answer", ANSWER)),
    ]
    (trace,) = traces(dump({"5-1": NEW, "5-2": other}))
    assert list(trace.header.peers) == ["5-1", "5-2"]


def test_secrets_and_servers_are_not_kept() -> None:
    servers = {"iceServers": [{"urls": ["turn:192.0.2.7"], "credential": "sesame"}]}
    told = [("setConfiguration", json.dumps({**servers, "iceTransportPolicy": "relay"}))]
    (trace,) = traces(dump(told))
    call = trace.observations[0][1]
    assert isinstance(call, Call)
    assert call.args.configuration == {"iceTransportPolicy": "relay"}
    text = [("setConfiguration", "{ iceServers: [turn:192.0.2.7], iceTransportPolicy: relay }")]
    (trace,) = traces(dump(text))
    assert trace.observations[0][1].args.configuration == {  # type: ignore[union-attr]
        "iceTransportPolicy": "relay"
    }


@pytest.mark.parametrize(
    ("agent", "brands", "stack"),
    [
        (CHROMIUM, [("Chromium", "130.0.1.2"), ("Not;A", "99")], ("chromium", "130.0.1.2")),
        (CHROMIUM, [("Google Chrome", "130.0.1.2")], ("chrome", "130.0.1.2")),
        (CHROMIUM, [], ("chrome", "130.0.0.0")),
        (CHROMIUM + " Edg/130.0.5.6", [], ("edge", "130.0.5.6")),
        ("x Chrome/120.0.1.1 Electron/28.1.0 y", [("Chromium", "120")], ("electron", "28.1.0")),
        ("", [], ("chromium", "")),
    ],
)
@pytest.mark.parametrize("form", ["array", "object"])
def test_the_stack_is_what_the_browser_claims_to_be(
    agent: str, brands: list[tuple[str, str]], stack: tuple[str, str], form: str
) -> None:
    claimed: Any = [{"brand": name, "version": version} for name, version in brands]
    if form == "object":
        claimed = {"brands": claimed, "fullVersionList": claimed, "mobile": False}
    (trace,) = traces(dump(NEW, UserAgent=agent, UserAgentData=claimed))
    found = trace.header.peers["5-1"].stack
    assert (found.name, found.version) == stack


@pytest.mark.parametrize(
    "keys",
    [["UserAgent", "PeerConnections", "getUserMedia"], ["new", "PeerConnections", "UserAgent"]],
)
def test_keys_come_in_any_order_gzipped_or_not(keys: list[str]) -> None:
    told = dump(NEW, new={"PeerConnections": {"9-9": {"updateLog": [{"type": "close"}]}}})
    told = {key: told[key] for key in keys}
    packed = gzip.compress(b"\xef\xbb\xbf" + json.dumps(told, indent=1).encode())
    assert [call.trace for call in imported(packed).calls] == [
        call.trace for call in imported(told).calls
    ]


def test_dumps_without_a_connection_are_empty() -> None:
    assert imported(dump({})).calls == ()
    media = [{"rid": 1, "request_type": "getUserMedia", "timestamp": 1.0}]
    assert imported({"getUserMedia": media, "PeerConnections": {}}).calls == ()


@pytest.mark.parametrize(
    "other",
    [
        b"",
        b"{}",
        b'{"peerConnections": {}}',
        b'{"PeerConnections": []}',
        b'{"hello": {"PeerConnections": {}}}',
        b'[{"PeerConnections": {}}]',
        b'{"UserAgent": "x"}',
        b'{"kind":"header","format":"negotiation-trace"}',
    ],
)
def test_other_json_is_not_recognised(other: bytes) -> None:
    assert format_of(other) is None


def test_quiet_until_the_dump_was_made_is_told() -> None:
    (trace,) = traces(dump(NEW[:1], timestamp=1_700_000_009_000))
    last = trace.observations[-1][1]
    assert isinstance(last, Idle)
    assert last.quiet == pytest.approx(8999.5)


def test_statistics_tell_the_zone_of_local_times_and_the_end() -> None:
    told = dump(OLD[:-2], clock=True)
    record = told["PeerConnections"]["5-1"]
    record["stats"] = {
        "a": {"startTime": "2020-06-07T19:08:02.000Z", "endTime": "2020-06-07T19:09:00.000Z"}
    }
    (trace,) = traces(told)
    last = trace.observations[-1][1]
    assert isinstance(last, Idle)
    assert last.t == 60_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11/26/2026, 11:22:37 PM", "2026-11-26T23:22:37"),
        ("11/26/2026, 11:22:37\u202fPM", "2026-11-26T23:22:37"),
        ("6/7/2020, 12:00:01 AM", "2020-06-07T00:00:01"),
        ("26/11/2026, 23:22:37", "2026-11-26T23:22:37"),
        ("26.11.2026, 23:22:37", "2026-11-26T23:22:37"),
        ("2026-11-26 23:22:37", "2026-11-26T23:22:37"),
        ("2026/11/26 下午11:22:37", "2026-11-26T23:22:37"),
        ("2026. 11. 26. 오후 11:22:37", "2026-11-26T23:22:37"),
    ],
)
def test_local_times_are_read_in_the_users_custom(text: str, expected: str) -> None:
    import datetime

    moment = datetime.datetime.fromisoformat(expected + "+00:00")
    assert of_clock(text) == moment.timestamp() * 1000


def test_times_that_cannot_be_read_are_no_times() -> None:
    assert of_clock("once upon a time") is None
    assert of_clock("9" * 1000) is None
    assert of_clock(None) is None


EXPORT: list[list[Any]] = [
    ["create", None, {"userAgentData": {"brands": [{"brand": "Chromium", "version": "156"}]}}],
    ["create", "5-1", {"iceServers": []}, "https://call.example"],
    ["addTrack", "5-1", ["audio", "a1", "s1"]],
    ["onnegotiationneeded", "5-1", None],
    ["getStats", "5-1", {"x": {"type": "transport"}}],
    ["setLocalDescription", "5-1", None],
    ["onsignalingstatechange", "5-1", '"have-local-offer"'],
    ["setLocalDescriptionOnSuccess", "5-1", {"type": "offer", "sdp": OFFER}],
    ["setRemoteDescription", "5-1", {"type": "answer", "sdp": ANSWER}],
    ["setRemoteDescriptionOnFailure", "5-1", "Called in wrong state: x"],
    ["close", "5-1", None],
    ["remove", "5-1", None],
]


def export(events: list[list[Any]]) -> bytes:
    times = [1_700_000_000_000.5, *[10] * (len(events) - 1)]
    told = [
        json.dumps([*event, time], separators=(",", ":"))
        for event, time in zip(events, times, strict=True)
    ]
    return "\n".join(["RTCStatsDump", '{"fileFormat":3}', *told]).encode()


def test_an_rtcstats_file_tells_the_same() -> None:
    assert lines(gzip.compress(export(EXPORT))) == [
        "addTrack",
        "negotiationneeded",
        "setLocalDescription",
        "have-local-offer",
        "setLocalDescription resolves",
        "setRemoteDescription",
        "setRemoteDescription rejects InvalidStateError",
        "close",
    ]
    (trace,) = traces(export(EXPORT))
    peer = trace.header.peers["5-1"]
    assert (peer.stack.name, peer.stack.version) == ("chromium", "156")
    assert trace.observations[0][1].args.track == "audio:a1"  # type: ignore[union-attr]
    assert trace.observations[2][1].t == 30


def test_an_rtcstats_file_of_others_is_not_this_pages() -> None:
    numbered = b'RTCStatsDump\n{"fileFormat":3}\n[39,"PC_0",{},1700000000000]\n'
    found = format_of(numbered)
    assert found is None or found.name != "webrtc-internals-rtcstats"


def test_a_torn_rtcstats_file_tells_what_it_has() -> None:
    whole = export(EXPORT)
    found = imported(whole[: whole.index(b'"setRemoteDescription"') + 3])
    assert found.broken_off is not None
    assert len(found.calls) == 1

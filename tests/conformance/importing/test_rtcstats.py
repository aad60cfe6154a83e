"""The rtcstats family in small: what is peculiar to each of its members."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dump_writers.read_back import departures, imported, traces
from dump_writers.rtcstats import compressed
from dump_writers.rtcstats_told import told

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.entries import Given
from negotiation.conformance.importing.formats import format_of
from negotiation.conformance.importing.rtcstats.methods import name_of
from negotiation.conformance.importing.rtcstats.sections import IncompleteError, decompressed
from negotiation.conformance.importing.rtcstats.slots import Slots
from negotiation.conformance.traces.format import Mark
from negotiation.model import Side

T = 1_700_000_000_000
OFFER = {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\na=mid:0\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\no=- 3 2 IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\na=mid:0\r\n"}
GOLDEN = json.loads(Path(__file__).with_name("rtcstats_compressed.json").read_text())
JITSI = ["connectionInfo", None, {"userAgent": "x Version/17.0 Safari/605.1.15"}, T]


def as_lines(*rows: Any) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


def names(dump: bytes, connection: str = "PC_0") -> list[tuple[str, str]]:
    trace = traces(imported(dump))[connection]
    return [(one.kind, one.name) for one in told(trace, connection)]


def marks(dump: bytes, connection: str = "PC_0") -> list[str]:
    trace = traces(imported(dump))[connection]
    return [one.text for _, one in trace.observations if isinstance(one, Mark)]


def given(told: Any) -> Given | None:
    return None if told is None else Given(told["type"], told.get("sdp"))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["name"])
def test_what_the_real_compressor_left_out_is_put_back(case: Any) -> None:
    """Made with descriptionCompression and descriptionDecompression of rtcstats-shared 2.6.1."""
    base, whole, short = given(case["base"]), given(case["given"]), given(case["compressed"])
    assert whole is not None
    assert short is not None
    found = decompressed(base, short)
    assert found.type == case["restored"]["type"]
    assert (found.sdp or "").splitlines() == (case["restored"].get("sdp") or "").splitlines()
    assert (found.sdp or "").split() == (whole.sdp or "").split()
    made = compressed(None if base is None else (base.type, base.sdp), (whole.type, whole.sdp))
    assert made == (short.type, short.sdp)


@pytest.mark.parametrize(
    "base",
    [
        None,
        Given("offer", None),
        Given("answer", "v=0\r\nm=audio\r\nm=video\r\n"),
        Given("offer", "v=0\r\nm=audio\r\n"),
    ],
)
def test_what_cannot_be_put_back_is_not_made_up(base: Given | None) -> None:
    with pytest.raises(IncompleteError):
        decompressed(base, Given("offer", "v=0\r\nm=audio 9\r\nm=\r\n"))


def test_descriptions_are_followed_as_a_connection_keeps_them() -> None:
    slots = Slots()
    offer, answer = Given("offer", "v=0 a"), Given("answer", "v=0 b")
    assert slots.created("createOffer", offer) == offer
    assert slots.set("setLocalDescription", "1", Given("offer", "v=\r\n")) == Given(
        "offer", "v=0 a\r\n"
    )
    assert slots.of(Side.LOCAL) is None
    slots.changed()
    assert slots.of(Side.LOCAL) == Given("offer", "v=0 a\r\n")
    slots.settled("setLocalDescription", "1", None, ok=True)
    slots.set("setRemoteDescription", "2", answer)
    slots.settled("setRemoteDescription", "2", None, ok=False)
    assert slots.of(Side.REMOTE) is None
    slots.set("setLocalDescription", "3", Given("rollback", None))
    slots.settled("setLocalDescription", "3", None, ok=True)
    assert slots.of(Side.LOCAL) is None


def test_methods_are_called_by_name_or_number() -> None:
    methods = (2, "createOffer", 14, "6", 65, 99999, True, None, [2], 2.0)
    names = ["createOffer", "createOffer", "setLocalDescriptionOnFailure", "setLocalDescription"]
    assert [name_of(one) for one in methods] == [*names, "65", *[None] * 5]


NUMBERED = [
    [39, None, {"deviceMemory": 8}, T],
    [39, "PC_0", {}, 1],
    [27, "PC_0", None, 1],
    [2, "PC_0", None, "2-0", 1],
    [2, "PC_0", None, "2-1", 0],
    [12, "PC_0", "OperationError: no", "2-1", 1],
    [3, "PC_0", OFFER, "2-0", 1],
    ["g", "PC_0", {"0": {}}, 1000],
    [6, "PC_0", {"type": "offer", "sdp": "v=\r\nm=\r\n"}, "6-0", 1],
    [14, "PC_0", "InvalidStateError: Called in wrong state", "6-0", 1],
    [":rating", "PC_0", {"stars": 5}, 1],
    ["close", None, 1006, 60000],
]


def test_times_are_added_up_over_all_lines_and_settlements_find_their_calls() -> None:
    dump = b'RTCStatsDump\n{"fileFormat":3}\n' + as_lines(*NUMBERED)
    trace = traces(imported(dump))["PC_0"]
    ends = [(one.call, one.kind, one.error) for one in told(trace, "PC_0") if one.kind[0] == "r"]
    assert ends == [
        (2, "reject", "OperationError"),
        (1, "resolve", None),
        (3, "reject", "InvalidStateError"),
    ]
    assert [round(one.t) for _, one in trace.observations] == [0, 1, 1, 2, 3, 1004, 1005, 1006]
    texts = {one.text for one in trace.sdps.values()}
    assert texts == {OFFER["sdp"]}


def test_the_servers_own_clock_is_no_quiet() -> None:
    head = b'RTCStatsDump\n{"fileFormat":3}\n'
    with_it = traces(imported(head + as_lines(*NUMBERED)))["PC_0"]
    without = traces(imported(head + as_lines(*NUMBERED[:-1])))["PC_0"]
    assert with_it.observations == without.observations


def test_labels_came_with_protocol_5() -> None:
    rows = [[39, "PC_0", {}, T], [30, "PC_0", ["audio", "id", "label", "stream"], 1]]
    for protocol, streams in (("4.0", ("label", "stream")), ("5.0", ("stream",))):
        about = json.dumps({"clientProtocol": f"rtcstats#{protocol}", "fileFormat": 3})
        dump = f"RTCStatsDump\n{about}\n".encode() + as_lines(*rows)
        [one] = told(traces(imported(dump))["PC_0"], "PC_0")
        assert (one.args.track, one.args.streams) == ("audio:id", streams)


def test_lines_out_of_order_are_sorted_and_lines_of_one_time_stay() -> None:
    rows = [
        ["setLocalDescription", "PC_0", "", T + 30],
        ["setLocalDescriptionOnSuccess", "PC_0", None, T + 40],
        ["createOffer", "PC_0", None, T + 10],
        ["createOfferOnSuccess", "PC_0", "", T + 20],
        ["create", "PC_0", {}, T],
        ["onsignalingstatechange", "PC_0", "have-local-offer", T + 35],
        ["e2eRtt", None, {"rtt": 1}],
        ["close", "PC_0", {}, T + 40],
    ]
    dump = as_lines(JITSI, *rows)
    assert names(dump) == [
        ("call", "createOffer"),
        ("resolve", "createOffer"),
        ("call", "setLocalDescription"),
        ("event", "signalingstatechange"),
        ("resolve", "setLocalDescription"),
        ("call", "close"),
    ]
    header = traces(imported(dump))["PC_0"].header.peers["PC_0"]
    assert (header.begins, header.profile) == ("constructed", "rtcstats-jitsi")
    assert (header.stack.name, header.stack.version) == ("safari", "17.0")


def test_a_connection_that_was_not_seen_being_made_begins_unknown() -> None:
    dump = as_lines(JITSI, ["onnegotiationneeded", "PC_7", None, T])
    assert traces(imported(dump))["PC_7"].header.peers["PC_7"].begins == "unknown"


ONE_WITHOUT_NAME: list[list[Any]] = [
    ["createOffer", None, None, T + 1],
    ["createOfferOnSuccess", None, "", T + 2],
    ["setLocalDescription", None, "", T + 3],
    ["setLocalDescriptionOnSuccess", None, None, T + 4],
    ["setRemoteDescription", None, "", T + 5],
    ["setRemoteDescriptionOnSuccess", None, None, T + 6],
]
ANOTHER: list[list[Any]] = [
    ["setRemoteDescription", None, "", T + 3],
    ["setRemoteDescriptionOnSuccess", None, None, T + 4],
    ["createAnswer", None, None, T + 4],
    ["createAnswerOnSuccess", None, "", T + 5],
    ["setLocalDescription", None, "", T + 5],
    ["setLocalDescriptionOnSuccess", None, None, T + 6],
]


def test_one_connection_without_a_name_is_kept() -> None:
    dump = as_lines(JITSI, *ONE_WITHOUT_NAME)
    assert len(names(dump, "null")) == 6
    assert traces(imported(dump))["null"].header.peers["null"].begins == "unknown"
    assert not departures(imported(dump), Checker())


def test_several_connections_without_names_are_left_out_with_a_remark() -> None:
    rows = sorted([*ONE_WITHOUT_NAME, *ANOTHER], key=lambda row: row[3])
    dump = as_lines(JITSI, *rows, ["create", "PC_0", {}, T + 50])
    assert [one.name for one in imported(dump).calls] == ["PC_0"]
    assert marks(dump) == ["6 calls of several connections without names were left out of the dump"]


def test_the_first_rtcstats_tells_a_change_long_after_its_settlement() -> None:
    told = [
        ("create", {}, 0),
        ("setRemoteDescription", OFFER, 10),
        ("createAnswer", None, 12),
        ("setRemoteDescriptionOnSuccess", None, 20),
        ("createAnswerOnSuccess", ANSWER, 120),
        ("setLocalDescription", ANSWER, 121),
        ("onsignalingstatechange", "have-remote-offer", 140),
        ("setLocalDescriptionOnSuccess", None, 150),
        ("onsignalingstatechange", "stable", 200),
    ]
    entries = [
        {"time": f"2016-01-28T18:24:20.{ms:03}Z", "type": name, "value": value}
        for name, value, ms in told
    ]
    dump = json.dumps({"PeerConnections": {}, "peerConnections": {"PC_0": entries}}).encode()
    assert names(dump) == [
        ("call", "setRemoteDescription"),
        ("call", "createAnswer"),
        ("event", "signalingstatechange"),
        ("resolve", "setRemoteDescription"),
        ("resolve", "createAnswer"),
        ("call", "setLocalDescription"),
        ("event", "signalingstatechange"),
        ("resolve", "setLocalDescription"),
    ]
    assert not departures(imported(dump), Checker())


def test_what_getstream_dropped_is_no_beginning() -> None:
    rows = [
        ["create", "0-pub", {}, T],
        ["negotiationneeded", "0-pub", None, T + 1],
        ["traceBufferOverflow", "0-pub", {"dropped": 9}, T + 2],
        ["setLocalDescription", "0-pub", [], T + 3],
        ["setLocalDescriptionOnSuccess", "0-pub", None, T + 4],
    ]
    dump = json.dumps(rows).encode()
    assert names(dump, "0-pub") == [
        ("call", "setLocalDescription"),
        ("resolve", "setLocalDescription"),
    ]
    assert traces(imported(dump))["0-pub"].header.peers["0-pub"].begins == "unknown"


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"[]",
        b"{}",
        b"RTCStatsDump",
        b'RTCStatsDump\n{"fileFormat":3}\n["create",null,{},1700000000000]\n',
        b'{"PeerConnections":{"1-2":{"updateLog":[]}}}',
        b'[["a",null,1]]',
        b'["a","b","c",1700000000000]\n["d","e","f",1700000000000]\n',
        b'["create","PC_0",{},12]\n["close","PC_0",{},13]\n',
        b'{"eventName":"onsignalingstatechange"}',
        b'{"data":[{"type":"article","created_at":"2020"}]}',
        b'{"kind":"header","format":"negotiation-trace","version":1}\n',
    ],
)
def test_other_files_are_not_of_the_family(head: bytes) -> None:
    format = format_of(head)
    assert format is None or not format.module.startswith("rtcstats")

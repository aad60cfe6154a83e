"""What follows a dump of webrtc-internals in one file: another dump, or a remark."""

from __future__ import annotations

import io
import json

import pytest
from dump_writers.read_back import imported, traces

from negotiation.conformance.importing.dumps import ImportedDump, import_dump

T = 1_700_000_000_000
OFFER = "v=0\r\no=- 11 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:aaaa\r\n"
ANSWER = "v=0\r\no=- 22 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=ice-ufrag:bbbb\r\n"
OFFERING = [
    ("setLocalDescription", f"type: offer, sdp: {OFFER}"),
    ("setLocalDescriptionOnSuccess", ""),
    ("signalingstatechange", "have-local-offer"),
    ("setRemoteDescription", f"type: answer, sdp: {ANSWER}"),
    ("setRemoteDescriptionOnSuccess", ""),
    ("signalingstatechange", "stable"),
]
ANSWERING = [
    ("setRemoteDescription", json.dumps({"type": "offer", "sdp": OFFER})),
    ("setRemoteDescriptionOnSuccess", ""),
    ("onsignalingstatechange", '"have-remote-offer"'),
    ("setLocalDescription", json.dumps({"type": "answer", "sdp": ANSWER})),
    ("setLocalDescriptionOnSuccess", ""),
    ("onsignalingstatechange", '"stable"'),
]


def dump(updates: list[tuple[str, str]], version: int, begins: float = T) -> bytes:
    log = [
        {"timestamp": begins + 10 * at, "type": type, "value": value}
        for at, (type, value) in enumerate(updates)
    ]
    agent = f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{version}.0.0.0 Safari/537.36"
    told = {"timestamp": begins + 60_000, "PeerConnections": {"12-1": {"updateLog": log}}}
    return json.dumps({**told, "UserAgent": agent}).encode()


def read(whole: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(whole))
    assert found is not None
    return found


@pytest.mark.parametrize("between", [b"", b"\n", b"\n\n"])
def test_the_dumps_of_both_ends_are_one_call(between: bytes) -> None:
    found = imported(dump(OFFERING, 130) + between + dump(ANSWERING, 146))
    (call,) = found.calls
    assert call.name == "12-1+12-1.2"
    peers = traces(found)["12-1"].header.peers
    assert [one.stack.version for one in peers.values()] == ["130.0.0.0", "146.0.0.0"]
    recorders = [one.recorder for one in peers.values()]
    assert recorders == ["webrtc-internals B", "webrtc-internals D"]


@pytest.mark.parametrize(
    "remark", [b"\n\nthanks!\n", b"\n```\n", b"\0\0\0", b"\n-- \nAlice, 2nd floor"]
)
def test_a_remark_behind_a_whole_dump_damages_nothing(remark: bytes) -> None:
    assert imported(dump(OFFERING, 130) + remark).calls == imported(dump(OFFERING, 130)).calls


def test_a_second_dump_that_breaks_off_is_told() -> None:
    found = read(dump(OFFERING, 130) + dump(ANSWERING, 146)[:-30])
    assert found.broken_off is not None
    assert len(found.calls) == 1


def test_dumps_in_one_file_have_a_bound() -> None:
    found = read(dump(OFFERING, 130) + b"{}" * 100_000)
    assert found.broken_off == "more than 100 dumps in one file"
    assert len(found.calls) == 1

"""A remote m-section without a=msid lines: its track is in a stream of the stack's own naming.

Found with web-platform-tests: RTCPeerConnection-setRemoteDescription-nomsid.html.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker

TEXT = "\r\n".join(
    (
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        "c=IN IP4 0.0.0.0",
        "a=mid:0",
        "a=sendrecv",
        "{}a=rtpmap:111 opus/48000/2",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        "a=fingerprint:sha-256 " + ":".join(["00"] * 32),
        "a=setup:actpass",
        "a=rtcp-mux",
        "",
    )
)
PEER = {"stack": {"name": "made", "version": "1"}, "recorder": "made", "profile": "no-tasks"}
HEADER = {
    "kind": "header",
    "format": "negotiation-trace",
    "version": 1,
    "date": "2026-11-27",
    "peers": {"A": PEER},
}


def recorded(folder: Path, lines: str, streams: tuple[str, ...]) -> str:
    """A recording in which an offer is taken, and its track is in these streams."""
    offer = {"type": "offer", "sdp": "s1"}
    state = {"signalingState": "have-remote-offer"}
    event: dict[str, object] = {"kind": "event", "state": state}
    told: list[dict[str, object]] = [
        {"kind": "call", "id": 1, "method": "setRemoteDescription", "args": {"description": offer}},
        {"kind": "return", "call": 1},
        event | {"name": "signalingstatechange"},
        event | {"name": "track", "transceiver": "t1", "streams": streams},
        {"kind": "resolve", "call": 1, "state": state},
    ]
    numbered = [{**one, "n": n, "t": n, "peer": "A"} for n, one in enumerate(told, 1)]
    text = {"kind": "sdp", "id": "s1", "text": TEXT.format(lines)}
    file = folder / "recorded.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in (HEADER, text, *numbered)) + "\n")
    return str(file)


@pytest.mark.parametrize("streams", [("random",), ()], ids=["one stream", "none"])
def test_a_section_without_msid_lines_may_have_a_default_stream(
    streams: tuple[str, ...], tmp_path: Path
) -> None:
    assert not Checker().judge(recorded(tmp_path, "", streams)).findings


@pytest.mark.parametrize(
    ("lines", "streams"),
    [
        ("", ("random", "another")),
        ("a=msid:- track\r\n", ("random",)),
        ("a=msid:named track\r\n", ("random",)),
    ],
    ids=["two streams", "no stream was named", "another stream was named"],
)
def test_other_streams_are_told(lines: str, streams: tuple[str, ...], tmp_path: Path) -> None:
    (found,) = Checker().judge(recorded(tmp_path, lines, streams)).findings
    assert (found.id, found.about) == ("EVENT-WRONG", "track with other streams")

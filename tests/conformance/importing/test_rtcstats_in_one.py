"""Several files of rtcstats put into one: connections of one name, and of several browsers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dump_writers.read_back import departures, imported, traces

from negotiation.conformance.checking.judging import Checker

T = 1_700_000_000_000
CHROME = "Mozilla/5.0 (X11; Linux x86_64) Chrome/146.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0"


def sdp(session: int, setup: str) -> str:
    lines = [f"o=- {session} 2 IN IP4 0.0.0.0", "s=-", "t=0 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111"]
    lines += ["a=mid:0", f"a=setup:{setup}", f"a=ice-ufrag:u{session}", "a=ice-pwd:p"]
    return "\r\n".join(["v=0", *lines, ""])


OFFER = {"type": "offer", "sdp": sdp(1, "actpass")}
ANSWER = {"type": "answer", "sdp": sdp(2, "active")}


def file(agent: str, records: list[tuple[str, Any]], begins: float, numbered: bool) -> list[Any]:
    """A file of Jitsi's: its connection is PC_0, its records are numbered from 1 on, or not."""
    about = {"userAgent": agent, "clientProtocol": "3.1_STANDARD"}
    told: list[Any] = [["connectionInfo", None, json.dumps(about), begins]]
    for at, (name, value) in enumerate([("create", {}), *records], start=1):
        told.append([name, "PC_0", value, begins + 10 * at, *([at] if numbered else [])])
    return told


OFFERING = [
    ("createOffer", None),
    ("createOfferOnSuccess", OFFER),
    ("setLocalDescription", OFFER),
    ("onsignalingstatechange", "have-local-offer"),
    ("setLocalDescriptionOnSuccess", None),
    ("setRemoteDescription", ANSWER),
    ("onsignalingstatechange", "stable"),
    ("setRemoteDescriptionOnSuccess", None),
]
ANSWERING = [
    ("setRemoteDescription", OFFER),
    ("onsignalingstatechange", "have-remote-offer"),
    ("setRemoteDescriptionOnSuccess", None),
    ("createAnswer", None),
    ("createAnswerOnSuccess", ANSWER),
    ("setLocalDescription", ANSWER),
    ("onsignalingstatechange", "stable"),
    ("setLocalDescriptionOnSuccess", None),
]


def in_one(*files: list[Any]) -> bytes:
    return "\n".join(json.dumps(record) for one in files for record in one).encode()


@pytest.mark.parametrize("numbered", [False, True])
def test_both_ends_in_one_file_are_two_connections(numbered: bool) -> None:
    dump = imported(
        in_one(file(CHROME, OFFERING, T, numbered), file(FIREFOX, ANSWERING, T + 1.5, numbered))
    )
    found = traces(dump)
    assert list(found) == ["PC_0", "PC_0.2"]
    (trace,) = {id(one): one for one in found.values()}.values()  # the ends of one call
    stacks = {name: peer.stack.name for name, peer in trace.header.peers.items()}
    assert stacks == {"PC_0": "chrome", "PC_0.2": "firefox"}
    assert {peer.begins for peer in trace.header.peers.values()} == {"constructed"}
    assert departures(dump, Checker()) == []


def test_a_file_that_is_there_twice_tells_of_two_healthy_connections() -> None:
    once = file(CHROME, OFFERING, T, numbered=False)
    dump = imported(in_one(once, once))
    assert list(traces(dump)) == ["PC_0", "PC_0.2"]
    assert departures(dump, Checker()) == []


@pytest.mark.parametrize("since", [1, 4])
def test_what_was_sent_again_is_still_told_once(since: int) -> None:
    once = file(CHROME, OFFERING, T, numbered=True)
    dump = imported(in_one(once, once[since:]))
    assert imported(in_one(once)).calls == dump.calls


def test_compressed_descriptions_begin_anew_with_a_connection() -> None:
    def line(method: int | str, value: Any, key: str, time: float) -> str:
        return json.dumps([method, "PC_0", value, key, time])

    whole = {"type": "offer", "sdp": OFFER["sdp"]}
    bare = {"type": "offer", "sdp": "v=\r\nm=\r\n"}
    lines = ["RTCStatsDump", json.dumps({"fileFormat": 3, "userAgent": CHROME})]
    lines += [json.dumps(["create", "PC_0", {}, T]), line(6, whole, "a", 1), line(7, None, "a", 1)]
    lines += [json.dumps(["create", "PC_0", {}, 1]), line(6, bare, "b", 1)]
    found = traces(imported("\n".join(lines).encode()))
    assert len(found["PC_0"].sdps) == 1
    assert len(found["PC_0.2"].sdps) == 0

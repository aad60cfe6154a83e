"""Dumps as they arrive in tickets: torn off, decoded by somebody, with something between."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from dump_writers.read_back import imported, traces

from negotiation.conformance.importing.dumps import ImportedDump, import_dump
from negotiation.conformance.traces.format import Call, Event

T = 1_764_230_400_000
OFFER = {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\na=mid:0\r\n"}
INTERNALS = [
    ("onnegotiationneeded", ""),
    ("createOffer", ""),
    ("createOfferOnSuccess", OFFER),
    ("setLocalDescription", OFFER),
    ("setLocalDescriptionOnSuccess", ""),
    ("onsignalingstatechange", "have-local-offer"),
]


def internals(*, decoded: bool) -> dict[str, Any]:
    """A dump of chrome://webrtc-internals, as it is or with its values decoded."""
    log = [
        {"type": type, "value": value if decoded or not value else json.dumps(value)}
        | {"timestamp": T + 10 * at}
        for at, (type, value) in enumerate(INTERNALS)
    ]
    return {
        "PeerConnections": {"17-1": {"updateLog": log}},
        "UserAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/146.0.0.0 Safari/537.36",
    }


def read(dump: bytes) -> ImportedDump:
    found = import_dump(io.BytesIO(dump))
    assert found is not None
    return found


def test_values_that_were_decoded_say_the_same() -> None:
    whole = imported(json.dumps(internals(decoded=False)).encode())
    assert len(traces(whole)["17-1"].observations) > 5
    assert imported(json.dumps(internals(decoded=True)).encode()).calls == whole.calls


def test_a_small_packed_dump_that_is_torn_off_is_read_as_far_as_it_was_packed() -> None:
    packed = gzip.compress(json.dumps(internals(decoded=False)).encode(), mtime=0)
    torn = read(packed[:-8])  # all data is there, only the end is missing
    assert torn.broken_off is not None
    assert len(torn.calls) == 1
    (trace,) = traces(torn).values()
    assert [one.name for _, one in trace.observations if isinstance(one, Event)] == [
        "negotiationneeded",
        "signalingstatechange",
    ]


def test_a_firefox_history_without_times_keeps_its_order() -> None:
    answer = {"isLocal": False, "sdp": OFFER["sdp"].replace("- 1", "- 3")}
    history = [{"isLocal": True, "sdp": OFFER["sdp"]}, answer]
    dump = json.dumps({"reports": [{"pcid": "1 (id=1)", "sdpHistory": history}]}).encode()
    (trace,) = traces(imported(dump)).values()
    called = [one.method for _, one in trace.observations if isinstance(one, Call)]
    assert called == ["setLocalDescription", "setRemoteDescription"]


@pytest.mark.parametrize("noise", ["not json", '{"a": ', "", '["torn", "PC_0"'])
def test_what_came_before_a_damaged_line_counts(noise: str) -> None:
    records: list[Any] = [
        ["create", "PC_0", {}, T],
        ["createOffer", "PC_0", None, T + 1],
        ["createOfferOnSuccess", "PC_0", OFFER, T + 2],
    ]
    lines = [json.dumps(one) for one in records]
    found = read("\n".join([*lines[:2], noise, lines[2]]).encode())
    assert found.format.name == "rtcstats"
    assert (found.broken_off is None) is (noise == "")
    assert len(found.calls) == 1


def test_times_of_rtcstats_may_be_written_out() -> None:
    records: list[Any] = [["create", "PC_0", {}, "2025-11-27T08:00:00.000Z"]]
    records += [["createOffer", "PC_0", None, "2025-11-27T08:00:00.250Z"]]
    found = read("\n".join(map(json.dumps, records)).encode())
    (trace,) = traces(found).values()
    assert trace.header.date.startswith("2025-11-27T08:00:00")


def test_a_line_of_statistics_may_be_the_one_that_is_torn() -> None:
    records: list[Any] = [["create", "PC_0", {}, T], ["createOffer", "PC_0", None, T + 1]]
    whole = "\n".join(map(json.dumps, [*records, ["getstats", "PC_0", {"a": [1, 2]}, T + 900]]))
    assert read(whole.encode()).broken_off is None
    torn = read(whole[:-20].encode())
    assert torn.broken_off == "line 3 breaks off"
    assert len(torn.calls) == 1


def test_a_page_may_be_torn_between_its_connections() -> None:
    sdp = "v=0\no=- 1 0 IN IP4 0.0.0.0\nm=audio 9 X 0\na=setup:actpass\n"
    history = f"<div><h5>X 1700000000000</h5><pre>{sdp}</pre></div><div></div>"
    one = f'<div class="peer-connection"><div class="sdp-history">{history}</div></div>'
    whole = f'<div id="content">{one}{one}</div>'
    assert read(whole.encode()).broken_off is None
    torn = read(whole[: whole.rindex('<div class="peer')].encode())
    assert torn.broken_off == "the page ends within an element"
    assert len(torn.calls) == 1

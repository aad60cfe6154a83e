"""A dump of rtcstats says the same however its records are laid out."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from dump_writers.read_back import imported

from negotiation.conformance.importing.dumps import import_dump
from negotiation.conformance.importing.formats import format_of

T = 1_700_000_000_000
OFFER = {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\nm=audio 9 X 0\r\na=mid:0\r\n"}
METADATA = {"fileFormat": 2, "userAgent": "x Chrome/124.0.0.0 Safari/537.36"}
JITSI = ["connectionInfo", None, {"userAgent": "x Version/17.0 Safari/605.1.15"}, T]

RECORDS: list[Any] = [
    ["create", "PC_0", {"iceServers": []}, T],
    ["addTransceiver", "PC_0", ["audio"], T + 1],
    ["getStats", "PC_0", {"a": {"b": [1, 2, {"c": 3}]}}, T + 2],
    ["onnegotiationneeded", "PC_0", None, T + 3],
    ["createOffer", "PC_0", None, T + 4],
    ["createOfferOnSuccess", "PC_0", OFFER, T + 5],
    ["setLocalDescription", "PC_0", OFFER, T + 6],
    ["onsignalingstatechange", "PC_0", "have-local-offer", T + 7],
    ["setLocalDescriptionOnSuccess", "PC_0", None, T + 8],
    ["getstats", "PC_0", {}, T + 9000],
]


def one_a_line(records: list[Any]) -> str:
    return "".join(f"{json.dumps(one)}\n" for one in records)


LAYOUTS: dict[str, Callable[[list[Any]], str]] = {
    "one array": json.dumps,
    "one array, indented": lambda records: json.dumps(records, indent=2),
    "one array, tabs": lambda records: json.dumps(records, indent="\t"),
    "one array, a record a line": lambda records: (
        "[\n" + ",\n".join(json.dumps(one) for one in records) + "\n]\n"
    ),
    "several, indented": lambda records: "\n".join(json.dumps(one, indent=4) for one in records),
    "several, in one line": lambda records: " ".join(json.dumps(one) for one in records),
    "ended as on Windows": lambda records: one_a_line(records).replace("\n", "\r\n"),
    "indented, ended as on Windows": lambda records: json.dumps(records, indent=2).replace(
        "\n", "\r\n"
    ),
    "blank lines between": lambda records: "\n" + one_a_line(records).replace("\n", "\n\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("first", [METADATA, JITSI], ids=["fileFormat 2", "Jitsi"])
def test_every_layout_says_the_same(layout: str, first: Any) -> None:
    records = [first, *RECORDS]
    text = LAYOUTS[layout](records).encode()
    whole = imported(one_a_line(records).encode()).calls
    assert len(whole) == 1
    assert imported(text).calls == whole
    assert imported(gzip.compress(b"\xef\xbb\xbf" + text)).calls == whole


@pytest.mark.parametrize("layout", ["one array", "one array, indented", "several, indented"])
def test_one_that_is_torn_off_is_read_as_far_as_it_goes(layout: str) -> None:
    text = LAYOUTS[layout]([METADATA, *RECORDS])
    torn = import_dump(io.BytesIO(text[: text.index("onsignalingstatechange") + 30].encode()))
    assert torn is not None
    assert torn.broken_off is not None
    assert torn.calls


@pytest.mark.parametrize("layout", LAYOUTS)
def test_numbered_methods_too(layout: str) -> None:
    numbered = [
        {"fileFormat": 3, "userAgent": METADATA["userAgent"]},
        [39, "PC_0", {}, T],
        ["g", "PC_0", {"a": [1, 2]}, 10],
        [27, "PC_0", None, 10],
        [23, "PC_0", "have-local-offer", 10],
    ]
    magic = "RTCStatsDump\n"
    whole = imported((magic + one_a_line(numbered)).encode())
    assert whole.format.name == "rtcstats-3"
    text = LAYOUTS[layout](numbered)
    if text.lstrip().startswith("{"):
        assert imported((magic + text).encode()).calls == whole.calls


def test_arrays_of_something_else_are_no_dump() -> None:
    assert format_of(b'[["a", 1], ["b", 2]]') is None
    assert format_of(b'[\n  "createOffer",\n  "PC_0",\n  null,\n  3\n]') is None
    assert format_of(json.dumps([METADATA], indent=2).encode()) is None
    assert format_of(b"[" * 100_000) is None
    assert format_of(b"[") is None
    assert format_of(b"") is None

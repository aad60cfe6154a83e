"""What a dump of the rtcstats family can cost, and what its profile may promise."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from dump_writers.read_back import imported

from negotiation.conformance.importing.entries import LARGEST_TEXT, Given
from negotiation.conformance.importing.rtcstats.sections import (
    Allowance,
    IncompleteError,
    decompressed,
)
from negotiation.conformance.traces.format import Call
from negotiation.conformance.traces.reading import read_trace

BARE = Given("offer", "v=0\r\nm=\r\n")


def base(length: int) -> Given:
    return Given("offer", "v=0\r\nm=" + "a" * length + "\r\n")


def test_what_is_put_back_is_counted_over_the_whole_dump() -> None:
    allowance = Allowance(250)
    for _ in range(2):
        assert decompressed(base(100), BARE, allowance).sdp == base(100).sdp
    with pytest.raises(IncompleteError):
        decompressed(base(100), BARE, allowance)


def test_one_description_is_never_longer_than_what_is_kept() -> None:
    with pytest.raises(IncompleteError):
        decompressed(base(LARGEST_TEXT), BARE)


def test_a_file_that_puts_much_back_is_read_to_its_end() -> None:
    rows: list[list[Any]] = [[39, "PC_0", {}, 1_700_000_000_000]]
    rows.append([6, "PC_0", {"type": "offer", "sdp": base(200_000).sdp}, "first", 1])
    rows.append([23, "PC_0", "have-local-offer", 1])
    for n in range(600):
        offer = {"type": "offer", "sdp": f"v=0\r\ns={n}\r\nm=\r\n"}
        rows.append([6, "PC_0", offer, f"call-{n}", 1])
    lines = ["RTCStatsDump", '{"fileFormat":3}', *map(json.dumps, rows)]
    (call,) = imported("\n".join(lines).encode()).calls
    trace = read_trace(io.BytesIO(call.trace))
    assert trace.header.peers["PC_0"].profile == "rtcstats-3"
    given = [one.args.description for _, one in trace.observations if isinstance(one, Call)]
    assert sum(one is not None and one.sdp is None for one in given) > 200


def test_plan_b_promises_no_event_where_none_is_recorded() -> None:
    agent = {"userAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/70.0.1.2 Safari/537.36"}
    rows: list[list[Any]] = [["connectionInfo", None, agent]]
    rows += [["createOffer", None, None], ["createOfferOnSuccess", None, ""]]
    rows += [["setLocalDescription", None, ""], ["setLocalDescriptionOnSuccess", None, None]]
    lines = [json.dumps([*row, 1_700_000_000_000 + n]) for n, row in enumerate(rows)]
    (call,) = imported("\n".join(lines).encode()).calls
    trace = read_trace(io.BytesIO(call.trace))
    assert [one.profile for one in trace.header.peers.values()] == ["rtcstats-nameless"]

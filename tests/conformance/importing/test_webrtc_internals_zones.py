"""Times of day, told in the user's zone: in UTC where a dump's statistics show which it is."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from dump_writers.read_back import imported, traces

from negotiation.conformance.importing.webrtc_internals.times import of_clock
from negotiation.conformance.traces.reading import Trace


def dump(clocks: dict[str, list[str]], starts: dict[str, str]) -> dict[str, Trace]:
    """A dump: connections with an entry at each of these times, and when statistics begin."""
    records: dict[str, Any] = {}
    for key, told in clocks.items():
        log = [{"time": time, "type": "negotiationneeded", "value": ""} for time in told]
        records[key] = {"updateLog": log, "stats": {}}
        if key in starts:
            series = {"startTime": starts[key], "endTime": starts[key]}
            records[key]["stats"] = {"T01-x": series}
    whole = {"PeerConnections": records, "UserAgent": "x Chrome/86.0.4240.111"}
    return traces(imported(json.dumps(whole).encode()))


@pytest.mark.parametrize(
    ("clock", "starts", "date"),
    [
        ("11/5/2020, 9:34:11 PM", "2020-11-05T16:04:12.100Z", "2020-11-05T16:04:11"),  # +5:30
        ("11/5/2020, 9:34:11 PM", "2020-11-06T04:34:12.100Z", "2020-11-06T04:34:11"),  # -7
        ("05/11/2020, 21:34:11", "2020-11-05T21:34:12.100Z", "2020-11-05T21:34:11"),
    ],
)
def test_dates_are_in_utc(clock: str, starts: str, date: str) -> None:
    (trace,) = dump({"1-1": [clock]}, {"1-1": starts}).values()
    assert trace.header.date.startswith(date)


def test_all_connections_of_a_browser_have_one_zone() -> None:
    clocks = {"1-1": ["11/5/2020, 9:00:00 PM"], "1-2": ["11/5/2020, 9:34:11 PM"]}
    found = dump(clocks, {"1-2": "2020-11-05T16:04:12.100Z"})
    assert found["1-1"].header.date.startswith("2020-11-05T15:30:00")


def test_without_statistics_the_zone_is_not_known_and_times_stay() -> None:
    (trace,) = dump({"1-1": ["11/5/2020, 9:34:11 PM"]}, {}).values()
    assert trace.header.date.startswith("2020-11-05T21:34:11")


def test_what_has_a_timestamp_is_not_local() -> None:
    log = [
        {"time": "11/5/2020, 9:34:11 PM", "type": "negotiationneeded", "value": ""},
        {"timestamp": 1_604_592_255_000, "type": "restartIce", "value": ""},
    ]
    stats = {"T01-x": {"startTime": "2020-11-05T16:04:12.1Z", "endTime": "2020-11-05T16:04:12.1Z"}}
    whole = {"PeerConnections": {"1-1": {"updateLog": log, "stats": stats}}}
    (trace,) = traces(imported(json.dumps(whole).encode())).values()
    assert [one.t for _, one in trace.observations][:2] == [0, 4000]


@pytest.mark.parametrize(
    "text",
    [
        "7/5/2025, 1:02:03 PM",  # en-US
        "7/5/2025, 1:02:03\u202fPM",
        "05/07/2025, 1:02:03 pm",  # en-AU
        "5/7/2025, 1:02:03 pm",  # en-IN
        "05/07/2025, 13:02:03",  # en-GB
        "2025-07-05, 1:02:03 p.m.",  # en-CA
        "5/7/2025, 1:02:03 p.m.",  # es-MX
        "5/7/2025, 1:02:03 p. m.",  # es-CO
        "5\u200f/7\u200f/2025، 1:02:03 م",  # ar
        "٥\u200f/٧\u200f/٢٠٢٥، ١:٠٢:٠٣ م",  # ar-EG
        "5/7/2568 13:02:03",  # th-TH
        "5/7/2025, 1:02:03 μ.μ.",  # el-GR
        "5.7.2025, 1:02:03 m.d.",  # sq-AL
        "5/7/2025, 1:02:03 PTG",  # ms-MY
        "2025. 7. 5. PM 1:02:03",  # ko-KR
        "2025/7/5 下午1:02:03",  # zh-TW
        "13:02:03 5/7/2025",  # vi-VN
        "5.7.2025 klo 13.02.03",  # fi-FI
        "2025. 07. 05. 13:02:03",  # hu-HU
    ],
)
def test_users_write_times_in_many_ways(text: str) -> None:
    found = of_clock(text)
    assert found is not None
    told = datetime.datetime.fromtimestamp(found / 1000, datetime.UTC)
    assert told.isoformat() == "2025-07-05T13:02:03+00:00"


@pytest.mark.parametrize(
    "text", ["5/7/2025, 12:02:03 am", "5.7.2025, 12:02:03 p.d.", "5/7/2025 0:02:03"]
)
def test_midnight_in_many_ways(text: str) -> None:
    found = of_clock(text)
    assert found is not None
    assert datetime.datetime.fromtimestamp(found / 1000, datetime.UTC).hour == 0

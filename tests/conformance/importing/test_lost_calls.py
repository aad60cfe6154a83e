"""Dumps with lines missing: of a call that settled, but is not told, nobody is blamed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dump_writers.read_back import departures, imported, traces

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.importing.dumps import ImportedDump
from negotiation.conformance.traces.format import Call, Mark

T = 1_700_000_000_000
OFFER = {"type": "offer", "sdp": "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"}
ANSWER = {"type": "answer", "sdp": "v=0\r\no=- 2 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"}
WHOLE: list[tuple[str, Any]] = [
    ("create", {}),
    ("createOffer", None),
    ("createOfferOnSuccess", OFFER),
    ("setLocalDescription", OFFER),
    ("onsignalingstatechange", "have-local-offer"),
    ("setLocalDescriptionOnSuccess", None),
    ("setRemoteDescription", ANSWER),
    ("onsignalingstatechange", "stable"),
    ("setRemoteDescriptionOnSuccess", None),
    ("setRemoteDescription", OFFER),
    ("createAnswer", None),
    ("onsignalingstatechange", "have-remote-offer"),
    ("setRemoteDescriptionOnSuccess", None),
    ("createAnswerOnSuccess", ANSWER),
    ("setLocalDescription", ANSWER),
    ("onsignalingstatechange", "stable"),
    ("setLocalDescriptionOnSuccess", None),
]
CALLS = [at for at, (name, _) in enumerate(WHOLE) if name[:3] in ("cre", "set") and at]
CALLS = [at for at in CALLS if not WHOLE[at][0].endswith("OnSuccess")]


def dump(records: list[tuple[str, Any]]) -> ImportedDump:
    told = [[name, "PC_0", value, T + 10 * at] for at, (name, value) in enumerate(records)]
    return imported("\n".join(map(json.dumps, told)).encode())


def methods(told: ImportedDump) -> list[str]:
    (trace,) = traces(told).values()
    return [one.method for _, one in trace.observations if isinstance(one, Call)]


def test_nothing_is_put_back_where_nothing_is_missing() -> None:
    (trace,) = traces(dump(WHOLE)).values()
    assert not any(isinstance(one, Mark) for _, one in trace.observations)
    assert departures(dump(WHOLE), Checker()) == []


@pytest.mark.parametrize("lost", CALLS)
def test_a_call_whose_line_is_lost_is_put_back(lost: int) -> None:
    found = dump([one for at, one in enumerate(WHOLE) if at != lost])
    assert sorted(methods(found)) == sorted(methods(dump(WHOLE)))
    assert departures(found, Checker()) == []
    (trace,) = traces(found).values()
    (mark,) = (one for _, one in trace.observations if isinstance(one, Mark))
    assert f"{WHOLE[lost][0]} was fulfilled; its call is not in the dump" in (mark.text or "")


def test_all_of_them_may_be_lost() -> None:
    found = dump([one for at, one in enumerate(WHOLE) if at not in CALLS])
    assert len(methods(found)) == len(CALLS)
    assert departures(found, Checker()) == []


def test_it_is_put_before_the_calls_that_waited_for_it() -> None:
    found = dump([one for at, one in enumerate(WHOLE) if at != 9])
    assert methods(found)[3:5] == ["setRemoteDescription", "createAnswer"]


def test_what_a_recording_begins_with_was_called_before() -> None:
    found = dump(WHOLE[4:9])
    assert methods(found) == ["setRemoteDescription"]


def test_what_is_told_after_close_is_left_alone() -> None:
    found = dump([*WHOLE[:9], ("close", None), ("createOfferOnSuccess", OFFER)])
    assert methods(found)[-1] == "close"

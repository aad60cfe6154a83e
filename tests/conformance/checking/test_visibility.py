from __future__ import annotations

import pytest

from negotiation.conformance.checking.findings import FINDINGS
from negotiation.conformance.checking.visibility import can_be_seen
from negotiation.conformance.traces.profiles import profile_named


@pytest.mark.parametrize("id", FINDINGS)
def test_who_sees_all_can_show_all(id: str) -> None:
    assert can_be_seen(id, profile_named("full"))


@pytest.mark.parametrize(
    ("id", "profile"),
    [
        ("NN-MISSED", "aiortc"),
        ("NN-EARLY", "state-only"),
        ("TRANSCEIVER-STATE", "own-thread"),
        ("EVENT-WRONG", "goroutines"),
        ("OP-ORDER", "events-only"),
        ("CALL-ERROR", "events-only"),
        ("SDP-SHAPE", "events-only"),
        ("STATE-WRONG", "no-reads"),
    ],
)
def test_what_a_recorder_does_not_see_it_cannot_show(id: str, profile: str) -> None:
    assert not can_be_seen(id, profile_named(profile))

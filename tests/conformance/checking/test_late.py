"""What comes too late is told as late, and what is wrong with it beside that is not hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import OFFERED, ByHand, sdp

AUDIO = sdp(("audio", "0", "sendrecv"))
SENDING = sdp(("audio", "0", "sendonly"))
VIDEO = sdp(("video", "0", "sendrecv"))


def resolved_late(text: str, *, read: str | None = None) -> ByHand:
    """createOffer settles behind what the setLocalDescription behind it did."""
    one = ByHand().added("t1", "audio")
    created = one.task().call("createOffer")
    set = one.call("setLocalDescription", description=("offer", None))
    one.task().applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.resolve(set, "offer", AUDIO)
    one.state = read or one.state
    one.task().resolve(created, "offer", text)
    return one


def ids(one: ByHand, folder: Path) -> list[str]:
    one.idle()
    return [id for id, _ in one.found(folder)]


def test_what_is_right_and_late_is_late(tmp_path: Path) -> None:
    assert ids(resolved_late(AUDIO), tmp_path) == ["OP-PENDING", "OP-ORDER"]


@pytest.mark.parametrize("text", [SENDING, VIDEO])
def test_a_wrong_description_is_told_although_it_is_late(tmp_path: Path, text: str) -> None:
    assert ids(resolved_late(text), tmp_path) == ["OP-PENDING", "SDP-SHAPE"]

"""Texts that an RFC excludes and deployed stacks take: either is right, and one error too many."""

from __future__ import annotations

from pathlib import Path

import pytest
from by_hand import OFFERED_THERE, ByHand, sdp

PLAIN = sdp(("audio", "0", "sendrecv"), user="bbbb")
ODD = [PLAIN.replace("bbbb", "bb-b", 1), PLAIN.replace("111", "72")]


def offered(text: str) -> tuple[ByHand, int]:
    one = ByHand()
    return one, one.task().call("setRemoteDescription", description=("offer", text))


@pytest.mark.parametrize("text", ODD)
def test_an_odd_offer_may_be_taken(tmp_path: Path, text: str) -> None:
    one, call = offered(text)
    one.transceivers["t1"] = {"kind": "audio", "direction": "recvonly"}
    one.task().applied("have-remote-offer", OFFERED_THERE, t1="0")
    one.event("signalingstatechange")
    one.event("track", "t1", [])
    one.resolve(call)
    one.idle()
    assert one.found(tmp_path) == []


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("error", ["InvalidAccessError", "OperationError"])
def test_an_odd_offer_may_be_refused(tmp_path: Path, text: str, error: str) -> None:
    one, call = offered(text)
    one.task().reject(call, error)
    one.idle()
    assert one.found(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "error", "id"),
    [(ODD[0], "InvalidStateError", "OP-ERROR"), (PLAIN, "InvalidAccessError", "OP-REJECTED")],
)
def test_nothing_else_may(tmp_path: Path, text: str, error: str, id: str) -> None:
    one, call = offered(text)
    one.task().reject(call, error)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)][:1] == [id]

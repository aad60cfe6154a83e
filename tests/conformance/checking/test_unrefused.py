"""A call that ends as it must not: what follows is judged of what it did, or did not do."""

from __future__ import annotations

from pathlib import Path

from by_hand import ByHand

CHANNEL = {"negotiated": True}
"""Without an id: createDataChannel throws a TypeError."""


def ids(one: ByHand, folder: Path) -> list[str]:
    one.idle()
    return [id for id, _ in one.found(folder)]


def let_pass() -> ByHand:
    """createDataChannel returns, although its arguments are refused."""
    one = ByHand()
    one.task().call("createDataChannel", label="one", init=CHANNEL)
    return one


def test_a_channel_that_was_let_pass_is_to_be_negotiated(tmp_path: Path) -> None:
    one = let_pass()
    one.task().event("negotiationneeded")
    assert ids(one, tmp_path) == ["CALL-ACCEPTED"]


def test_a_channel_that_was_let_pass_may_do_nothing(tmp_path: Path) -> None:
    assert ids(let_pass(), tmp_path) == ["CALL-ACCEPTED"]


def test_the_event_still_fires_once(tmp_path: Path) -> None:
    one = let_pass()
    one.task().event("negotiationneeded")
    one.task().event("negotiationneeded")
    assert ids(one, tmp_path) == ["CALL-ACCEPTED", "NN-DUPLICATE"]


def test_a_track_that_was_added_twice_has_two_transceivers(tmp_path: Path) -> None:
    one = ByHand()
    one.transceivers["t1"] = {"kind": "audio", "direction": "sendrecv"}
    one.task().call("addTrack", track="audio:mic", returned="t1")
    one.task().event("negotiationneeded")
    one.transceivers["t2"] = {"kind": "audio", "direction": "sendrecv"}
    one.task().call("addTrack", track="audio:mic", returned="t2")
    one.task().call("addTransceiver", kind="video", returns="t3")
    assert ids(one, tmp_path) == ["CALL-ACCEPTED"]


def test_a_call_that_was_refused_has_done_nothing(tmp_path: Path) -> None:
    one = ByHand()
    one.task().call("addTransceiver", kind="audio", throws="NotSupportedError")
    one.task().call("createOffer")
    one.task().reject(2, "OperationError")
    assert ids(one, tmp_path) == ["CALL-REJECTED", "OP-REJECTED"]

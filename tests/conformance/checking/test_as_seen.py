"""Behind a description that should have been another, what was seen is what is negotiated.

An application that alters its descriptions, and a stack that creates other ones, are told once:
what follows from the text that was set is judged by that text.
"""

from __future__ import annotations

from pathlib import Path

from by_hand import ANSWERED_THERE, OFFERED, ByHand, sdp

AUDIO = sdp(("audio", "0", "sendrecv"))
ALTERED = sdp(("audio", "0", "sendonly"))
ANSWER = sdp(("audio", "0", "recvonly"), user="bbbb")

APPENDED = sdp(("audio", "0", "sendrecv"), ("video", "1", "rejected"))
APPENDED_ANSWER = sdp(("audio", "0", "recvonly"), ("video", "1", "rejected"), user="bbbb")

OLDER = sdp(("audio", "0", "sendrecv"))
NEWER = sdp(("audio", "1", "sendrecv"))


def set_locally(one: ByHand, given: str, *, is_told: bool = True, seen: str | None = None) -> None:
    """setLocalDescription is applied, and the description that can then be read is `seen`."""
    text = ("offer", given) if is_told else None
    call = one.task().call("setLocalDescription", description=text)
    one.task().applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.resolve(call, "offer", seen or given)


def answered(one: ByHand, answer: str) -> None:
    call = one.task().call("setRemoteDescription", description=("answer", answer))
    one.task().applied("stable", ANSWERED_THERE)
    one.transceivers["t1"]["currentDirection"] = "sendonly"
    one.event("signalingstatechange")
    one.resolve(call)


def test_an_altered_offer_that_was_applied_is_what_was_offered(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio").created("offer", AUDIO)
    set_locally(one, ALTERED)
    answered(one, ANSWER)
    # The transceiver's direction is sendrecv, and it was never offered.
    one.task().event("negotiationneeded")
    one.idle()
    ((id, message),) = one.found(tmp_path)
    assert id == "OP-ACCEPTED"
    assert message.endswith(
        "setLocalDescription was applied, but it can only be refused with"
        " InvalidModificationError, as its sdp is not what was created last"
    )


def test_after_an_altered_offer_the_event_that_it_asks_for_is_missed(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio").created("offer", AUDIO)
    set_locally(one, ALTERED)
    answered(one, ANSWER)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["OP-ACCEPTED", "NN-MISSED"]


def test_an_offer_of_before_that_was_applied_is_what_was_offered(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio").created("offer", OLDER).created("offer", NEWER)
    set_locally(one, OLDER)
    answered(one, ANSWER)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["OP-ACCEPTED"]


def test_an_answer_to_what_was_offered_beyond_the_specified_is_taken(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio").created("offer", APPENDED)
    set_locally(one, APPENDED)
    answered(one, APPENDED_ANSWER)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["SDP-SHAPE"]


def test_so_is_one_to_an_offer_that_setting_it_has_created(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio")
    set_locally(one, "", is_told=False, seen=APPENDED)
    answered(one, APPENDED_ANSWER)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["DESCRIPTION-STATE"]

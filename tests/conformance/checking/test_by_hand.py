"""Recordings written by hand from the text of the specification, most with one fault in them."""

from __future__ import annotations

from pathlib import Path

from by_hand import ANSWERED_THERE, OFFERED, OFFERED_THERE, ByHand, sdp

AUDIO = sdp(("audio", "0", "sendrecv"))
ANSWER = sdp(("audio", "0", "recvonly"), user="bbbb")
REJECTED = sdp(("audio", "0", "rejected"))
REJECTED_THERE = sdp(("audio", "0", "rejected"), user="bbbb")


def setting_an_offer(one: ByHand, text: str = AUDIO) -> int:
    """setLocalDescription, up to the task in which it takes effect."""
    call = one.task().call("setLocalDescription", description=("offer", text))
    one.task()
    return call


def offering(text: str = AUDIO) -> ByHand:
    one = ByHand().added("t1", "audio").created("offer", text)
    call = setting_an_offer(one, text)
    one.applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.resolve(call, "offer", text)
    return one


def rejected_there() -> ByHand:
    """The other end rejected the only m-section: its transceiver is stopped, and gone."""
    one = offering()
    call = one.task().call("setRemoteDescription", description=("answer", REJECTED_THERE))
    one.task().applied("stable", ANSWERED_THERE)
    one.transceivers.clear()
    one.event("signalingstatechange")
    one.resolve(call)
    return one


def closing_in_the_handler() -> tuple[ByHand, int]:
    one = ByHand().added("t1", "audio").created("offer", AUDIO)
    call = setting_an_offer(one)
    one.applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.within = "signalingstatechange"
    one.transceivers["t1"] |= {"direction": "stopped", "currentDirection": "stopped"}
    one.call("close", then="closed")
    one.within = None
    return one, call


def test_close_in_a_handler_leaves_the_promise_pending(tmp_path: Path) -> None:
    one, call = closing_in_the_handler()
    one.idle(call)
    assert not one.found(tmp_path)


def test_a_promise_is_not_settled_after_close_in_a_handler_of_its_own_event(tmp_path: Path) -> None:
    # The handler runs before the promise of the operation is resolved, and the chain then looks at
    # [[IsClosed]]: a call within a handler cannot have been made after that.
    one, call = closing_in_the_handler()
    one.resolve(call)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["OP-AFTER-CLOSE"]


def test_an_event_in_the_task_of_the_change_is_too_early(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio", fires=False)
    one.event("negotiationneeded")
    one.idle()
    message = (
        "negotiationneeded in the task of what came before it, but can only come in a later one"
    )
    assert one.found(tmp_path) == [("NN-EARLY", message)]


def test_a_state_change_in_the_task_of_the_call_is_out_of_order(tmp_path: Path) -> None:
    one = ByHand().added("t1", "audio").created("offer", AUDIO).task()
    call = one.call("setLocalDescription", description=("offer", AUDIO))
    one.applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.resolve(call, "offer", AUDIO)
    one.idle()
    assert [id for id, _ in one.found(tmp_path)] == ["STATE-ORDER"]


def test_what_is_read_after_a_rollback_is_told_as_the_rollback_leaves_it(tmp_path: Path) -> None:
    one = offering()
    call = one.task().call("setLocalDescription", description=("rollback", None))
    one.task().state = "stable"
    del one.transceivers["t1"]["mid"]
    one.event("signalingstatechange")  # and pendingLocalDescription is still there, for good
    one.resolve(call)
    one.task().event("negotiationneeded")
    one.idle()
    found = one.found(tmp_path)
    assert {id for id, _ in found} == {"DESCRIPTION-STATE"}
    assert not any("answer" in message for _, message in found)


def test_an_added_transceiver_takes_over_the_rejected_section_with_a_new_mid(
    tmp_path: Path,
) -> None:
    one = rejected_there().added("t2", "video").created("offer", sdp(("video", "1", "sendrecv")))
    one.idle()
    assert not one.found(tmp_path)


def test_the_mid_of_a_rejected_section_is_not_used_again(tmp_path: Path) -> None:
    one = rejected_there().added("t2", "video").created("offer", sdp(("video", "0", "sendrecv")))
    one.idle()
    taken = "it uses a mid or credentials that are taken"
    assert one.found(tmp_path) == [("SDP-SHAPE", f"createOffer resolves, but {taken}")]


def offered_two(*bundle: str) -> ByHand:
    sections = ("audio", "0", "sendrecv"), ("video", "1", "sendrecv")
    one = ByHand().added("t1", "audio").added("t2", "video", fires=False)
    one.created("offer", sdp(*sections, bundle=bundle)).idle()
    return one


def test_an_offer_bundles_all_its_sections(tmp_path: Path) -> None:
    assert not offered_two("0", "1").found(tmp_path)
    message = "createOffer resolves, but m-section 1: it is not in the BUNDLE group"
    assert offered_two("0").found(tmp_path) == [("SDP-SHAPE", message)]


def offered_again(*bundle: str) -> ByHand:
    """An offer with a new m-section, after an answer that bundled nothing."""
    one = offering()
    answer = sdp(("audio", "0", "recvonly"), user="bbbb", bundle=())
    call = one.task().call("setRemoteDescription", description=("answer", answer))
    one.task().applied("stable", ANSWERED_THERE)
    one.transceivers["t1"]["currentDirection"] = "sendonly"
    one.event("signalingstatechange")
    one.resolve(call)
    one.added("t2", "video")
    sections = ("audio", "0", "sendrecv"), ("video", "1", "sendrecv")
    one.created("offer", sdp(*sections, bundle=bundle)).idle()
    return one


def test_what_an_answer_did_not_bundle_need_not_be_bundled_again(tmp_path: Path) -> None:
    assert not offered_again("1").found(tmp_path)
    assert not offered_again("0", "1").found(tmp_path)
    assert [id for id, _ in offered_again("0").found(tmp_path)] == ["SDP-SHAPE"]


def test_a_restart_replaces_credentials_that_nobody_has_seen(tmp_path: Path) -> None:
    # The answer's text is not recorded, and its credentials may be old or new ones: they changed
    # with the configuration, or not. Some there are.
    one = offering()
    call = one.task().call("setRemoteDescription", description=("answer", ANSWER))
    one.task().applied("stable", ANSWERED_THERE)
    one.transceivers["t1"]["currentDirection"] = "sendonly"
    one.event("signalingstatechange")
    one.resolve(call)
    one.task().call("setConfiguration", configuration={"iceTransportPolicy": "relay"})
    call = one.task().call("setRemoteDescription", description=("offer", ANSWER))
    one.task().applied("have-remote-offer", ANSWERED_THERE | OFFERED_THERE)
    one.event("signalingstatechange")
    one.resolve(call)
    call = one.task().call("setLocalDescription")
    one.task().applied("stable", {"currentLocal": "answer", "currentRemote": "offer"})
    one.event("signalingstatechange")
    one.resolve(call)
    one.task().call("restartIce")
    one.task().event("negotiationneeded")
    one.idle()
    assert not one.found(tmp_path)


def answering(*bundle: str) -> ByHand:
    one = ByHand()
    text = sdp(("audio", "0", "sendonly"), user="bbbb")
    call = one.task().call("setRemoteDescription", description=("offer", text))
    one.task().applied("have-remote-offer", OFFERED_THERE)
    one.transceivers["t1"] = {"kind": "audio", "direction": "recvonly", "mid": "0"}
    one.event("signalingstatechange")
    one.event("track", transceiver="t1", streams=[])
    one.resolve(call)
    one.created("answer", sdp(("audio", "0", "recvonly"), bundle=bundle)).idle()
    return one


def test_an_answer_bundles_what_was_offered_so(tmp_path: Path) -> None:
    assert not answering("0").found(tmp_path)
    assert [id for id, _ in answering().found(tmp_path)] == ["SDP-SHAPE"]


def test_create_offer_where_none_can_be_made_is_the_applications_fault(tmp_path: Path) -> None:
    one = answering("0")
    call = one.task().call("createOffer")
    one.task().reject(call, "InvalidStateError")
    one.idle()
    message = "createOffer was rejected: it is invalid in have-remote-offer"
    assert one.found(tmp_path) == [("APP-WRONG-STATE", message)]

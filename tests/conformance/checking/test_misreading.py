"""What a stack reads wrongly line after line is one fault, and told once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from by_hand import ANSWERED_THERE, OFFERED, ByHand, sdp
from hypothesis import given
from hypothesis import strategies as st

AUDIO = sdp(("audio", "0", "sendrecv"))
ANSWER = sdp(("audio", "0", "recvonly"), user="bbbb")


class Misread(ByHand):
    """A peer that offers, is answered, and offers again; `wrongly` says what is read then."""

    def offers(self) -> Misread:
        call = self.task().call("setLocalDescription", description=("offer", AUDIO))
        self.task().applied("have-local-offer", {**self.descriptions, **OFFERED}, t1="0")
        self.event("signalingstatechange")
        self.resolve(call, "offer", AUDIO)
        return self

    def is_answered(self) -> Misread:
        call = self.task().call("setRemoteDescription", description=("answer", ANSWER))
        self.task().applied("stable", ANSWERED_THERE)
        self.transceivers["t1"]["currentDirection"] = "sendonly"
        self.event("signalingstatechange")
        self.resolve(call)
        return self

    def goes_on(self, times: int = 3) -> Misread:
        """Calls after which nothing is to be negotiated, and what is read with each."""
        for _ in range(times):
            self.created("offer", AUDIO)
        return self


def stable() -> Misread:
    one = Misread()
    one.added("t1", "audio").created("offer", AUDIO)
    return one.offers().is_answered()


def is_read(attribute: str, value: str) -> Callable[[Misread], None]:
    def read(one: Misread) -> None:
        one.transceivers["t1"][attribute] = value

    return read


def has_pending(one: Misread) -> None:
    one.descriptions = {**ANSWERED_THERE, "pendingLocal": "offer"}


WRONG: dict[str, Callable[[Misread], None]] = {
    "direction is another": is_read("direction", "recvonly"),
    "currentDirection is another": is_read("currentDirection", "recvonly"),
    "mid is another": is_read("mid", "7"),
    "the pending local description is offer, not null": has_pending,
}


def ids(one: ByHand, folder: Path) -> list[str]:
    one.idle()
    return [id for id, _ in one.found(folder)]


def test_the_recording_itself_is_right(tmp_path: Path) -> None:
    assert ids(stable().goes_on(), tmp_path) == []


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("currentDirection", "recvonly"),
        ("currentDirection", None),
        ("direction", "recvonly"),
        ("mid", None),
        ("mid", "7"),
        ("kind", "video"),
    ],
)
def test_an_attribute_that_stays_wrong_is_told_once(
    tmp_path: Path, attribute: str, value: str | None
) -> None:
    one = stable()
    del one.transceivers["t1"][attribute]
    one.transceivers["t1"] |= {attribute: value} if value is not None else {}
    assert ids(one.goes_on(), tmp_path) == ["TRANSCEIVER-STATE"]


def test_a_state_that_stays_wrong_is_told_once(tmp_path: Path) -> None:
    one = stable()
    one.state = "have-local-offer"
    assert ids(one.goes_on(), tmp_path) == ["STATE-WRONG"]


def test_a_description_that_stays_is_told_once(tmp_path: Path) -> None:
    one = stable()
    one.descriptions = {**ANSWERED_THERE, "pendingLocal": "offer"}
    assert ids(one.goes_on(), tmp_path) == ["DESCRIPTION-STATE"]


@pytest.mark.parametrize("there", [True, False])
def test_a_transceiver_that_should_not_be_there_or_is_not_is_told_once(
    tmp_path: Path, *, there: bool
) -> None:
    one = stable()
    if there:
        one.transceivers["t7"] = {"kind": "video", "direction": "sendrecv"}
    else:
        one.transceivers.clear()
    assert ids(one.goes_on(), tmp_path) == ["TRANSCEIVER-STATE"]


def test_another_wrong_value_is_told_again(tmp_path: Path) -> None:
    one = stable()
    one.transceivers["t1"]["currentDirection"] = "recvonly"
    one.goes_on().transceivers["t1"]["currentDirection"] = "inactive"
    assert ids(one.goes_on(), tmp_path) == ["TRANSCEIVER-STATE"] * 2


def test_a_second_attribute_is_told_beside_the_first(tmp_path: Path) -> None:
    one = stable()
    one.transceivers["t1"]["currentDirection"] = "recvonly"
    one.goes_on().state = "have-local-offer"
    assert ids(one.goes_on(), tmp_path) == ["TRANSCEIVER-STATE", "STATE-WRONG"]


@given(wrong=st.sets(st.sampled_from([*WRONG]), min_size=1))
def test_attributes_that_go_wrong_at_once_are_told_each_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, wrong: set[str]
) -> None:
    one = stable()
    for about in wrong:
        WRONG[about](one)
    one.goes_on().idle()
    found = one.findings(tmp_path_factory.mktemp("wrong"))
    assert {each.about for each in found} == wrong
    assert len(found) == len(wrong)
    assert len({each.line for each in found}) == 1


def test_the_same_of_two_transceivers_is_told_once(tmp_path: Path) -> None:
    one = stable()
    one.added("t2", "audio")
    one.transceivers["t1"]["direction"] = one.transceivers["t2"]["direction"] = "recvonly"
    assert ids(one, tmp_path) == ["TRANSCEIVER-STATE"]


def test_what_follows_from_another_state_is_not_told(tmp_path: Path) -> None:
    one = stable()
    one.state = "have-local-offer"
    one.descriptions = {**ANSWERED_THERE, "pendingLocal": "offer"}
    del one.transceivers["t1"]["currentDirection"]
    assert ids(one.goes_on(), tmp_path) == ["STATE-WRONG"]


def test_what_is_wrong_at_rest_is_told_each(tmp_path: Path) -> None:
    one = stable()
    one.transceivers["t1"]["direction"] = "recvonly"
    one.descriptions = {**ANSWERED_THERE, "pendingLocal": "offer"}
    assert ids(one, tmp_path) == ["TRANSCEIVER-STATE", "DESCRIPTION-STATE"]


def test_what_was_right_in_between_is_told_again(tmp_path: Path) -> None:
    one = stable()
    one.transceivers["t1"]["currentDirection"] = "recvonly"
    one.goes_on().transceivers["t1"]["currentDirection"] = "sendonly"
    one.goes_on().transceivers["t1"]["currentDirection"] = "recvonly"
    assert ids(one.goes_on(), tmp_path) == ["TRANSCEIVER-STATE"] * 2


def test_what_is_wrong_of_another_value_is_told_again(tmp_path: Path) -> None:
    one = stable()
    one.transceivers["t1"]["direction"] = "recvonly"
    one.goes_on()
    one.task().call("direction", transceiver="t1", direction="inactive")
    one.task().event("negotiationneeded")
    assert ids(one, tmp_path) == ["TRANSCEIVER-STATE"] * 2


def test_what_is_read_rightly_while_another_is_not_is_followed(tmp_path: Path) -> None:
    # The state is told wrongly all the time; what a call does is judged as ever.
    one = stable()
    one.descriptions = {**ANSWERED_THERE, "pendingLocal": "offer"}
    one.goes_on().transceivers["t1"]["direction"] = "inactive"
    one.task().call("direction", transceiver="t1", direction="inactive")
    one.task().event("negotiationneeded")
    one.task().event("negotiationneeded")
    assert ids(one, tmp_path) == ["DESCRIPTION-STATE", "NN-DUPLICATE"]


def test_what_is_wrong_at_rest_is_told_once(tmp_path: Path) -> None:
    one = stable()
    one.state = "have-local-offer"
    one.idle()
    one.idle()
    assert ids(one, tmp_path) == ["STATE-WRONG"]

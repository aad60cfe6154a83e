"""Candidates before a remote description: told, but of an offer that is ignored in glare."""

from __future__ import annotations

from pathlib import Path

from by_hand import OFFERED, ByHand, sdp

AUDIO = sdp(("audio", "0", "sendrecv"))
THEIRS = sdp(("audio", "0", "sendrecv"), user="bbbb")
CANDIDATE = {"candidate": "candidate:1 1 udp 1 192.0.2.1 9 typ host", "sdpMid": "0"}


class Signaling(ByHand):
    """A peer whose messages are recorded, too."""

    def receives(self, name: str, type: str, text: str) -> None:
        description = self._description(type, text)
        self._line("receive", read=False, message=name, description=description)

    def refuses_a_candidate(self) -> Signaling:
        call = self.task().call("addIceCandidate", candidate=CANDIDATE)
        self.task().reject(call, "InvalidStateError")
        return self


def offering() -> Signaling:
    one = Signaling()
    one.added("t1", "audio").created("offer", AUDIO)
    call = one.task().call("setLocalDescription", description=("offer", AUDIO))
    one.task().applied("have-local-offer", OFFERED, t1="0")
    one.event("signalingstatechange")
    one.resolve(call, "offer", AUDIO)
    return one


def ids(one: ByHand, folder: Path) -> list[str]:
    one.idle()
    return [id for id, _ in one.found(folder)]


def test_a_candidate_before_any_description_is_told(tmp_path: Path) -> None:
    assert ids(Signaling().refuses_a_candidate(), tmp_path) == ["APP-EARLY-CANDIDATE"]


def test_a_candidate_of_an_ignored_offer_is_healthy(tmp_path: Path) -> None:
    one = offering()
    one.receives("B1", "offer", THEIRS)
    assert ids(one.refuses_a_candidate(), tmp_path) == ["GLARE-IGNORED"]


def test_a_candidate_ahead_of_its_answer_is_told_where_messages_are(tmp_path: Path) -> None:
    one = offering().refuses_a_candidate()
    one.receives("B1", "answer", THEIRS)
    assert "APP-EARLY-CANDIDATE" in ids(one, tmp_path)


def test_where_no_message_is_recorded_an_offer_may_have_been_ignored(tmp_path: Path) -> None:
    assert "APP-EARLY-CANDIDATE" not in ids(offering().refuses_a_candidate(), tmp_path)

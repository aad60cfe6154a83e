"""An answer that does not fit its offer is content that is wrong, and no syntax.

#set-description, 4.5.3: an RTCError with sdp-syntax-error is for SDP that is not valid as such;
4.5.6: content that is invalid rejects with InvalidAccessError.
"""

from _plain import Peer, described, section

SPECIFIED = "rejected (not sdp-syntax-error)"


def seen() -> str:
    """How an answer with a second m-section ends."""
    peer = Peer()
    peer.add("audio")
    peer.set("local", peer.create("offer"))
    answer = described("answer", section("audio", 0), section("video", 1))
    end = peer.set("remote", answer)
    return end if end == "rejected (sdp-syntax-error)" else "rejected (not sdp-syntax-error)"

"""The answer of an earlier negotiation cannot be set again.

#set-description, 4.6.5.2: an answer sets [[LastCreatedAnswer]] to "".
#dom-rtcpeerconnection-setlocaldescription, 4.3: InvalidModificationError.
"""

from _plain import Peer, described, section

SPECIFIED = "rejected (invalid-modification), have-remote-offer"


def seen() -> str:
    """How set-local-description ends when the offer has come again, and the state then."""
    peer = Peer()
    offer = described("offer", section("audio", 0, "recvonly"))
    peer.set("remote", offer)
    answer = peer.create("answer")
    peer.set("local", answer)
    peer.set("remote", offer)
    return f"{peer.set('local', answer)}, {peer.state}"

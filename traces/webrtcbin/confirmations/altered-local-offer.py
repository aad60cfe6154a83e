"""A created offer that the application altered cannot be set.

#dom-rtcpeerconnection-setlocaldescription, 4.2: InvalidModificationError.
"""

from _plain import Peer, text

SPECIFIED = "rejected (invalid-modification), stable"


def seen() -> str:
    """How set-local-description ends, and the state then."""
    peer = Peer()
    peer.add("audio")
    offer = peer.create("offer")
    end = peer.set("local", text("offer", offer.sdp.as_text() + "a=altered\r\n"))
    return f"{end}, {peer.state}"

"""createOffer in have-remote-offer rejects at once.

#dom-rtcpeerconnection-createoffer, create an offer, 1: InvalidStateError. webrtcbin tries, and does
not come to an end when create-answer has made a transceiver: its PC thread replies to nothing more.
"""

from _plain import Peer, described, section

SPECIFIED = "error"


def seen() -> str:
    """What the reply of create-offer has."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    peer.create("answer")
    try:
        what, _ = peer.ask("create-offer", None)
    except TimeoutError:
        return "no reply within 10 seconds"
    return what

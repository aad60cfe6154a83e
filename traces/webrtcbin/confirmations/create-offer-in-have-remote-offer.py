"""createOffer is for stable and have-local-offer.

#dom-rtcpeerconnection-createoffer, create an offer, 1: InvalidStateError in every other state.
"""

from _plain import Peer, described, section

SPECIFIED = "error"


def seen() -> str:
    """What the reply of create-offer has in have-remote-offer."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    what, _ = peer.ask("create-offer", None)
    return what

"""Only the offer that was created last can be set.

#dom-rtcpeerconnection-setlocaldescription, 4.2: InvalidModificationError.
"""

from _plain import Peer

SPECIFIED = "rejected (invalid-modification)"


def seen() -> str:
    """How setting the first of two created offers ends."""
    peer = Peer()
    peer.add("audio")
    first = peer.create("offer")
    peer.add("video")
    peer.create("offer")
    return peer.set("local", first)

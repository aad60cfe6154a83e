"""A remote offer that meets a local one rolls that back (glare).

#dom-peerconnection-setremotedescription, 3.1.1: the local offer is rolled back first.
"""

from _plain import Peer, described, section

SPECIFIED = "resolved, have-remote-offer"


def seen() -> str:
    """How set-remote-description ends, and the state then."""
    peer = Peer()
    peer.add("audio")
    peer.set("local", peer.create("offer"))
    return f"{peer.set('remote', described('offer', section('audio', 0)))}, {peer.state}"

"""An answer that narrows the direction, as the offer asks for, leaves nothing to negotiate.

#dfn-check-if-negotiation-is-needed, 5.3.3: of an answer, the direction is compared with the
transceiver's, intersected with the offered one. webrtcbin compares with the transceiver's alone.
"""

from _plain import Peer, described, section

SPECIFIED = "notify::signaling-state, set-local-description replied"


def seen() -> str:
    """What is emitted when a recvonly offer is answered with inactive."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0, "recvonly")))
    answer = peer.create("answer")
    peer.events.clear()
    peer.set("local", answer)
    peer.quiet()
    return ", ".join(one for one in peer.events)

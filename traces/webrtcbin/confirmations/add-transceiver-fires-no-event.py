"""A transceiver that is added in stable has to be negotiated.

#dom-rtcpeerconnection-addtransceiver, 13, updates the negotiation-needed flag;
#dfn-check-if-negotiation-is-needed, 5.2: the transceiver is not associated. webrtcbin's own check
says so, too ("unassociated transceiver"), but add-transceiver does not ask it.
"""

from _plain import Peer, negotiate

SPECIFIED = "on-negotiation-needed"


def seen() -> str:
    """What is emitted when a transceiver is added after a negotiation."""
    offerer, answerer = Peer(), Peer()
    offerer.add("audio")
    negotiate(offerer, answerer)
    offerer.events.clear()
    offerer.add("video")
    offerer.quiet()
    return ", ".join(offerer.events) or "nothing"

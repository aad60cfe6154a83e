"""A direction that is changed in stable has to be negotiated.

#dom-rtcrtptransceiver-direction, 8: the setter updates the negotiation-needed flag.
"""

from _plain import GstWebRTC, Peer, negotiate

SPECIFIED = "on-negotiation-needed"


def seen() -> str:
    """What is emitted when a direction is set after a negotiation."""
    offerer, answerer = Peer(), Peer()
    transceiver = offerer.add("audio")
    negotiate(offerer, answerer)
    offerer.events.clear()
    inactive = GstWebRTC.WebRTCRTPTransceiverDirection.INACTIVE
    transceiver.set_property("direction", inactive)
    offerer.quiet()
    return ", ".join(offerer.events) or "nothing"

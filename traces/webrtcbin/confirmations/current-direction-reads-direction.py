"""A transceiver that was never negotiated has no current direction.

#dom-rtcrtptransceiver-currentdirection; webrtcbin's documentation of `current-direction`: "none if
the transceiver is stopped or has never participated in an exchange of offers and answers".
"""

from _plain import Peer

SPECIFIED = "none"


def seen() -> str:
    """What the current direction of a new transceiver is."""
    transceiver = Peer().add("audio")
    return str(transceiver.get_property("current-direction").value_nick)

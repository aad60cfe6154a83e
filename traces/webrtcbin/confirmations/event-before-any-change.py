"""Nothing was changed, so nothing is to be negotiated.

#dfn-check-if-negotiation-is-needed: no step is true of a connection without transceivers, data
channels or descriptions. webrtcbin finds that it has "no local description set".
"""

from _plain import Peer

SPECIFIED = "nothing"


def seen() -> str:
    """What a webrtcbin emits that was only started."""
    return ", ".join(Peer().events) or "nothing"

"""Setting a local offer gives its transceivers their mids.

#set-description, 4.6.11.1.1.2. webrtcbin's documentation of `mid`: the "association is established,
when possible, whenever either a local or remote description is applied".
"""

from _plain import Peer

SPECIFIED = "a mid in have-local-offer"


def seen() -> str:
    """What the transceiver's mid is when the offer is set."""
    peer = Peer()
    transceiver = peer.add("audio")
    peer.set("local", peer.create("offer"))
    return f"{'no' if transceiver.get_property('mid') is None else 'a'} mid in {peer.state}"

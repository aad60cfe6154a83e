"""Setting a remote offer makes its transceivers.

#set-description, 4.6.11.2.7: a transceiver is created when the description is applied. webrtcbin's
documentation: "RTPTransceiver's are created in response to setting a remote description".
"""

from _plain import Peer, described, section

SPECIFIED = "1, 1"


def seen() -> str:
    """The number of transceivers after set-remote-description, and after create-answer."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    first = len(peer.transceivers())
    peer.create("answer")
    return f"{first}, {len(peer.transceivers())}"

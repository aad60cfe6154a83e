"""An m-section that is rejected in the offer is rejected in the answer.

RFC 3264, 8.2: a stream that is offered with port 0 is marked with port 0 in the answer.
"""

from _plain import Peer, described, section

SPECIFIED = "9, 0"


def seen() -> str:
    """The ports in the answer to an offer whose second m-section has port 0."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0), section("video", 1, port=0)))
    sdp = peer.create("answer").sdp.as_text()
    return ", ".join(line.split()[1] for line in sdp.splitlines() if line.startswith("m="))

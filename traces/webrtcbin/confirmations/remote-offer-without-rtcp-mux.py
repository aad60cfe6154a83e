"""An offer without a=rtcp-mux cannot be applied: the only policy is "require".

#set-description, 4.5.4: InvalidAccessError. A difference by design: webrtcbin has no such policy,
and negotiates (its documentation: "depends on the negotiated SDP's ... and rtcp configuration").
"""

from _plain import Peer, described, section

SPECIFIED = "rejected, stable"


def seen() -> str:
    """How set-remote-description ends, and the state then."""
    peer = Peer()
    without = section("audio", 0).replace("a=rtcp-mux\r\n", "")
    return f"{peer.set('remote', described('offer', without))}, {peer.state}"

"""A local provisional answer is followed by the answer.

#set-description, 4.5.2, and JSEP's state machine: setLocal(answer) in have-local-pranswer.
"""

from _plain import Peer, described, section, text

SPECIFIED = "resolved, have-local-pranswer; resolved, stable"


def seen() -> str:
    """How both end, and the states after them."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    sdp = peer.create("answer").sdp.as_text()
    first = f"{peer.set('local', text('pranswer', sdp))}, {peer.state}"
    return f"{first}; {peer.set('local', text('answer', sdp))}, {peer.state}"

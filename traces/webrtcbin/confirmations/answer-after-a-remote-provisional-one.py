"""A remote provisional answer is followed by the answer.

#set-description, 4.5.2, and JSEP's state machine: setRemote(answer) in have-remote-pranswer.
"""

from _plain import Peer, text

SPECIFIED = "resolved, have-remote-pranswer; resolved, stable"


def seen() -> str:
    """How both end, and the states after them."""
    offerer, answerer = Peer(), Peer()
    offerer.add("audio")
    offer = offerer.create("offer")
    offerer.set("local", offer)
    answerer.set("remote", offer)
    sdp = answerer.create("answer").sdp.as_text()
    first = f"{offerer.set('remote', text('pranswer', sdp))}, {offerer.state}"
    return f"{first}; {offerer.set('remote', text('answer', sdp))}, {offerer.state}"

"""negotiationneeded fires after the operation that it waits for is over.

#dfn-update-the-negotiation-needed-flag, 1: while the operations chain is not empty, the flag waits.
The operation is in the chain until its promise has settled (chaining, 7.4). webrtcbin emits the
signal inside of the operation, where its comment says "queue a task".
"""

from _plain import Peer

SPECIFIED = "notify::signaling-state, set-remote-description replied, on-negotiation-needed"


def seen() -> str:
    """The order when an answer is set, and a transceiver came after the offer."""
    offerer, answerer = Peer(), Peer()
    offerer.add("audio")
    offer = offerer.create("offer")
    offerer.set("local", offer)
    answerer.set("remote", offer)
    answer = answerer.create("answer")
    offerer.add("video")
    offerer.events.clear()
    offerer.set("remote", answer)
    offerer.quiet()
    return ", ".join(offerer.events)

"""createAnswer makes no transceivers, however often it is called.

#dfn-final-steps-to-create-an-answer: an answer is created, and kept; nothing else changes.
"""

from _plain import Peer, described, section

SPECIFIED = "1, 1, 1"


def seen() -> str:
    """The number of transceivers after each of three calls of create-answer."""
    peer = Peer()
    peer.set("remote", described("offer", section("audio", 0)))
    counts = []
    for _ in range(3):
        peer.create("answer")
        counts.append(str(len(peer.transceivers())))
    return ", ".join(counts)

"""A description that is refused leaves no trace.

#set-description, 4.5: a description that cannot be applied rejects, and the state stays; 4.6 sets
the state and fires signalingstatechange. webrtcbin refuses an answer that changes the direction
after it has changed the signaling state and the descriptions, and notifies of nothing.
"""

from _plain import Peer, described, section

SPECIFIED = "resolved, stable, no description pending, notified"


def seen() -> str:
    """What an answer does that makes a transceiver active again."""
    peer = Peer()
    for direction in ("sendrecv", "inactive", "sendrecv"):
        peer.set("remote", described("offer", section("audio", 0, direction)))
        answer = peer.create("answer")
        peer.events.clear()
        end = peer.set("local", answer)
    pending = peer.bin.get_property("pending-remote-description")
    left = "no description pending" if pending is None else "a description pending"
    notified = "notified" if "notify::signaling-state" in peer.events else "not notified"
    return f"{end}, {peer.state}, {left}, {notified}"

"""A remote offer has at least the m-sections of the one before.

#set-description, 4.4: back-to-back offers are validated as if answers came in between; RFC 3264, 8:
the number of m-lines never decreases. Invalid content rejects with InvalidAccessError (4.5.6).
webrtcbin compares with the current description alone, and not with the pending one.
"""

from _plain import Peer, described, section

SPECIFIED = "resolved; rejected"


def seen() -> str:
    """How an offer of two m-sections ends, and then one of the first alone."""
    peer = Peer()
    audio, video = section("audio", 0), section("video", 1)
    first = peer.set("remote", described("offer", audio, video))
    return f"{first}; {peer.set('remote', described('offer', audio))}"

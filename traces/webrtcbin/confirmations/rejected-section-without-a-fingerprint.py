"""An m-section that is rejected (port 0) needs no fingerprint.

RFC 9429, 5.3.1: for a rejected m-section "further processing ... can be skipped" behind its port,
so what JSEP generates has none, and browsers write none. It can be applied (#set-description, 4.6).
"""

from _plain import TRANSPORT, Peer, described, section

SPECIFIED = "resolved, have-remote-offer"


def seen() -> str:
    """How an offer ends whose second m-section is rejected, as a browser writes it."""
    peer = Peer()
    lines = (line for line in TRANSPORT.splitlines(True) if not line.startswith("a=fingerprint"))
    rejected = section("video", 1, "inactive", port=0, transport="".join(lines))
    return f"{peer.set('remote', described('offer', section('audio', 0), rejected))}, {peer.state}"

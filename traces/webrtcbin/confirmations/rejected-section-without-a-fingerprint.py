"""An m-section that is rejected (port 0) needs no fingerprint.

RFC 9429, 5.3.1: for a rejected m-section "further processing ... can be skipped" behind its port,
so what JSEP generates has none, and browsers write none. It can be applied (#set-description, 4.7).
"""

from _plain import Peer, described, section

SPECIFIED = "resolved, have-remote-offer"


def seen() -> str:
    """How an offer ends whose second m-section is rejected, as a browser writes it."""
    peer = Peer()
    credentials = (
        "a=ice-ufrag:12345678\r\na=ice-pwd:123456789012345678901234\r\na=setup:actpass\r\n"
    )
    rejected = section("video", 1, "inactive", port=0, transport=credentials)
    return f"{peer.set('remote', described('offer', section('audio', 0), rejected))}, {peer.state}"

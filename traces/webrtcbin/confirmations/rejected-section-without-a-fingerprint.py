"""An m-section that is rejected (port 0) needs no fingerprint.

RFC 9429, 5.2.2 and 5.3.1: of a rejected m-section no transport attributes are generated, and so
every browser leaves them out. What JSEP generates it has to accept (#set-description, 4.6).
"""

from _plain import Peer, described, section

SPECIFIED = "resolved, have-remote-offer"


def seen() -> str:
    """How an offer ends whose second m-section is rejected, as a browser writes it."""
    peer = Peer()
    credentials = "a=ice-ufrag:12345678\r\na=ice-pwd:123456789012345678901234\r\na=setup:actpass\r\n"
    rejected = section("video", 1, "inactive", port=0, transport=credentials)
    return f"{peer.set('remote', described('offer', section('audio', 0), rejected))}, {peer.state}"

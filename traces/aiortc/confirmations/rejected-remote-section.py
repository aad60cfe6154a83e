"""A remote offer may reject an m-section, which has no ICE credentials then.

RFC 8866 and JSEP, 5.2.2: an m-section with port zero is rejected; nothing but its m= line, and its
mid, is needed. #set-description applies the others.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "have-remote-offer"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def an_offer(*kinds: str) -> RTCSessionDescription:
    """Somebody's offer of these kinds, without candidates."""
    other = connection()
    for kind in kinds:
        other.addTransceiver(kind)
    offer = await other.createOffer()
    await other.close()
    return offer


async def seen() -> str:
    """The state after a remote offer with a second m-section that is rejected."""
    pc = connection()
    offer = await an_offer("audio")
    rejected = (
        "m=video 0 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=inactive\r\na=rtpmap:96 VP8/90000\r\n"
    )
    try:
        sdp = offer.sdp + rejected
        await pc.setRemoteDescription(RTCSessionDescription(sdp=sdp, type="offer"))
        told = pc.signalingState
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

"""A candidate for an m-section that the remote description does not have is refused.

#dom-peerconnection-addicecandidate: if candidate.sdpMid is not that of a media description of the
remote description, reject with a newly created OperationError.
"""

from aiortc import RTCConfiguration, RTCIceCandidate, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "OperationError"


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
    """The error of a candidate for the mid `nobody`."""
    pc = connection()
    await pc.setRemoteDescription(await an_offer("audio"))
    try:
        candidate = RTCIceCandidate(1, "1", "192.0.2.1", 9, 1, "udp", "host", sdpMid="nobody")
        await pc.addIceCandidate(candidate)
        told = "no error"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

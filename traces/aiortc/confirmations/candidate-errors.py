"""A candidate without sdpMid and sdpMLineIndex is refused with a TypeError.

#dom-peerconnection-addicecandidate: if both are null, return a promise rejected with a newly
created TypeError.
"""

from aiortc import RTCConfiguration, RTCIceCandidate, RTCPeerConnection

SPECIFIED = "TypeError"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The error of such a candidate."""
    pc = connection()
    try:
        await pc.addIceCandidate(RTCIceCandidate(1, "1", "192.0.2.1", 9, 1, "udp", "host"))
        told = "no error"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

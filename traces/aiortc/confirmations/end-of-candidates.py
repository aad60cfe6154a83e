"""The end of candidates is taken when there is a remote description.

#dom-peerconnection-addicecandidate: an empty candidate, or none, tells the end of candidates.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "no error"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The error of addIceCandidate(None)."""
    pc, other = connection(), connection()
    other.addTransceiver("audio")
    await pc.setRemoteDescription(await other.createOffer())
    try:
        await pc.addIceCandidate(None)
        told = "no error"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    await other.close()
    return told

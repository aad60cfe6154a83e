"""createDataChannel throws a TypeError for both maxPacketLifeTime and maxRetransmits.

#dom-peerconnection-createdatachannel: if both are set, throw a TypeError.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "TypeError"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The error of a channel with both."""
    pc = connection()
    try:
        pc.createDataChannel("label", maxPacketLifeTime=1, maxRetransmits=1)
        told = "no error"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

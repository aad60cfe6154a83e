"""A transceiver that the remote offer does not have is no matter for the answer.

JSEP, 5.3.1: an answer has the m-sections of the offer; #set-description, 4.6.11.1 is about the
transceivers that are associated with one.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "stable"


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
    """The state after a transceiver was added and the offer answered."""
    pc = connection()
    await pc.setRemoteDescription(await an_offer("audio"))
    pc.addTransceiver("video")
    try:
        await pc.setLocalDescription(await pc.createAnswer())
        told = pc.signalingState
    except Exception as error:
        told = f"{type(error).__name__} in {pc.signalingState}"
    await pc.close()
    return told

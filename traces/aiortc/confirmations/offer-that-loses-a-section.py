"""A re-offer with fewer m-sections than were negotiated is refused.

JSEP, 5.2.2: a subsequent offer keeps all m-sections. #set-description, 4.5.6: if the content of
description is invalid, reject with a newly created InvalidAccessError.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "InvalidAccessError"


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
    """The error of a second offer that lost the second m-section."""
    pc = connection()
    await pc.setRemoteDescription(await an_offer("audio", "video"))
    await pc.setLocalDescription(await pc.createAnswer())
    try:
        await pc.setRemoteDescription(await an_offer("audio"))
        told = f"no error in {pc.signalingState}"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

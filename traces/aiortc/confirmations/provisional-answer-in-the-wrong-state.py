"""A provisional answer in stable is refused with InvalidStateError.

#set-description, 4.5.2: if type is invalid for the signaling state, reject with a newly created
InvalidStateError.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "InvalidStateError"


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
    """The error of a remote provisional answer without any offer."""
    pc = connection()
    offer = await an_offer("audio")
    answer = offer.sdp.replace("actpass", "active")
    try:
        await pc.setRemoteDescription(RTCSessionDescription(sdp=answer, type="pranswer"))
        told = f"no error in {pc.signalingState}"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

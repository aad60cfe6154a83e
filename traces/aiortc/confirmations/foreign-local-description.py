"""A local offer that createOffer did not make is refused with InvalidModificationError.

setLocalDescription, 4.2: if sdp is not the empty string and not equal to [[LastCreatedOffer]],
reject with a newly created InvalidModificationError.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "InvalidModificationError"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The error of an offer whose direction was altered."""
    pc = connection()
    pc.addTransceiver("audio")
    offer = await pc.createOffer()
    altered = offer.sdp.replace("a=sendrecv", "a=inactive")
    try:
        await pc.setLocalDescription(RTCSessionDescription(sdp=altered, type="offer"))
        told = f"no error in {pc.signalingState}"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

"""A local offer without sdp is the one that createOffer made last.

setLocalDescription, 4: if type is offer and sdp is the empty string, sdp is [[LastCreatedOffer]].
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "have-local-offer"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The state after an offer with an empty sdp was set, and how many m-sections it has."""
    pc = connection()
    pc.addTransceiver("audio")
    await pc.createOffer()
    try:
        await pc.setLocalDescription(RTCSessionDescription(sdp="", type="offer"))
        empty = "" if "m=audio" in pc.localDescription.sdp else " with an empty description"
        told = f"{pc.signalingState}{empty}"
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

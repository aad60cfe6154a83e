"""A remote offer in have-local-offer rolls the local one back, and is applied.

#dom-rtcpeerconnection-setremotedescription, 3.1: if description is an offer and invalid in the
state as the state is have-local-offer, the local offer is rolled back first.
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
    """The state after a remote offer met a local one."""
    pc = connection()
    pc.addTransceiver("audio")
    await pc.setLocalDescription(await pc.createOffer())
    try:
        await pc.setRemoteDescription(await an_offer("audio"))
        told = pc.signalingState
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

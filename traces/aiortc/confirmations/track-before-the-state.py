"""setRemoteDescription fires signalingstatechange, then track, when the state has changed.

#set-description: [[SignalingState]] is updated (4.6.6.1), signalingstatechange is fired (4.6.15),
then track (4.6.20).
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "have-remote-offer, then track in have-remote-offer"


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
    """The events of a first remote offer, with the state in each."""
    pc, order = connection(), []
    pc.on("signalingstatechange", lambda: order.append(pc.signalingState))
    pc.on("track", lambda track: order.append(f"track in {pc.signalingState}"))
    await pc.setRemoteDescription(await an_offer("audio"))
    told = ", then ".join(order)
    await pc.close()
    return told

"""signalingstatechange fires only when the state changes.

#set-description, 4.6.15: if connection.[[SignalingState]] changed above, fire it.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "have-local-offer"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The events of an offer that is set twice."""
    pc, events = connection(), []
    pc.addTransceiver("audio")
    pc.on("signalingstatechange", lambda: events.append(pc.signalingState))
    await pc.setLocalDescription(await pc.createOffer())
    await pc.setLocalDescription(await pc.createOffer())
    told = ", then ".join(events)
    await pc.close()
    return told

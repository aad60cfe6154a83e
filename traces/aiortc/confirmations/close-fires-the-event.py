"""close() changes the state to closed, and fires no signalingstatechange.

#dom-rtcpeerconnection-close: [[SignalingState]] is set to closed; this does not fire any event.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "no event"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The events of close()."""
    pc, events = connection(), []
    pc.on("signalingstatechange", lambda: events.append(pc.signalingState))
    await pc.close()
    return ", ".join(events) or "no event"

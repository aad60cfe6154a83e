"""A transceiver that was stopped says so, and the next offer rejects its m-section.

#dom-rtcrtptransceiver-direction: if [[Stopping]] is true, return stopped.
#dom-rtcrtptransceiver-stop sets it. JSEP, 5.2.2: the m-section of a stopped transceiver is offered
with port zero.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "direction stopped; offered on port 0"


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
    """The direction after stop(), and the m-section that is offered for it."""
    pc = connection()
    await pc.setRemoteDescription(await an_offer("audio"))
    await pc.setLocalDescription(await pc.createAnswer())
    (transceiver,) = pc.getTransceivers()
    await transceiver.stop()
    direction = transceiver.direction
    offer = await pc.createOffer()
    media = next(line for line in offer.sdp.splitlines() if line.startswith("m="))
    offered = "offered on port 0" if media.startswith("m=audio 0 ") else "offered as before"
    await pc.close()
    return f"direction {direction}; {offered}"

"""When signalingstatechange fires for a local description, what it says has been applied.

#set-description: an offer sets [[Mid]] (4.6.11.1.1.2), an answer [[CurrentDirection]]
(4.6.11.1.7.4), and only then signalingstatechange is fired (4.6.15).
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "offer: mid 0; answer: currentDirection recvonly"


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
    """What can be read in the events of a local offer, and of a local answer."""
    offering, answering, told = connection(), connection(), []
    sent = offering.addTransceiver("audio")
    offering.on("signalingstatechange", lambda: told.append(f"offer: mid {sent.mid}"))
    await offering.setLocalDescription(await offering.createOffer())
    await answering.setRemoteDescription(await an_offer("audio"))
    (received,) = answering.getTransceivers()
    answering.on(
        "signalingstatechange",
        lambda: told.append(f"answer: currentDirection {received.currentDirection}"),
    )
    await answering.setLocalDescription(await answering.createAnswer())
    seen = "; ".join(told)
    await offering.close()
    await answering.close()
    return seen

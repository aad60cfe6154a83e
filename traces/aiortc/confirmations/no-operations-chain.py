"""An operation begins when those that were begun before it are over.

#dfn-chain: setRemoteDescription and setLocalDescription are chained, so that the second sees what
the first has done, and makes an answer.
"""

import asyncio

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "stable, local answer"


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
    """What becomes of a remote offer and createAnswer/createOffer begun behind it."""
    pc = connection()
    applying = asyncio.create_task(pc.setRemoteDescription(await an_offer("audio")))
    answering = asyncio.create_task(answered(pc))
    await asyncio.gather(applying, answering)
    local = pc.localDescription
    told = f"{pc.signalingState}, local {local.type if local else None}"
    await pc.close()
    return told


async def answered(pc: RTCPeerConnection) -> None:
    """What setLocalDescription() does: an answer if there is an offer, else an offer.

    Where it needs a description (before 1.10), the same is done by hand.
    """
    if pc.signalingState == "have-remote-offer":
        await pc.setLocalDescription(await pc.createAnswer())
    else:
        await pc.setLocalDescription(await pc.createOffer())

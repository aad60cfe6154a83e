"""An operation that was begun before close() does not settle after it.

#dfn-chain: when the operation has settled, and connection.[[IsClosed]] is true, abort these steps.
"""

import asyncio

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "it never settles"


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
    """What becomes of a remote offer when the connection is closed in its track event."""
    pc = connection()
    pc.on("track", lambda track: asyncio.ensure_future(pc.close()))
    applying = asyncio.create_task(pc.setRemoteDescription(await an_offer("audio")))
    creating = asyncio.create_task(pc.createOffer())
    closing = asyncio.create_task(pc.close())
    done, pending = await asyncio.wait({applying, creating}, timeout=0.5)
    await closing
    for task in pending:
        task.cancel()
    errors = [task.exception() for task in done]
    told = ["it resolves" if error is None else type(error).__name__ for error in errors]
    return ", ".join(sorted(told)) or "it never settles"

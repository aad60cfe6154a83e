"""setLocalDescription() after a provisional answer answers with what is wanted now.

#dom-rtcpeerconnection-setlocaldescription, 4.5.2: when [[LastCreatedAnswer]] no longer accurately
represents the system's state (the direction has changed), another answer is created.
"""

import asyncio
import re

import webrtc

SPECIFIED = "createAnswer: inactive; setLocalDescription(): inactive, no negotiationneeded"


async def _answered(explicit: bool) -> tuple[str, bool]:
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    pc = webrtc.RTCPeerConnection()
    await pc.set_remote_description(await remote.create_offer())
    provisional = (await pc.create_answer()).sdp
    await pc.set_local_description(webrtc.RTCSessionDescriptionInit("pranswer", provisional))
    pc.get_transceivers()[0].direction = "inactive"
    fired = []
    pc.on("negotiationneeded", fired.append)
    await pc.set_local_description(await pc.create_answer() if explicit else None)
    await asyncio.sleep(0.5)
    found = re.search(r"a=(sendrecv|sendonly|recvonly|inactive)", pc.local_description.sdp)
    return found[1], bool(fired)


async def seen() -> str:
    """The direction of both answers."""
    created, _ = await _answered(explicit=True)
    implicit, fired = await _answered(explicit=False)
    event = f"{'' if fired else 'no '}negotiationneeded"
    return f"createAnswer: {created}; setLocalDescription(): {implicit}, {event}"

"""A rollback leaves a stopped transceiver without an m-section; nothing removes it, nor needs it.

A remote offer associates addTrack's transceiver with a rejected m-section and stops it; the
rollback sets its mid to null (#set-description, 4.6.12.3.1). Without an m-section it needs no
negotiation (#dfn-check-if-negotiation-is-needed, 5.4), and an answer removes only stopped
transceivers that are associated with a rejected m-section (#set-description, 4.6.13.1.1).
"""

import asyncio
import re

import webrtc

SPECIFIED = "no negotiationneeded, stopped without a mid; after an answer: 2 transceivers"


async def seen() -> str:
    """What the rollback, and the next negotiation, leave."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    offer = await remote.create_offer()
    pc = webrtc.RTCPeerConnection()
    pc.add_track(webrtc.MediaStreamTrackGenerator("audio"))
    await asyncio.sleep(0.3)
    sdp = offer.sdp.replace("m=audio 9 ", "m=audio 0 ")
    sdp = re.sub(r"a=group:BUNDLE.*\r\n", "", sdp)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("offer", sdp))
    fired = []
    pc.on("negotiationneeded", fired.append)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("rollback"))
    await asyncio.sleep(0.3)
    event = f"{'' if fired else 'no '}negotiationneeded"
    (stopped,) = pc.get_transceivers()
    read = f"{stopped.current_direction.value} {'with' if stopped.mid else 'without'} a mid"
    pc.add_transceiver("video")
    other = webrtc.RTCPeerConnection()
    await pc.set_local_description()
    await other.set_remote_description(pc.local_description)
    await other.set_local_description()
    await pc.set_remote_description(other.local_description)
    count = len(pc.get_transceivers())
    after = f"{count} transceiver{'' if count == 1 else 's'}"
    return f"{event}, {read}; after an answer: {after}"

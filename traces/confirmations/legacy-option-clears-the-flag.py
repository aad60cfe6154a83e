"""offerToReceiveAudio false changes directions without updating the negotiation-needed flag.

Legacy configuration extensions, 3.1: [[Direction]] is set, and no step updates the flag. It is true
since the event fired. So when the direction changes back, updating the flag finds it already true
(#dfn-update-the-negotiation-needed-flag, 2.5), and no second event fires.
"""

import asyncio

import webrtc

SPECIFIED = "events: 1, then 1"


async def seen() -> str:
    """How many events there were before the direction changes again, and after it."""
    pc = webrtc.RTCPeerConnection()
    remote = webrtc.RTCPeerConnection()
    init = webrtc.RTCRtpTransceiverInit(direction="inactive")
    transceiver = pc.add_transceiver("audio", init)
    await pc.set_local_description()
    await remote.set_remote_description(pc.local_description)
    await remote.set_local_description()
    await pc.set_remote_description(remote.local_description)
    await asyncio.sleep(0.3)
    fired = []
    pc.on("negotiationneeded", fired.append)
    transceiver.direction = "recvonly"
    await asyncio.sleep(0.3)
    await pc.create_offer(webrtc.RTCOfferOptions(offer_to_receive_audio=False))
    await asyncio.sleep(0.3)
    before = len(fired)
    transceiver.direction = "recvonly"
    await asyncio.sleep(0.3)
    return f"events: {before}, then {len(fired)}"

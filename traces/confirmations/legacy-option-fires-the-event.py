"""offerToReceiveAudio adds its transceiver without updating the negotiation-needed flag.

Legacy configuration extensions, 3.3: the equivalent of addTransceiver, "except that this operation
MUST NOT update the negotiation-needed flag". createOffer does not update it either.
"""

import asyncio

import webrtc

SPECIFIED = "no negotiationneeded, 1 transceiver"


async def seen() -> str:
    """Whether the event fires."""
    pc = webrtc.RTCPeerConnection()
    fired = []
    pc.on("negotiationneeded", fired.append)
    await pc.create_offer(webrtc.RTCOfferOptions(offer_to_receive_audio=True))
    await asyncio.sleep(0.5)
    count = len(pc.get_transceivers())
    return (
        f"{'' if fired else 'no '}negotiationneeded, {count} transceiver{'' if count == 1 else 's'}"
    )

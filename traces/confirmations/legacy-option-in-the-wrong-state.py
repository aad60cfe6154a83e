"""offerToReceiveVideo adds its transceiver before createOffer looks at the state.

Legacy configuration extensions, 3.3: the transceiver is added when the method is called; then
the steps of createOffer run (4), which reject in have-remote-offer (create an offer, 1).
"""

import webrtc

SPECIFIED = "InvalidStateError, 2 transceivers"


async def seen() -> str:
    """How createOffer ends, and what is there then."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    pc = webrtc.RTCPeerConnection()
    await pc.set_remote_description(await remote.create_offer())
    end = "resolved"
    try:
        await pc.create_offer(webrtc.RTCOfferOptions(offer_to_receive_video=True))
    except webrtc.RTCException as error:
        end = type(error).__name__
    count = len(pc.get_transceivers())
    return f"{end}, {count} transceiver{'' if count == 1 else 's'}"

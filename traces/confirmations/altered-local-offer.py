"""A local offer may not be altered.

#dom-rtcpeerconnection-setlocaldescription, 4.2: an offer whose sdp is not empty and not equal to
[[LastCreatedOffer]] is rejected with InvalidModificationError.
"""

import webrtc

SPECIFIED = "InvalidModificationError, stable"


async def seen() -> str:
    """How setLocalDescription ends, and the state then."""
    pc = webrtc.RTCPeerConnection()
    pc.add_transceiver("audio")
    offer = await pc.create_offer()
    end = "resolved"
    try:
        altered = webrtc.RTCSessionDescriptionInit("offer", f"{offer.sdp}a=x-altered\r\n")
        await pc.set_local_description(altered)
    except webrtc.RTCException as error:
        end = type(error).__name__
    return f"{end}, {pc.signaling_state.value}"

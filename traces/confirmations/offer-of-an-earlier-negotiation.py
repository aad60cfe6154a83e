"""The offer of an earlier negotiation cannot be set again.

#set-description, 4.6.6.2: an answer sets [[LastCreatedOffer]] to "".
#dom-rtcpeerconnection-setlocaldescription, 4.2: an offer whose sdp is not the last created one is
rejected with InvalidModificationError.
"""

import webrtc

SPECIFIED = "InvalidModificationError, stable"


async def seen() -> str:
    """How the second setLocalDescription ends, and the state then."""
    pc = webrtc.RTCPeerConnection()
    remote = webrtc.RTCPeerConnection()
    pc.add_transceiver("audio")
    offer = await pc.create_offer()
    await pc.set_local_description(offer)
    await remote.set_remote_description(offer)
    await remote.set_local_description()
    await pc.set_remote_description(remote.local_description)
    end = "resolved"
    try:
        await pc.set_local_description(offer)
    except webrtc.RTCException as error:
        end = type(error).__name__
    return f"{end}, {pc.signaling_state.value}"

"""The answer of an earlier negotiation cannot be set again.

#set-description, 4.6.5.2: an answer sets [[LastCreatedAnswer]] to "".
#dom-rtcpeerconnection-setlocaldescription, 4.3: an answer whose sdp is not the last created one is
rejected with InvalidModificationError.
"""

import webrtc

SPECIFIED = "InvalidModificationError, have-remote-offer"


async def seen() -> str:
    """How the second setLocalDescription ends, and the state then."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    pc = webrtc.RTCPeerConnection()
    offer = await remote.create_offer()
    await pc.set_remote_description(offer)
    answer = await pc.create_answer()
    await pc.set_local_description(answer)
    await pc.set_remote_description(offer)
    end = "resolved"
    try:
        await pc.set_local_description(answer)
    except webrtc.RTCException as error:
        end = type(error).__name__
    return f"{end}, {pc.signaling_state.value}"

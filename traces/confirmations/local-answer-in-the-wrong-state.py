"""A local answer whose sdp was not created: the sdp is looked at before the state.

#dom-rtcpeerconnection-setlocaldescription, 4.3: an answer whose sdp is not the last created one is
rejected with InvalidModificationError; 4.2 says the same of an offer. Only then the description is
set, where its type is compared with the state (#set-description, 4.5.2). (web-platform-tests ask
for InvalidStateError.)
"""

import webrtc

SPECIFIED = "answer in stable: InvalidModificationError; offer: InvalidModificationError"


async def _end(pc: webrtc.RTCPeerConnection, kind: str) -> str:
    try:
        await pc.set_local_description(webrtc.RTCSessionDescriptionInit(kind, "v=0\r\n"))
    except webrtc.RTCException as error:
        return type(error).__name__
    return "resolved"


async def seen() -> str:
    """How an answer in stable, and an offer in have-local-pranswer, end."""
    stable = webrtc.RTCPeerConnection()
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    answerer = webrtc.RTCPeerConnection()
    await answerer.set_remote_description(await remote.create_offer())
    await answerer.set_local_description(webrtc.RTCLocalSessionDescriptionInit("pranswer"))
    answer, offer = await _end(stable, "answer"), await _end(answerer, "offer")
    return f"answer in stable: {answer}; offer: {offer}"

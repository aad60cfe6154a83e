"""A candidate for the m-section of a stopped transceiver is ignored.

#dom-peerconnection-addicecandidate, 4.4: it resolves when the m-section's transceiver is stopped.
The m-section is there (4.2 and 4.3), and nothing asks whether it is rejected.
"""

import re

import webrtc

SPECIFIED = "it resolves"


async def seen() -> str:
    """What addIceCandidate does."""
    offerer = webrtc.RTCPeerConnection()
    offerer.add_transceiver("audio")
    offerer.add_transceiver("video")
    await offerer.set_local_description()
    offer = offerer.local_description.sdp
    pc = webrtc.RTCPeerConnection()
    await pc.set_remote_description(offerer.local_description)
    await pc.set_local_description()
    audio, video = (transceiver.mid for transceiver in pc.get_transceivers())
    sdp = re.sub(r"m=video \d+ ", "m=video 0 ", offer)
    sdp = re.sub(r"(a=group:BUNDLE) .*\r\n", rf"\1 {audio}\r\n", sdp)
    sdp = sdp.replace("a=bundle-only\r\n", "")
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("offer", sdp))
    if pc.get_transceivers()[1].current_direction != "stopped":
        return "the transceiver is not stopped"
    candidate = "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"
    try:
        await pc.add_ice_candidate(webrtc.RTCIceCandidateInit(candidate, sdp_mid=video))
    except webrtc.RTCException as error:
        return type(error).__name__
    return "it resolves"

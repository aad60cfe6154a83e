"""A track event shows the transceiver as the description has left it.

#set-description: [[Mid]] (4.6.11.2.9) and [[CurrentDirection]] (4.6.11.2.14.2) are set in the task
that then fires the track events (4.6.20). Here the signaling state does not change: the offer
follows an offer, and the provisional answer a provisional answer.
"""

import webrtc

SPECIFIED = "second offer: its mid; second provisional answer: recvonly"


async def _offered() -> str:
    remote = webrtc.RTCPeerConnection()
    pc = webrtc.RTCPeerConnection()
    read = []
    for kind in ("audio", "video"):
        remote.add_transceiver(kind)
        await remote.set_local_description()
        pc.on("track", lambda event: read.append(event.transceiver.mid))
        await pc.set_remote_description(remote.local_description)
    return "no mid" if read[-1] is None else "its mid"


async def _answered() -> str:
    remote = webrtc.RTCPeerConnection()
    remote.add_track(webrtc.MediaStreamTrackGenerator("audio"))
    pc = webrtc.RTCPeerConnection()
    pc.add_transceiver("audio", webrtc.RTCRtpTransceiverInit(direction="recvonly"))
    await pc.set_local_description()
    await remote.set_remote_description(pc.local_description)
    sdp = (await remote.create_answer()).sdp
    read = []
    pc.on("track", lambda event: read.append(event.transceiver.current_direction.value))
    for direction in ("inactive", "sendonly"):
        text = sdp.replace("a=sendonly", f"a={direction}")
        await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("pranswer", text))
    return ", ".join(read) or "no event"


async def seen() -> str:
    """What the track events show."""
    offered, answered = await _offered(), await _answered()
    return f"second offer: {offered}; second provisional answer: {answered}"

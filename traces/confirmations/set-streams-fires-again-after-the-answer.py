"""After setStreams has been negotiated, nothing remains to be negotiated.

#dfn-check-if-negotiation-is-needed, 5.3.1: the MSIDs of the m-section in the current local
description are the sender's associated streams, when the offer has named them. The answer
clears the flag (#set-description, 4.6.14.3), and nothing sets it again.
"""

import asyncio

import webrtc

SPECIFIED = "events: 1; the offer names the stream; events after the answer: 0"


async def _negotiate(pc: webrtc.RTCPeerConnection, remote: webrtc.RTCPeerConnection) -> None:
    await pc.set_local_description()
    await remote.set_remote_description(pc.local_description)
    await remote.set_local_description()
    await pc.set_remote_description(remote.local_description)


async def seen() -> str:
    """The events before and after the negotiation of the new stream."""
    pc = webrtc.RTCPeerConnection()
    remote = webrtc.RTCPeerConnection()
    fired = []
    init = webrtc.RTCRtpTransceiverInit(streams=[webrtc.MediaStream()])
    transceiver = pc.add_transceiver(webrtc.MediaStreamTrackGenerator("audio"), init)
    await _negotiate(pc, remote)
    await asyncio.sleep(0.3)
    pc.on("negotiationneeded", fired.append)
    other = webrtc.MediaStream()
    transceiver.sender.set_streams(other)
    await asyncio.sleep(0.3)
    before = len(fired)
    await _negotiate(pc, remote)
    await asyncio.sleep(0.3)
    named = f"a=msid:{other.id} " in pc.current_local_description.sdp
    offer = "the offer names the stream" if named else "the offer does not name the stream"
    return f"events: {before}; {offer}; events after the answer: {len(fired) - before}"

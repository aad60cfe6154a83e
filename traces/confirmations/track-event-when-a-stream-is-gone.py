"""A track that leaves a stream, and enters none, is not announced again.

#process-remote-tracks, step 2: a track event fires when the track begins to be received, or when a
stream was added that the track is in now. It was received before, and lost one of two streams.
"""

import webrtc

SPECIFIED = "two streams: track; one of them: no event"


async def seen() -> str:
    """The events of both offers."""
    offerer = webrtc.RTCPeerConnection()
    first, second = webrtc.MediaStream(), webrtc.MediaStream()
    init = webrtc.RTCRtpTransceiverInit(streams=[first, second])
    transceiver = offerer.add_transceiver("audio", init)
    pc = webrtc.RTCPeerConnection()
    told = []
    for when, streams in (("two streams", (first, second)), ("one of them", (second,))):
        fired = []
        pc.on("track", fired.append)
        transceiver.sender.set_streams(*streams)
        await offerer.set_local_description()
        await pc.set_remote_description(offerer.local_description)
        told.append(f"{when}: {'track' if fired else 'no event'}")
        await pc.set_local_description()
        await offerer.set_remote_description(pc.local_description)
    return "; ".join(told)

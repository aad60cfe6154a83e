"""track events fire in the order of the m-sections.

#set-description, 4.6.11.2: the steps run for each m-section of the description in turn, and append
to trackEventInits; 4.6.20 fires in that order.
"""

import webrtc

SPECIFIED = "audio, video"


async def seen() -> str:
    """The order of the events."""
    offerer = webrtc.RTCPeerConnection()
    offerer.add_transceiver("audio")
    offerer.add_transceiver("video")
    offer = await offerer.create_offer()
    pc = webrtc.RTCPeerConnection()
    pc.add_track(webrtc.MediaStreamTrackGenerator("video"))
    pc.add_track(webrtc.MediaStreamTrackGenerator("audio"))
    order = []
    pc.on("track", lambda event: order.append(event.track.kind.value))
    await pc.set_remote_description(offer)
    return ", ".join(order)

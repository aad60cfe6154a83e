"""A rollback fires no track event for a transceiver that the rolled back offer stopped.

The offer rejects the m-section, which stops the transceiver (#set-description, 4.7.11.2.15); the
rollback does not undo it, and sets a transceiver back to before, and processes its remote track,
only if it is not stopped (4.7.12.3.6).
"""

import re

import webrtc

SPECIFIED = "stopped; rolled back: no track event, stopped"


async def seen() -> str:
    """What the offer and its rollback lead to."""
    offerer = webrtc.RTCPeerConnection()
    offerer.add_track(webrtc.MediaStreamTrackGenerator("audio"), webrtc.MediaStream())
    await offerer.set_local_description()
    pc = webrtc.RTCPeerConnection()
    await pc.set_remote_description(offerer.local_description)
    await pc.set_local_description()
    (transceiver,) = pc.get_transceivers()
    sdp = re.sub(r"m=audio \d+ ", "m=audio 0 ", offerer.local_description.sdp)
    sdp = re.sub(r"a=group:BUNDLE.*\r\n", "", sdp)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("offer", sdp))
    offered = transceiver.current_direction.value
    fired = []
    pc.on("track", fired.append)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("rollback"))
    event = f"{'a' if fired else 'no'} track event"
    return f"{offered}; rolled back: {event}, {transceiver.current_direction.value}"

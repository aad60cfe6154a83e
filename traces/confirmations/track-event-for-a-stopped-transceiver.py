"""A rollback fires no track event for a transceiver that the rolled back offer stopped.

The offer rejects the m-section and so stops the transceiver (#set-description, 4.6.11.2.15), which
empties its receiver's streams and [[LastStableStateAssociatedRemoteMediaStreams]]
(#stop-the-rtcrtptransceiver, 6 and 7). The rollback processes the remote track with the latter
(4.6.12.3.6) and [[CurrentDirection]], null: it receives nothing and enters no stream, so that no
event is due (#process-remote-tracks, 2). The rollback does not undo the stopping.
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
    sdp = re.sub(r"a=(group:BUNDLE|msid:|ssrc:).*\r\n", "", sdp)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("offer", sdp))
    offered = transceiver.current_direction.value
    fired = []
    pc.on("track", fired.append)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("rollback"))
    event = f"{'a' if fired else 'no'} track event"
    return f"{offered}; rolled back: {event}, {transceiver.current_direction.value}"

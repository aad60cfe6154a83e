"""addTrack passes over the sender of a stopping transceiver.

#dom-rtcpeerconnection-addtrack, step 7: a sender is used again only if its transceiver's
[[Stopping]] is false; with no such sender, a new one is made (9). No step throws for it.
"""

import webrtc

SPECIFIED = "returned, 2 transceivers"


async def seen() -> str:
    """How addTrack ends, and what is there then."""
    pc = webrtc.RTCPeerConnection()
    pc.add_transceiver("audio").stop()
    end = "returned"
    try:
        pc.add_track(webrtc.MediaStreamTrackGenerator("audio"))
    except webrtc.InvalidAccessError as error:
        end = type(error).__name__
    count = len(pc.get_transceivers())
    return f"{end}, {count} transceiver{'' if count == 1 else 's'}"

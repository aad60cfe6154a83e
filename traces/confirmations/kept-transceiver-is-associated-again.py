"""A remote m-section does not take over a transceiver that an earlier remote offer created.

addTrack used the transceiver, so that the rollback keeps it (#set-description, 4.6.12.3.7). When
the same offer comes again, RFC 9429, applying a remote description, considers only transceivers
"that were added to the PeerConnection by addTrack": this one was not, and another one is created.
(web-platform-tests ask for the same one again.)
"""

import webrtc

SPECIFIED = "2 transceivers"


async def seen() -> str:
    """How many transceivers there are in the end."""
    offerer = webrtc.RTCPeerConnection()
    offerer.add_transceiver("audio")
    offer = await offerer.create_offer()
    pc = webrtc.RTCPeerConnection()
    await pc.set_remote_description(offer)
    pc.add_track(webrtc.MediaStreamTrackGenerator("audio"))
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("rollback"))
    await pc.set_remote_description(offer)
    many = len(pc.get_transceivers())
    return f"{many} transceiver{'' if many == 1 else 's'}"

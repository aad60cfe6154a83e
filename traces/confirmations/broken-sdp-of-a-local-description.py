"""setLocalDescription compares an sdp with the created one before it is read as SDP.

#dom-rtcpeerconnection-setlocaldescription, 4.2 and 4.3: an sdp that is not the last created one is
rejected with InvalidModificationError. Syntax is looked at later (#set-description, 4.5.3).
"""

import webrtc

SPECIFIED = "offer: InvalidModificationError; answer: InvalidModificationError"


async def _end(kind: str) -> str:
    pc = webrtc.RTCPeerConnection()
    if kind == "answer":
        remote = webrtc.RTCPeerConnection()
        remote.add_transceiver("audio")
        await pc.set_remote_description(await remote.create_offer())
    try:
        await pc.set_local_description(webrtc.RTCSessionDescriptionInit(kind, "v=0\r\n"))
    except webrtc.OperationError:
        return "OperationError"  # RTCError, whose name this is
    except webrtc.RTCException as error:
        return type(error).__name__
    return "resolved"


async def seen() -> str:
    """How setLocalDescription of each type ends."""
    return f"offer: {await _end('offer')}; answer: {await _end('answer')}"

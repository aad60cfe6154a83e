"""An answer that was refused leaves no trace: one that fits is applied after it.

#set-description, 4.5: a description that cannot be applied is rejected, and the steps end there.
JSEP 5.10: "If an error is returned, the session MUST be restored to the state it was in". The
first answer accepts and bundles an m-section that was offered rejected; the second rejects it.
"""

import re

import webrtc

SPECIFIED = "InvalidAccessError, resolved, stable"


async def _end(pc: webrtc.RTCPeerConnection, sdp: str) -> str:
    try:
        await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("answer", sdp))
    except webrtc.OperationError:
        return "OperationError"
    except webrtc.RTCException as error:
        return type(error).__name__
    return "resolved"


async def seen() -> str:
    """How both answers end, and the state then."""
    pc = webrtc.RTCPeerConnection()
    remote = webrtc.RTCPeerConnection()
    transceiver = pc.add_transceiver("audio")
    for stop in (False, True):
        if stop:
            transceiver.stop()
        await pc.set_local_description()
        await remote.set_remote_description(pc.local_description)
        await remote.set_local_description()
        if not stop:
            await pc.set_remote_description(remote.local_description)
    sdp = remote.local_description.sdp
    mid = re.search(r"a=mid:(\S+)", sdp)[1]
    accepting = sdp.replace("m=audio 0 ", "m=audio 9 ")
    accepting = accepting.replace("t=0 0\r\n", f"t=0 0\r\na=group:BUNDLE {mid}\r\n")
    refused = await _end(pc, accepting)
    return f"{refused}, {await _end(pc, sdp)}, {pc.signaling_state.value}"

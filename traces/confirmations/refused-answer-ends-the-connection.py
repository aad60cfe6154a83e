"""After an answer was refused, the local offer can be rolled back, and another one made.

#set-description, 4.5: a description that cannot be applied is rejected, and the steps end there;
RFC 9429, 5.10: the session is restored to the state it was in. That is have-local-offer, where a
rollback (#set-description, 4.6.12) leads to stable. The answer bundles what was not bundled.
"""

import re
from collections.abc import Awaitable
from typing import Any

import webrtc

SPECIFIED = "answer InvalidAccessError, rollback resolved, offer resolved"


async def _end(outcome: Awaitable[Any]) -> str:
    try:
        await outcome
    except webrtc.OperationError:
        return "OperationError"  # RTCError, whose name this is
    except webrtc.RTCException as error:
        return type(error).__name__
    return "resolved"


async def seen() -> str:
    """How the answer, a rollback and another offer end."""
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
    answer = webrtc.RTCSessionDescriptionInit("answer", accepting)
    refused = await _end(pc.set_remote_description(answer))
    rollback = webrtc.RTCSessionDescriptionInit("rollback")
    rolled_back = await _end(pc.set_local_description(rollback))
    offered = await _end(pc.set_local_description())
    return f"answer {refused}, rollback {rolled_back}, offer {offered}"

"""setRemoteDescription can roll back a local offer, setLocalDescription a remote one.

#set-description, step 2, refuses a rollback in stable, have-local-pranswer and
have-remote-pranswer only. RFC 9429, 5.7: "The effect of rollback MUST be the same regardless of
whether setLocalDescription or setRemoteDescription is called." (web-platform-tests ask for
InvalidStateError.)
"""

from collections.abc import Awaitable, Callable

import webrtc

SPECIFIED = "a local offer: stable; a remote offer: stable"


async def _after(
    pc: webrtc.RTCPeerConnection,
    method: Callable[[webrtc.RTCSessionDescriptionInit], Awaitable[None]],
) -> str:
    try:
        await method(webrtc.RTCSessionDescriptionInit("rollback"))
    except webrtc.RTCException as error:
        return type(error).__name__
    return str(pc.signaling_state.value)


async def seen() -> str:
    """What both rollbacks lead to."""
    offerer = webrtc.RTCPeerConnection()
    answerer = webrtc.RTCPeerConnection()
    offerer.add_transceiver("audio")
    await offerer.set_local_description()
    await answerer.set_remote_description(offerer.local_description)
    local = await _after(offerer, offerer.set_remote_description)
    remote = await _after(answerer, answerer.set_local_description)
    return f"a local offer: {local}; a remote offer: {remote}"

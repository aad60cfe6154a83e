"""The rollback of a remote offer leaves nothing to negotiate: no negotiationneeded.

#set-description, 4.6.12.3.7: the transceiver that the offer made is stopped and removed.
#dfn-check-if-negotiation-is-needed: without transceivers and data channels nothing remains to
be negotiated, so that #dfn-update-the-negotiation-needed-flag ends in 2.4, with no event.
"""

import asyncio

import webrtc

SPECIFIED = "signalingstatechange in stable, setRemoteDescription"


async def seen() -> str:
    """The events of the rollback, and its end."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    pc = webrtc.RTCPeerConnection()
    told = []
    await pc.set_remote_description(await remote.create_offer())
    for name in ("signalingstatechange", "negotiationneeded"):
        pc.on(name, lambda event: told.append(f"{event.type} in {pc.signaling_state.value}"))
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("rollback"))
    told.append("setRemoteDescription")
    await asyncio.sleep(0.5)
    return ", ".join(told)

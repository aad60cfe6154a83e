"""A rollback undoes the pending offer.

#set-description, 4.6.12.4: the pending descriptions are set to null and [[SignalingState]] to
stable.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "stable without a description"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The state, and the kind of description that is left, after a rollback that was accepted."""
    pc = connection()
    pc.addTransceiver("audio")
    await pc.setLocalDescription(await pc.createOffer())
    try:
        await pc.setLocalDescription(RTCSessionDescription(sdp="", type="rollback"))
        left = pc.localDescription
        told = f"{pc.signalingState} " + (
            f"with a {left.type}" if left else "without a description"
        )
    except Exception as error:
        told = type(error).__name__
    await pc.close()
    return told

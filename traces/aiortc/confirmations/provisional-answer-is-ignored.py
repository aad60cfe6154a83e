"""A remote provisional answer changes the state to have-remote-pranswer.

#set-description, 4.6.6.3: [[SignalingState]] is set to have-remote-pranswer.
"""

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

SPECIFIED = "have-remote-pranswer"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The state after a provisional answer."""
    offering, answering = connection(), connection()
    offering.addTransceiver("audio")
    offer = await offering.createOffer()
    await offering.setLocalDescription(offer)
    await answering.setRemoteDescription(offer)
    answer = await answering.createAnswer()
    await offering.setRemoteDescription(RTCSessionDescription(sdp=answer.sdp, type="pranswer"))
    state = offering.signalingState
    await offering.close()
    await answering.close()
    return state

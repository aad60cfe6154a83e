"""An answer whose m-sections do not fit the offer's is refused with InvalidAccessError.

#set-description, 4.5.6: if the content of description is invalid, reject with a newly created
InvalidAccessError.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "InvalidAccessError"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The error of an answer with one m-section too many."""
    offering, answering = connection(), connection()
    offering.addTransceiver("audio")
    await offering.setLocalDescription(await offering.createOffer())
    other = connection()
    other.addTransceiver("audio")
    other.addTransceiver("video")
    await answering.setRemoteDescription(await other.createOffer())
    answer = await answering.createAnswer()
    try:
        await offering.setRemoteDescription(answer)
        told = "no error"
    except Exception as error:
        told = type(error).__name__
    for each in (offering, answering, other):
        await each.close()
    return told

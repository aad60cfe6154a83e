"""The offer of a transceiver without streams names no stream: a=msid:- and the track's id.

JSEP, 5.2.1: for each MediaStream that was associated with the transceiver an a=msid line; if there
is none, one with `-`. addTransceiver(kind) associates none (#dom-rtcpeerconnection-addtransceiver).
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "no stream"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The stream in the offer's msid."""
    pc = connection()
    pc.addTransceiver("audio")
    offer = await pc.createOffer()
    (msid,) = (line for line in offer.sdp.splitlines() if line.startswith("a=msid:"))
    await pc.close()
    return "no stream" if msid.startswith("a=msid:- ") else "a stream"

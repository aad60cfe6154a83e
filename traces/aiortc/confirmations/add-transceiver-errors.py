"""addTransceiver throws a TypeError for what is no kind, and takes the direction `stopped`.

#dom-rtcpeerconnection-addtransceiver: if kind is not a legal kind, throw a TypeError. The direction
is an RTCRtpTransceiverDirection, and no step refuses stopped.
"""

from aiortc import RTCConfiguration, RTCPeerConnection

SPECIFIED = "video1: TypeError; stopped: no error"


def connection() -> RTCPeerConnection:
    """A connection that asks no server."""
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def seen() -> str:
    """The errors of a wrong kind and of a direction."""
    pc, told = connection(), []
    for kind, init in (("video1", {}), ("audio", {"direction": "stopped"})):
        try:
            pc.addTransceiver(kind, **init)
            name = "no error"
        except Exception as error:
            name = type(error).__name__
        told.append(f"{init.get('direction', kind)}: {name}")
    await pc.close()
    return "; ".join(told)

"""setConfiguration refuses the rtcpMuxPolicy "negotiate".

#rtcrtcpmuxpolicy-enum: "require" is the only value that there is, since 2019 and in the
Recommendation too. What is no value of an enum is a TypeError of WebIDL, before any step of
setConfiguration could compare it with what was given before (#set-pc-configuration, 3.5).
"""

import webrtc

SPECIFIED = "TypeError"


async def seen() -> str:
    """How setConfiguration ends."""
    pc = webrtc.RTCPeerConnection()
    configuration = webrtc.RTCConfiguration()
    configuration.rtcp_mux_policy = "negotiate"
    try:
        pc.set_configuration(configuration)
    except (TypeError, AttributeError, webrtc.RTCException) as error:
        return type(error).__name__
    return "it is taken"

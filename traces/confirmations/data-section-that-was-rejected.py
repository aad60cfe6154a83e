"""A matter of reading: a data channel whose m-section was rejected.

#dfn-check-if-negotiation-is-needed, 4, asks for an m-section that "has been negotiated yet for
data", and does not say whether a rejected one counts; JSEP 5.2.2 lets transceivers recycle a
rejected m-section, and does not speak of data. To the letter: no event, and a new m-section.
"""

import asyncio
import re

import webrtc

SPECIFIED = "no negotiationneeded; m-sections: audio, application, application"


async def seen() -> str:
    """Whether the event fires, and the m-sections of the next offer."""
    remote = webrtc.RTCPeerConnection()
    remote.add_transceiver("audio")
    remote.create_data_channel("theirs")
    sdp = (await remote.create_offer()).sdp
    pc = webrtc.RTCPeerConnection()
    sdp = sdp.replace("m=application 9", "m=application 0")
    sdp = re.sub(r"(a=group:BUNDLE \S+).*\r\n", r"\1\r\n", sdp)
    await pc.set_remote_description(webrtc.RTCSessionDescriptionInit("offer", sdp))
    pc.create_data_channel("ours")
    fired = []
    pc.on("negotiationneeded", fired.append)
    await pc.set_local_description()
    await asyncio.sleep(0.5)
    await pc.set_local_description()
    kinds = re.findall(r"^m=(\w+)", pc.local_description.sdp, re.MULTILINE)
    return f"{'' if fired else 'no '}negotiationneeded; m-sections: {', '.join(kinds)}"

"""The ids of RTP header extensions in an offer that was rolled back bind nobody.

#set-description: a rollback takes the connection back to the last stable state, in which there is
no m-section 1, and no extension with the id 2: the remote end offered one, and the answer left it
out (RFC 8285, section 7: only what is in offer and answer is in use). The remote end offers the
same extension with the same id again, which is taken where no local offer was made and rolled back.
"""

from __future__ import annotations

from typing import Any

import webrtc

SPECIFIED = "it is taken"

_FINGERPRINT = ":".join(["AA"] * 32)
_CODECS = {"audio": ("111", "opus/48000/2"), "video": ("96", "VP8/90000")}


def _section(mid: int, kind: str) -> list[str]:
    payload, codec = _CODECS[kind]
    levels = "a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level"
    return [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {payload}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        "a=sendrecv",
        "a=rtcp-mux",
        "a=ice-ufrag:abcd",
        "a=ice-pwd:abcdefghijklmnopqrstuvwx",
        f"a=fingerprint:sha-256 {_FINGERPRINT}",
        "a=setup:actpass",
        "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid",
        *([levels] if mid == 0 else []),
        f"a=rtpmap:{payload} {codec}",
    ]


def _offered(version: int, *kinds: str) -> Any:
    """A remote offer with sections of these kinds, the first with an extension as id 2."""
    mids = " ".join(str(mid) for mid in range(len(kinds)))
    lines = ["v=0", f"o=- 1 {version} IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
    for mid, kind in enumerate(kinds):
        lines += _section(mid, kind)
    sdp = "\r\n".join([*lines, ""])
    return webrtc.RTCSessionDescriptionInit.from_json({"type": "offer", "sdp": sdp})


async def _taken(*, offers_and_rolls_back: bool) -> str:
    pc = webrtc.RTCPeerConnection()
    await pc.setRemoteDescription(_offered(1, "audio"))
    await pc.setLocalDescription()
    pc.addTransceiver("video")
    if offers_and_rolls_back:
        await pc.setLocalDescription()  # another extension is offered with the id 2 for the video
        rollback = webrtc.RTCLocalSessionDescriptionInit.from_json({"type": "rollback"})
        await pc.setLocalDescription(rollback)
    try:
        await pc.setRemoteDescription(_offered(2, "audio", "video"))
    except Exception as error:
        return type(error).__name__
    finally:
        pc.close()
    return SPECIFIED


async def seen() -> str:
    """What this stack does."""
    without = await _taken(offers_and_rolls_back=False)
    if without != SPECIFIED:
        return f"without a rollback: {without}"
    return await _taken(offers_and_rolls_back=True)

"""What tests with Playwright share: the Chromium that is here, and scripts of pages that call."""

from __future__ import annotations

from typing import Any

import pytest

from negotiation.conformance.stacks.registry import MissingStackError, row

ADDRESS = "http://page.test/"

CALL = """async () => {
    const a = new RTCPeerConnection(), b = new RTCPeerConnection();
    a.addTransceiver("audio");
    await a.setLocalDescription();
    await b.setRemoteDescription(a.localDescription);
    await b.setLocalDescription();
    await a.setRemoteDescription(b.localDescription);
}"""

LATE_ANSWER = """async () => {
    const pc = new RTCPeerConnection();
    pc.addTransceiver("audio");
    const offer = await pc.createOffer();
    await pc.setRemoteDescription({type: "answer", sdp: offer.sdp}).catch(() => null);
}"""

_ARGUMENTS = (
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--js-flags=--expose-gc",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
)


def launch() -> dict[str, Any]:
    """How Playwright launches the Chromium that is here; skips where there is none."""
    pytest.importorskip("playwright", reason="Playwright is not installed (pip install playwright)")
    try:
        executable = str(row("chromium").located())
    except MissingStackError as missing:
        pytest.skip(str(missing))
    return {"executable_path": executable, "args": list(_ARGUMENTS)}

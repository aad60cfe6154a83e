"""What the scripts need of GStreamer: a webrtcbin whose promises are awaited, and SDP texts."""

from __future__ import annotations

import threading
from typing import Any

import gi

for namespace in ("Gst", "GstSdp", "GstWebRTC"):
    gi.require_version(namespace, "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

Gst.init(None)

CAPS = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000",
    "video": "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
}
FORMATS = {"audio": "111\r\na=rtpmap:111 opus/48000/2", "video": "96\r\na=rtpmap:96 VP8/90000"}
FINGERPRINT = "sha-256 " + ":".join(f"{n:02X}" for n in range(32))
TRANSPORT = (
    "a=ice-ufrag:12345678\r\na=ice-pwd:123456789012345678901234\r\n"
    f"a=fingerprint:{FINGERPRINT}\r\na=setup:actpass\r\n"
)


class Peer:
    """A webrtcbin that plays. `events`: its signals, and the replies to its promises, in order."""

    def __init__(self) -> None:
        self.bin = Gst.ElementFactory.make("webrtcbin")
        self.bin.set_property("bundle-policy", "max-bundle")
        self.bin.set_property("ice-transport-policy", "relay")
        self.events: list[str] = []
        for signal in ("on-negotiation-needed", "notify::signaling-state"):
            self.bin.connect(signal, lambda *_, signal=signal: self.events.append(signal))
        self.pipeline = Gst.Pipeline.new()
        self.pipeline.add(self.bin)
        self.pipeline.set_state(Gst.State.PLAYING)
        self.quiet()

    def ask(self, signal: str, *given: Any) -> tuple[str, Any]:
        """Emits an action signal with a promise, and waits; gives the reply.

        It is ("offer" or "answer", the text), ("error", which GstWebRTCError), or ("", None).
        """
        over = threading.Event()
        replies: list[tuple[str, Any]] = []

        def changed(promise: Any, *_: Any) -> None:
            if signal != "get-stats":
                self.events.append(f"{signal} replied")
            # Read here: in PyGObject, what is in the reply does not outlive the promise.
            replies.append(told(promise.get_reply()))
            over.set()

        self.bin.emit(signal, *given, Gst.Promise.new_with_change_func(changed))
        if not over.wait(10):
            raise TimeoutError(signal)
        return replies[0]

    def quiet(self) -> None:
        """Waits until the PC thread has done what is queued, and what that has queued."""
        for _ in range(3):
            self.ask("get-stats", None)

    def add(self, kind: str, direction: str = "SENDRECV") -> Any:
        """Adds a transceiver of that kind."""
        way = getattr(GstWebRTC.WebRTCRTPTransceiverDirection, direction)
        return self.bin.emit("add-transceiver", way, Gst.Caps.from_string(CAPS[kind]))

    def create(self, what: str) -> Any:
        """Creates an "offer" or an "answer"; gives the GstWebRTCSessionDescription."""
        return text(*self.ask(f"create-{what}", None))

    def set(self, side: str, description: Any) -> str:
        """Sets the "local" or "remote" description; tells how that ended."""
        what, error = self.ask(f"set-{side}-description", description)
        return f"rejected ({error})" if what == "error" else "resolved"

    @property
    def state(self) -> str:
        """The signaling state."""
        return str(self.bin.get_property("signaling-state").value_nick)

    def transceivers(self) -> list[Any]:
        """The transceivers."""
        found: list[Any] = []
        while (each := self.bin.emit("get-transceiver", len(found))) is not None:
            found.append(each)
        return found


def told(reply: Any) -> tuple[str, Any]:
    """What a promise's reply says; see `Peer.ask`."""
    for what in ("offer", "answer"):
        if reply is not None and reply.has_field(what):
            return what, reply.get_value(what).sdp.as_text()
    if reply is not None and reply.has_field("error"):
        return "error", GstWebRTC.WebRTCError(reply.get_value("error").code).value_nick
    return "", None


def negotiate(offerer: Peer, answerer: Peer) -> None:
    """A whole negotiation."""
    offer = offerer.create("offer")
    offerer.set("local", offer)
    answerer.set("remote", offer)
    answer = answerer.create("answer")
    answerer.set("local", answer)
    offerer.set("remote", answer)
    offerer.quiet()
    answerer.quiet()


def section(
    kind: str, mid: int, direction: str = "sendrecv", port: int = 9, transport: str = TRANSPORT
) -> str:
    """An m-section."""
    return (
        f"m={kind} {port} UDP/TLS/RTP/SAVPF {FORMATS[kind]}\r\nc=IN IP4 0.0.0.0\r\na=mid:{mid}\r\n"
        f"a={direction}\r\na=rtcp-mux\r\n{transport}"
    )


def described(type: str, *sections: str) -> Any:
    """A GstWebRTCSessionDescription of these m-sections."""
    session = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    return text(type, session + "".join(sections))


def text(type: str, sdp: str) -> Any:
    """A GstWebRTCSessionDescription of this text."""
    result, message = GstSdp.SDPMessage.new_from_text(sdp)
    assert result == GstSdp.SDPResult.OK
    kind = getattr(GstWebRTC.WebRTCSDPType, type.upper())
    return GstWebRTC.WebRTCSessionDescription.new(kind, message)

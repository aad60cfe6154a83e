"""The adapter for `webrtcbin`, GStreamer's element for WebRTC, with the system's Python and `gi`.

How it works, read in its source (gst-plugins-bad 1.22.0, ext/webrtc/gstwebrtcbin.c) and seen in
experiments:

* The constructor is a `webrtcbin` in a pipeline of its own that is set to PLAYING, when listeners
  are there. With NULL to READY the element starts its PC thread; before, it says that it is closed.
  ICE gathers nothing (iceTransportPolicy `relay`, no servers: recordings hold no addresses).
* create-offer, create-answer, set-local-description and set-remote-description queue an operation
  for the PC thread, with a GstPromise. Operations run in their order, and nothing else in between:
  a GMainContext takes the place of the operations chain, and of the queued tasks. The reply comes
  in the PC thread, right after the operation.
* on-negotiation-needed and notify::signaling-state are emitted in the PC thread, without its lock.
* Scripts run in the PC thread, too: in the reply to a `get-stats`, which changes nothing.
* A transceiver is made by add-transceiver with caps, which are its codec preferences (payload
  type included); they need no pad, as long as nothing is sent. Without caps it has no kind, and
  gets no m-section.
* The default bundle-policy is `none`, which the specification does not have. `max-bundle` is what
  webrtcbin's own examples use.

What it has not is unsupported, and said here:

* addTrack, removeTrack, replaceTrack, setStreams, tracks and streams: "each input/output pad is
  equivalent to a Track"; a pad takes part when caps have arrived on it, which is media;
* the `track` event: "output pads ... are also created when data is received";
* setLocalDescription() that creates the description, or a type alone: a description has both;
* texts that are no SDP: a description holds a GstSDPMessage, and what makes one of a text is called
  by the application, and takes everything;
* rollback: the type can be named, and `_check_valid_state_for_sdp_change` has no row for it;
* addIceCandidate: the signal add-ice-candidate returns nothing and promises nothing, so that
  neither success nor failure can be known;
* stop, restartIce, createOffer's options ("TODO: use the options argument"), setConfiguration,
  setParameters, close (a signal of later versions: NULL is the end of the element, not a state);
* kinds that are neither audio nor video, the direction "stopped", and what create-data-channel has
  as preconditions (g_return_val_if_fail): C has no exceptions, and NULL tells no error.
* `current-direction` is registered under the id of `direction` before 1.26, and reads the same: the
  profile leaves it out, and it is not recorded.

Errors are of the domain GstWebRTCError, whose documentation says what they are in the
specification: INVALID_STATE and INVALID_MODIFICATION ("part of WebIDL specification"), TYPE_ERROR
("maps to JavaScript TypeError"), the values of RTCErrorDetailType, which an RTCError has, whose
name is OperationError. INTERNAL_FAILURE is a "GStreamer-specific failure, not matching any other
value from the specification", and keeps its own name.
"""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from ..scripting.peers import Fields, Method, Stack
from .running import Outcome
from .stdio import serve

gi: Any = importlib.import_module("gi")
for _namespace in ("Gst", "GstSdp", "GstWebRTC"):
    gi.require_version(_namespace, "1.0")
Gst: Any = importlib.import_module("gi.repository.Gst")
GstSdp: Any = importlib.import_module("gi.repository.GstSdp")
GstWebRTC: Any = importlib.import_module("gi.repository.GstWebRTC")

CAPS = {
    "audio": "application/x-rtp,media=audio,encoding-name=OPUS,payload=111,clock-rate=48000,"
    "encoding-params=(string)2",
    "video": "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000",
}
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
SIGNALS = {
    "negotiationneeded": "on-negotiation-needed",
    "signalingstatechange": "notify::signaling-state",
}
INIT = {
    "ordered": "ordered",
    "protocol": "protocol",
    "negotiated": "negotiated",
    "id": "id",
    "maxPacketLifeTime": "max-packet-lifetime",
    "maxRetransmits": "max-retransmits",
}
ERRORS = {
    "invalid-state": "InvalidStateError",
    "invalid-modification": "InvalidModificationError",
    "type-error": "TypeError",
    "data-channel-failure": "OperationError",
    "dtls-failure": "OperationError",
    "fingerprint-failure": "OperationError",
    "sctp-failure": "OperationError",
    "sdp-syntax-error": "OperationError",
    "hardware-encoder-not-available": "OperationError",
    "encoder-error": "OperationError",
}
"""The nick of a GstWebRTCError -> the error's name in the specification."""
BEGIN_SECONDS = 10.0


class Reply:
    """A GstPromise; `key` is the field of its reply that has the value.

    An `outcome` given from the beginning is told in the PC thread, from whatever thread is asked.
    """

    def __init__(self, key: str | None, outcome: Outcome | None = None) -> None:
        self._key = key
        self._outcome = outcome
        self._end: tuple[Any, BaseException | None] | None = None
        self.promise: Any = Gst.Promise.new_with_change_func(self._changed)

    def then(self, outcome: Outcome) -> None:
        """Tells the end, now if it has come already."""
        self._outcome = outcome
        if self._end is not None:
            outcome(*self._end)

    def _changed(self, promise: Any, *_: Any) -> None:
        self.promise = None  # each would keep the other
        if promise.wait() != Gst.PromiseResult.REPLIED:
            return
        reply = promise.get_reply()
        error = reply.get_value("error") if reply and reply.has_field("error") else None
        value = None
        if reply and self._key and error is None:
            # Its text is read now: in PyGObject, it does not outlive the reply.
            made = described(reply.get_value(self._key))
            value = {"type": made.type, "sdp": made.sdp} if made else None
        self._end = (value, error)
        if self._outcome is not None:
            self._outcome(*self._end)


class Description:
    """A GstWebRTCSessionDescription, with the specification's names."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self.type = str(made.type.value_nick)

    @property
    def sdp(self) -> str:
        """The text."""
        return str(self._made.sdp.as_text())


def described(made: Any) -> Description | None:
    """The description that stands for this GstWebRTCSessionDescription."""
    return None if made is None else Description(made)


class Transceiver:
    """A transceiver, with the specification's names."""

    def __init__(self, made: Any) -> None:
        self.made = made
        kind = made.get_property("kind").value_nick
        self.receiver = SimpleNamespace(track=SimpleNamespace(kind=kind))

    @property
    def direction(self) -> str:
        """The direction."""
        return str(self.made.get_property("direction").value_nick)

    @property
    def mid(self) -> str | None:
        """The mid."""
        mid: str | None = self.made.get_property("mid")
        return mid

    currentDirection = None  # noqa: N815 - the attribute's own name; see above


class Connection:
    """A `webrtcbin` in a pipeline of its own, with the specification's names."""

    def __init__(self) -> None:
        self.element = Gst.ElementFactory.make("webrtcbin", None)
        self.element.set_property("bundle-policy", "max-bundle")
        self.element.set_property("ice-transport-policy", "relay")
        self._pipeline = Gst.Pipeline.new(None)
        self._pipeline.add(self.element)
        self._transceivers: list[Transceiver] = []

    def begin(self) -> None:
        """Starts the element, and waits until its thread has done what that queued."""
        self._pipeline.set_state(Gst.State.PLAYING)
        begun = threading.Event()
        self.soon(begun.set)
        if not begun.wait(BEGIN_SECONDS):
            raise RuntimeError("the PC thread of webrtcbin does not answer")

    def soon(self, body: Callable[[], None]) -> None:
        """Does `body` in the PC thread, after what is queued there."""
        reply = Reply(None, lambda value, error: body())
        self.element.emit("get-stats", None, reply.promise)

    def ask(self, key: str | None, signal: str, *given: Any) -> Reply:
        """Emits an action signal whose last argument is a promise."""
        reply = Reply(key)
        self.element.emit(signal, *given, reply.promise)
        return reply

    def close(self) -> None:
        """Ends the element and its thread. Only for other threads."""
        self._pipeline.set_state(Gst.State.NULL)

    def getTransceivers(self) -> list[Transceiver]:  # noqa: N802 - the method's own name
        """The transceivers: the same objects each time."""
        made: list[Any] = []
        while (each := self.element.emit("get-transceiver", len(made))) is not None:
            made.append(each)
        return [self.transceiver(each) for each in made]

    def transceiver(self, made: Any) -> Transceiver:
        """The transceiver that stands for this GstWebRTCRTPTransceiver."""
        known = (each for each in self._transceivers if each.made is made)
        found = next(known, None)
        if found is None:
            found = Transceiver(made)
            self._transceivers.append(found)
        return found

    @property
    def signalingState(self) -> str:  # noqa: N802 - the attribute's own name
        """The signaling state."""
        return str(self.element.get_property("signaling-state").value_nick)

    def __getattr__(self, name: str) -> Any:
        """The descriptions: localDescription is local-description, and so on."""
        if not name.endswith("Description"):
            raise AttributeError(name)
        return described(self.element.get_property(re.sub(r"([A-Z])", r"-\1", name).lower()))


def _add_transceiver(connection: Connection, given: Fields) -> Transceiver:
    caps = Gst.Caps.from_string(CAPS[given["kind"]])
    direction = _direction(given.get("direction", "sendrecv"))
    return connection.transceiver(connection.element.emit("add-transceiver", direction, caps))


def _direction(name: str) -> Any:
    return getattr(GstWebRTC.WebRTCRTPTransceiverDirection, name.upper())


def _set_direction(connection: Connection, given: Fields) -> None:
    given["transceiver"].made.set_property("direction", _direction(given["direction"]))


def _create_data_channel(connection: Connection, given: Fields) -> Any:
    init = Gst.Structure.new_empty("application/x-data-channel")
    for name, value in (given.get("init") or {}).items():
        init.set_value(INIT[name], value)
    return connection.element.emit("create-data-channel", given["label"], init)


def _description(given: Fields) -> Any:
    told = given["description"]
    _, message = GstSdp.SDPMessage.new_from_text(told["sdp"])
    kind = getattr(GstWebRTC.WebRTCSDPType, told["type"].upper())
    return GstWebRTC.WebRTCSessionDescription.new(kind, message)


def _set_local_description(connection: Connection, given: Fields) -> Reply:
    return connection.ask(None, "set-local-description", _description(given))


def _set_remote_description(connection: Connection, given: Fields) -> Reply:
    return connection.ask(None, "set-remote-description", _description(given))


_METHODS: Mapping[str, Method] = {
    "addTransceiver": _add_transceiver,
    "direction": _set_direction,
    "createDataChannel": _create_data_channel,
    "createOffer": lambda connection, given: connection.ask("offer", "create-offer", None),
    "createAnswer": lambda connection, given: connection.ask("answer", "create-answer", None),
    "setLocalDescription": _set_local_description,
    "setRemoteDescription": _set_remote_description,
}


def _lacking(item: Fields) -> str | None:
    """What of this call webrtcbin has not."""
    args = item.get("args", {})
    for name in ("track", "streams", "options"):
        if args.get(name):
            return f"{item['call']} with {name}"
    if args.get("kind", "audio") not in CAPS:
        return f"the kind {args['kind']}"
    if args.get("direction", "sendrecv") not in DIRECTIONS:
        return f"the direction {args['direction']}"
    if item["call"] == "createDataChannel":
        return _lacking_init(args.get("init") or {})
    if item["call"] in ("setLocalDescription", "setRemoteDescription"):
        return _lacking_description(item["call"], item.get("description") or {})
    return None


def _lacking_init(init: Fields) -> str | None:
    both = "maxPacketLifeTime" in init and "maxRetransmits" in init
    number = init.get("id")
    if both or (init.get("negotiated") and not (isinstance(number, int) and 0 <= number < 65535)):
        return "createDataChannel against its preconditions"
    return None


def _lacking_description(method: str, source: Fields) -> str | None:
    if source.get("type") == "rollback":
        return "rollback"
    text = source.get("sdp")
    if not text and not any(source.get(key) for key in ("result", "of", "message")):
        return f"{method} without a text"
    if text and not source.get("type"):
        return f"{method} without a type"
    if text and not text.startswith("v="):
        return "a text that is no SDP"
    return None


class Webrtcbin(Stack):
    """The stack; see `GlibStack`."""

    lets_go = False  # a connection is this adapter's, with a thread of its own

    def __init__(self) -> None:
        Gst.init(None)
        self.methods: Mapping[str, Method] = _METHODS
        self.configuration: Fields = {"bundlePolicy": "max-bundle", "iceTransportPolicy": "relay"}
        self._version = self._plugin_version()

    def agent(self) -> str:
        """The element's name and its plugin's version."""
        return f"webrtcbin {self._version}"

    def _plugin_version(self) -> str:
        factory = Gst.ElementFactory.find("webrtcbin")
        if factory is None:
            raise SystemExit("GStreamer has no element webrtcbin here (gstreamer1.0-plugins-bad)")
        return str(factory.get_plugin().get_version())

    def lacks(self, item: Fields) -> str | None:
        """What of this call webrtcbin has not, although it has the call."""
        return _lacking(item)

    def lacks_event(self, event: str) -> bool:
        """Whether webrtcbin has no such event."""
        return event != "message" and event not in SIGNALS

    def connection(self) -> Connection:
        """A fresh peer connection, still to `begin()`."""
        return Connection()

    def listen(self, connection: Connection, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are; there is no `track`."""
        if event in SIGNALS:
            told = SimpleNamespace(type=event)
            connection.element.connect(SIGNALS[event], lambda *_: handler(told))

    def track(self, kind: str) -> Any:
        """There are none."""
        raise NotImplementedError

    def stream(self) -> Any:
        """There are none."""
        raise NotImplementedError

    def error_name(self, error: BaseException) -> str:
        """The error's name in the specification, where its documentation says which it is."""
        nick = GstWebRTC.WebRTCError(getattr(error, "code", -1)).value_nick
        return ERRORS.get(nick, f"GstWebRTCError.{nick}")


def main() -> None:
    """Runs the adapter."""
    serve(Webrtcbin())

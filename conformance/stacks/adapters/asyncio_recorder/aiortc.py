"""The adapter for `aiortc`: WebRTC in pure Python, with asyncio (PyPI `aiortc`).

How it delivers, read in its source (1.9.0, 1.16.0) and seen in experiments:

* A method that returns a promise in JavaScript is a coroutine function, and there is no operations
  chain: what two calls do may be mixed wherever one of them awaits. Python's way of not waiting
  for a coroutine is to make a task of it, and this adapter does the same, always: nothing happens
  in the call itself, and the coroutine begins in the next turn of the loop. One that is awaited
  would begin at once; there is nothing between that a script could read.
* Events are emitted (pyee) inside of the coroutine, in the middle of its work, and handlers run
  there and then. So what is read with an event is what the coroutine has done so far.
* A settlement is recorded when the coroutine ends, in the same turn of the loop: nothing that
  another one does can come between.
* There is no `negotiationneeded`. `track` tells the track alone: its transceiver is the one whose
  receiver has it, its streams are not told. There are no MediaStreams.
* Of the descriptions `localDescription` and `remoteDescription` can be read, and not the four that
  make them: recordings tell none. A script's invented text is made to fit what there is
  (`DescriptionSource`): for that, and nothing else, the private ones are looked at.
* `close` and `RTCRtpTransceiver.stop` are coroutine functions, where JavaScript's methods return
  nothing. They are begun at once, as if awaited, and their ends are not recorded. `replaceTrack`
  is a plain method where JavaScript's returns a promise: it is called in a task.

setLocalDescription gathers candidates before it returns. Nothing of the machine may be in a
recording, no packet may leave, and no server is to be waited for: connections have no ICE servers,
and aioice finds no addresses (`get_host_addresses` is replaced), as on a machine that has only
loopback, whose address it leaves out itself. Gathering takes all its steps, and ends with nothing.

The o= line of a description tells the second in which it was created, and nothing else that would
make two texts different: whether one offer has the text of another one would be chance. That clock
(`aiortc.clock.current_ntp_time`) stands still here, as if all happened within its second.

Errors have their own names. aiortc's InvalidStateError, InvalidAccessError and OperationError are
the DOMExceptions of these names; everything else (ValueError, TypeError, AttributeError,
AssertionError, aiortc's InternalError) is told as it is, as none stands for one error of the W3C.

What it lacks and says so: streams of addTrack and addTransceiver, options of createOffer, the
usernameFragment of a candidate, and before 1.10 setLocalDescription without a description.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.metadata
import inspect
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, NamedTuple

from .awaiting import start
from .running import Fields, Method, Stack
from .stdio import serve

aiortc: Any = importlib.import_module("aiortc")
aiortc_sdp: Any = importlib.import_module("aiortc.sdp")
clock: Any = importlib.import_module("aiortc.clock")
aioice: Any = importlib.import_module("aioice.ice")

_KINDS = {"audio": "AudioStreamTrack", "video": "VideoStreamTrack"}


class TrackEvent(NamedTuple):
    """A track event as the recorder knows it; streams are not told."""

    transceiver: Any
    streams: None = None


async def _as_task(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """What a task of it would do: it begins in the next turn of the loop."""
    await asyncio.sleep(0)
    return await coroutine


def _method(name: str, *keys: str) -> Method:
    """Makes the call with these arguments, each only where it was given."""

    def make(connection: Any, given: Fields) -> Any:
        return _as_task(getattr(connection, name)(*(given[key] for key in keys if key in given)))

    return make


def _add_transceiver(connection: Any, given: Fields) -> Any:
    track_or_kind = given["track"] if given.get("track") is not None else given.get("kind")
    return connection.addTransceiver(
        track_or_kind, **{key: given[key] for key in ("direction",) if key in given}
    )


def _set_direction(connection: Any, given: Fields) -> None:
    given["transceiver"].direction = given.get("direction")


def _stop(connection: Any, given: Fields) -> None:
    start(given["transceiver"].stop())


def _close(connection: Any, given: Fields) -> None:
    start(connection.close())


async def _replace_track(connection: Any, given: Fields) -> None:
    given["transceiver"].sender.replaceTrack(given.get("track"))


def _description(given: Fields) -> list[Any]:
    """The description that was given, with the default of the dictionary's `sdp`."""
    if "description" not in given:
        return []
    told = given["description"]
    return [aiortc.RTCSessionDescription(sdp=told.get("sdp", ""), type=told.get("type"))]


async def _set_local_description(connection: Any, given: Fields) -> None:
    await connection.setLocalDescription(*_description(given))


async def _set_remote_description(connection: Any, given: Fields) -> None:
    await connection.setRemoteDescription(*_description(given))


async def _add_ice_candidate(connection: Any, given: Fields) -> None:
    """As its documentation does it: the line is parsed, an empty one is the end of candidates."""
    told = given.get("candidate") or {}
    if not told.get("candidate"):
        await connection.addIceCandidate(None)
        return
    candidate = aiortc_sdp.candidate_from_sdp(told["candidate"].partition(":")[2])
    candidate.sdpMid = told.get("sdpMid")
    candidate.sdpMLineIndex = told.get("sdpMLineIndex")
    await connection.addIceCandidate(candidate)


def _in_a_task(coroutine_function: Method) -> Method:
    return lambda connection, given: _as_task(coroutine_function(connection, given))


_METHODS: Mapping[str, Method] = {
    "addTransceiver": _add_transceiver,
    "addTrack": lambda connection, given: connection.addTrack(given.get("track")),
    "stop": _stop,
    "direction": _set_direction,
    "replaceTrack": _in_a_task(_replace_track),
    "createDataChannel": lambda connection, given: connection.createDataChannel(
        given.get("label"), **given.get("init", {})
    ),
    "createOffer": _method("createOffer"),
    "createAnswer": _method("createAnswer"),
    "close": _close,
    "setLocalDescription": _in_a_task(_set_local_description),
    "setRemoteDescription": _in_a_task(_set_remote_description),
    "addIceCandidate": _in_a_task(_add_ice_candidate),
}


class Aiortc(Stack):
    """The stack; see `Stack`."""

    def __init__(self) -> None:
        aioice.get_host_addresses = lambda *args, **kwargs: []
        began = clock.current_ntp_time()
        clock.current_ntp_time = lambda: began
        self.methods: Mapping[str, Method] = _METHODS
        self.configuration: Fields = {"iceServers": []}
        self.events: Sequence[str] = ("signalingstatechange", "track")
        self.descriptions: Mapping[str, str] = {}
        set_local = inspect.signature(aiortc.RTCPeerConnection.setLocalDescription)
        given = set_local.parameters["sessionDescription"]
        self._creates_descriptions = given.default is not inspect.Parameter.empty

    def agent(self) -> str:
        """The name and version of the distribution."""
        return f"aiortc {importlib.metadata.version('aiortc')}"

    def lacks(self, item: Fields) -> str | None:
        """What the module's text says."""
        call, given, source = item.get("call"), item.get("args", {}), item.get("description") or {}
        if given.get("streams"):
            return f"streams of {call}"
        if given.get("options"):
            return f"options of {call}"
        if (given.get("candidate") or {}).get("usernameFragment") is not None:
            return "usernameFragment of a candidate"
        if call == "setLocalDescription" and not source and not self._creates_descriptions:
            return "setLocalDescription without a description"
        attribute = (source.get("of") or ("", "localDescription"))[1]
        if attribute.startswith(("pending", "current")):
            return attribute
        return None

    def connection(self) -> Any:
        """A fresh peer connection."""
        return aiortc.RTCPeerConnection(aiortc.RTCConfiguration(iceServers=[]))

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are."""

        def told(track: Any = None) -> None:
            handler(track if track is None else TrackEvent(_transceiver_of(connection, track)))

        connection.on(event, told)

    def kind(self, transceiver: Any) -> str:
        """Its own attribute: the receiver has no track before something is received."""
        return str(transceiver.kind)

    def description(self, connection: Any, attribute: str) -> Any:
        """The attribute, or what is private; see the module's text."""
        if not attribute.startswith(("pending", "current")):
            return getattr(connection, attribute)
        private = getattr(connection, f"_RTCPeerConnection__{attribute}")
        if private is None:
            return None
        return aiortc.RTCSessionDescription(sdp=str(private), type=private.type)

    def track(self, kind: str) -> Any:
        """A track of that kind that nobody reads."""
        return getattr(aiortc, _KINDS[kind])()

    def stream(self) -> Any:
        """There are none."""
        raise NotImplementedError("aiortc has no MediaStream")

    def error_name(self, error: BaseException) -> str:
        """The exception's own name."""
        return type(error).__name__


def _transceiver_of(connection: Any, track: Any) -> Any:
    every = connection.getTransceivers()
    return next(one for one in every if one.receiver.track is track)


def main() -> None:
    """Runs the adapter."""
    serve(Aiortc())

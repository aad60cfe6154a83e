"""The adapter for `wrtc`: libwebrtc with the W3C API in asyncio (PyPI `wrtc`, import `webrtc`).

How it delivers, read in its source (0.1.0) and seen in experiments:

* libwebrtc's threads post records to the loop's mailbox, and one callback of the loop (a "drain")
  runs them in order: events one after the other, until another callback is ready; completions
  alone, and only when no other callback is ready. So signalingstatechange and track, which the
  specification fires in one task, may come in two callbacks with others in between.
* A method that returns a promise in JavaScript is a coroutine function. Nothing of it happens until
  it is awaited, or a task for it begins. Then it runs at once as far as the first suspension: it
  converts its arguments, takes its place in the operations chain and, if the chain is empty, checks
  the state. An error in there is raised before anything was suspended. The native call comes a turn
  of the loop later, `await asyncio.sleep(0)` stands before it.
* A completion settles a future; the coroutine goes on in the next turn of the loop, applies what
  can be read of descriptions and transceivers, leaves the chain and returns. Callbacks that became
  ready since the event run before that: this is what the profile calls late. The next operation of
  the chain begins when the code that went on is over.
* signalingState changes with its event, mid and currentDirection and the descriptions with it or
  with the completion: never in the middle of a callback. getTransceivers() is up to date.
* negotiationneeded is held back while the chain has operations, and asked for again after it.
* After close() a pending operation ends with `CancelledError`.
* `on()` is all there is to register a handler; event handler attributes do not exist.

Connections have the iceTransportPolicy `relay`, and no servers: recordings hold no addresses.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Callable, Mapping
from typing import Any

from .running import Fields, Method, Stack
from .stdio import serve

webrtc: Any = importlib.import_module("webrtc")

_NAMES = {
    # Python has no undefined names to shadow, but names of its own: see webrtc.exceptions.
    "InvalidSyntaxError": "SyntaxError",
    "InvalidRangeError": "RangeError",
    # An RTCError is a DOMException with this name.
    "RTCError": "OperationError",
    # WebIDL's conversion to an enumeration throws a TypeError, Python's enum a ValueError.
    "ValueError": "TypeError",
}


def _only(given: Fields, *keys: str) -> list[Any]:
    return [given[key] for key in keys if key in given]


def _add_transceiver(connection: Any, given: Fields) -> Any:
    init = {key: given[key] for key in ("direction", "streams") if key in given}
    rest = [webrtc.RTCRtpTransceiverInit(**init)] if init else []
    return connection.addTransceiver(*_only(given, "track", "kind"), *rest)


def _set_direction(connection: Any, given: Fields) -> None:
    given["transceiver"].direction = given.get("direction")


async def _set_parameters(connection: Any, given: Fields) -> None:
    sender = given["transceiver"].sender
    await sender.setParameters(sender.getParameters())


def _create_data_channel(connection: Any, given: Fields) -> Any:
    init = [webrtc.RTCDataChannelInit.from_json(each) for each in _only(given, "init")]
    return connection.createDataChannel(*_only(given, "label"), *init)


# Dictionaries are converted inside of the call, so that a wrong one rejects the promise.


async def _create_offer(connection: Any, given: Fields) -> Any:
    options = [webrtc.RTCOfferOptions.from_json(each) for each in _only(given, "options")]
    return await connection.createOffer(*options)


async def _set_local_description(connection: Any, given: Fields) -> None:
    init = webrtc.RTCLocalSessionDescriptionInit
    described = [init.from_json(each) for each in _only(given, "description")]
    await connection.setLocalDescription(*described)


async def _set_remote_description(connection: Any, given: Fields) -> None:
    init = webrtc.RTCSessionDescriptionInit
    described = [init.from_json(each) for each in _only(given, "description")]
    await connection.setRemoteDescription(*described)


async def _add_ice_candidate(connection: Any, given: Fields) -> None:
    init = webrtc.RTCIceCandidateInit
    candidates = [init.from_json(each) for each in _only(given, "candidate")]
    await connection.addIceCandidate(*candidates)


def _set_configuration(connection: Any, given: Fields) -> None:
    dictionary = webrtc.RTCConfiguration
    connection.setConfiguration(
        *(dictionary.from_json(each) for each in _only(given, "configuration"))
    )


_METHODS: Mapping[str, Method] = {
    "addTransceiver": _add_transceiver,
    "addTrack": lambda connection, given: connection.addTrack(
        *_only(given, "track"), *given.get("streams", ())
    ),
    "removeTrack": lambda connection, given: connection.removeTrack(given["transceiver"].sender),
    "stop": lambda connection, given: given["transceiver"].stop(),
    "direction": _set_direction,
    "setStreams": lambda connection, given: given["transceiver"].sender.setStreams(
        *given.get("streams", ())
    ),
    "replaceTrack": lambda connection, given: given["transceiver"].sender.replaceTrack(
        given.get("track")
    ),
    "setParameters": _set_parameters,
    "createDataChannel": _create_data_channel,
    "createOffer": _create_offer,
    "createAnswer": lambda connection, given: connection.createAnswer(),
    "restartIce": lambda connection, given: connection.restart_ice(),
    "close": lambda connection, given: connection.close(),
    "setLocalDescription": _set_local_description,
    "setRemoteDescription": _set_remote_description,
    "addIceCandidate": _add_ice_candidate,
    "setConfiguration": _set_configuration,
}


class Wrtc(Stack):
    """The stack; see `Stack`."""

    def __init__(self) -> None:
        self.methods: Mapping[str, Method] = _METHODS
        self.configuration: Fields = {"iceTransportPolicy": "relay"}

    def agent(self) -> str:
        """The name and version of the distribution."""
        return f"wrtc {importlib.metadata.version('wrtc')}"

    def connection(self) -> Any:
        """A fresh peer connection."""
        return webrtc.RTCPeerConnection(webrtc.RTCConfiguration.from_json(self.configuration))

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are."""
        connection.on(event, handler)

    def track(self, kind: str) -> Any:
        """A track of that kind to which nobody writes frames."""
        return webrtc.MediaStreamTrackGenerator(kind)

    def stream(self) -> Any:
        """A new MediaStream."""
        return webrtc.MediaStream()

    def error_name(self, error: BaseException) -> str:
        """The name of the DOMException, or of the exception of JavaScript, that the error is."""
        name = type(error).__name__
        return _NAMES.get(name, name)


def main() -> None:
    """Runs the adapter."""
    serve(Wrtc())

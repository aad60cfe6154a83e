"""A peer connection in asyncio that does what the model does: for whoever watches connections.

It has the W3C's API, in Python's way. What is wrong with one is a mutation of the model, so that it
is known what has to be found of it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Callable
from typing import Any, NamedTuple

from negotiation.conformance.programs.descriptions import text_of
from negotiation.conformance.programs.model_stack import AS_STACK
from negotiation.conformance.programs.naming import named
from negotiation.model import (
    Arguments,
    Call,
    Candidate,
    Connection,
    Description,
    Direction,
    Event,
    Reject,
    Resolve,
    Return,
    SdpType,
    Specification,
    Throw,
)
from negotiation.model.attributes import TransceiverAttributes, transceiver_attributes
from negotiation.model.sdp import describe
from negotiation.model.specification import INTERNAL_CHANGE

_numbers = itertools.count(1)


class InvalidStateError(Exception):
    """The DOMException of that name, the one that the tests meet with."""


class Text(NamedTuple):
    """A session description."""

    type: str
    sdp: str


class Track(NamedTuple):
    """A track that is received."""

    kind: str
    id: str


class Told(NamedTuple):
    """A track event."""

    transceiver: Any
    streams: tuple[Any, ...] = ()


class Receiver(NamedTuple):
    """A receiver."""

    track: Track


class Sender:
    """A sender: there is nothing to send."""


class Transceiver:
    """A transceiver, by its name in the model."""

    def __init__(self, connection: RTCPeerConnection, name: str) -> None:
        self._connection = connection
        self._name = name
        self.sender = Sender()

    @property
    def receiver(self) -> Receiver:
        return Receiver(Track(self._read().kind, self._name))

    @property
    def mid(self) -> str | None:
        return self._read().mid

    @property
    def currentDirection(self) -> str | None:  # noqa: N802 - the attribute's own name
        return self._read().current_direction

    @property
    def direction(self) -> str:
        return self._read().direction

    @direction.setter
    def direction(self, value: str) -> None:
        arguments = Arguments(transceiver=self._name, direction=Direction(value))
        self._connection.made("direction", arguments)

    def stop(self) -> None:
        self._connection.made("stop", Arguments(transceiver=self._name))

    def _read(self) -> TransceiverAttributes:
        found = self._connection.state.transceiver(self._name)
        assert found is not None
        return transceiver_attributes(found)


class RTCPeerConnection:
    """The connection. `specification` is what it follows; who follows another one is broken."""

    specification = Specification(AS_STACK)

    def __init__(self) -> None:
        self.state: Connection = self.specification.initial()
        self._number = next(_numbers)
        self._texts: dict[str, Description] = {}
        self._named = 0
        self._calls = 0
        self._promises: dict[int, asyncio.Future[Description | None]] = {}
        self._handlers: defaultdict[str, list[Callable[[Any], Any]]] = defaultdict(list)
        self._parts: dict[str, Transceiver] = {}
        self._is_running = False

    # What can be read.

    @property
    def signalingState(self) -> str:  # noqa: N802
        return str(self.state.signaling_state)

    @property
    def localDescription(self) -> Text | None:  # noqa: N802
        return self._text(self.state.local_description)

    @property
    def currentLocalDescription(self) -> Text | None:  # noqa: N802
        return self._text(self.state.current_local_description)

    @property
    def currentRemoteDescription(self) -> Text | None:  # noqa: N802
        return self._text(self.state.current_remote_description)

    @property
    def pendingLocalDescription(self) -> Text | None:  # noqa: N802
        return self._text(self.state.pending_local_description)

    @property
    def pendingRemoteDescription(self) -> Text | None:  # noqa: N802
        return self._text(self.state.pending_remote_description)

    def getTransceivers(self) -> list[Transceiver]:  # noqa: N802
        return [self._part(one.id) for one in self.state.transceivers]

    def on(self, event: str, handler: Callable[[Any], Any]) -> None:
        self._handlers[event].append(handler)

    def off(self, event: str, handler: Callable[[Any], Any]) -> None:
        self._handlers[event].remove(handler)

    def event_names(self) -> set[str]:
        return {name for name, handlers in self._handlers.items() if handlers}

    # What can be called.

    def addTransceiver(self, kind: str, direction: str = "sendrecv") -> Transceiver:  # noqa: N802
        arguments = Arguments(kind=kind, direction=Direction(direction))
        return self._part(str(self.made("addTransceiver", arguments)))

    def createDataChannel(self, label: str) -> None:  # noqa: N802
        self.made("createDataChannel", Arguments())

    def close(self) -> None:
        self.made("close", Arguments())

    async def createOffer(self) -> Text:  # noqa: N802
        return self._text(await self._promised("createOffer", Arguments())) or Text("", "")

    async def createAnswer(self) -> Text:  # noqa: N802
        return self._text(await self._promised("createAnswer", Arguments())) or Text("", "")

    async def setLocalDescription(self, description: Text | None = None) -> None:  # noqa: N802
        arguments = Arguments()
        if description is not None:
            told = self._texts.get(description.sdp) or self._read_text(description)
            arguments = Arguments(type=SdpType(description.type), description=told)
        await self._promised("setLocalDescription", arguments)

    async def setRemoteDescription(self, description: Text | None) -> None:  # noqa: N802
        assert description is not None
        told = self._read_text(description) if description.sdp else None
        arguments = Arguments(type=SdpType(description.type), description=told)
        await self._promised("setRemoteDescription", arguments)

    async def addIceCandidate(self, candidate: dict[str, str]) -> None:  # noqa: N802
        told = Candidate(candidate["candidate"], sdp_mid=candidate["sdpMid"])
        await self._promised("addIceCandidate", Arguments(candidate=told))

    # How it is done.

    def made(self, method: str, arguments: Arguments) -> str | None:
        """Makes a call; gives what it returns."""
        self._calls += 1
        self.state = self.specification.call(self.state, Call(self._calls, method, arguments))[0]
        outcome = self.state.outcome
        _, self.state = next(iter(self.specification.successors(self.state)))
        if not self._is_running:
            asyncio.get_running_loop().call_soon(self._run)
        if isinstance(outcome, Throw):
            raise InvalidStateError(outcome.error)
        assert isinstance(outcome, Return)
        return outcome.value

    async def _promised(self, method: str, arguments: Arguments) -> Description | None:
        promise = asyncio.get_running_loop().create_future()
        self._promises[self._calls + 1] = promise
        self.made(method, arguments)
        found: Description | None = await promise
        return found

    def _run(self) -> None:
        """Does all that the model has to do, on the first schedule that it finds."""
        self._is_running = True
        while True:
            options = (
                one
                for one in self.specification.successors(self.state)
                if one[0] != INTERNAL_CHANGE
            )
            found = next(options, None)
            if found is None:
                break
            label, state = found
            self.state, self._named = named(state, f"P{self._number}n", self._named)
            self._happens(label)
        self._is_running = False

    def _happens(self, label: Any) -> None:
        if isinstance(label, Event):
            part = None if label.transceiver is None else self._part(label.transceiver)
            for handler in self._handlers[label.name]:
                handler(None if part is None else Told(part))
        elif isinstance(label, Resolve):
            self._promises.pop(label.call).set_result(self._bound(label.description))
        elif isinstance(label, Reject):
            self._promises.pop(label.call).set_exception(_error(label.error))

    def _bound(self, description: Description | None) -> Description | None:
        """A created description, with the names that it has got."""
        if description is None:
            return None
        made = (self.state.last_created_offer, self.state.last_created_answer)
        return next(
            (one for one in made if one is not None and one.type == description.type), description
        )

    def _text(self, description: Description | None) -> Text | None:
        if description is None:
            return None
        if description.sdp in self._texts:  # it came as a text
            return Text(str(description.type), description.sdp)
        known = (text for text, one in self._texts.items() if one.sdp == description.sdp)
        sdp = next(known, None) or text_of(description, self._number, self._named)
        self._texts[sdp] = description
        return Text(str(description.type), sdp)

    def _read_text(self, told: Text) -> Description:
        return describe(
            told.sdp, SdpType(told.type), sdp_name=told.sdp, ice_names=lambda pair: pair[0]
        )

    def _part(self, name: str) -> Transceiver:
        return self._parts.setdefault(name, Transceiver(self, name))


class Helpful(RTCPeerConnection):
    """One whose setLocalDescription() calls its own createOffer(), as aiortc's does."""

    async def createOffer(self) -> Text:  # noqa: N802
        return await super().createOffer()

    async def setLocalDescription(self, description: Text | None = None) -> None:  # noqa: N802
        await super().setLocalDescription(description or await self.createOffer())


def _error(name: str) -> Exception:
    error: Exception = type(name, (Exception,), {})("the model says so")
    return error


def following(specification: Specification) -> type[RTCPeerConnection]:
    """A class of connections that follow this specification."""
    return type("RTCPeerConnection", (RTCPeerConnection,), {"specification": specification})

"""One watched connection: what was observed of it, and the names of what it has.

What is observed must not be changed by observing: everything here only reads.
"""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple, ParamSpec

from ..traces import format
from .arguments import described, value_of
from .stacks import DESCRIPTIONS, PythonStack

MOST_OBSERVATIONS = 20_000
"""Of a test; then its recording is cut."""

P = ParamSpec("P")

_UFRAG = re.compile(r"(?:^a=ice-ufrag:| ufrag )(\S+)", re.MULTILINE)


class Log:
    """The observations of a test's connections, in their order."""

    def __init__(self) -> None:
        self.start = self.last = time.perf_counter()
        self.kept: list[tuple[Peer, format.AnyObservation]] = []
        self.calls = 0
        self.ended: Ended | None = None
        """Why nothing more is recorded."""

    def now(self) -> float:
        """Milliseconds since the test began to watch."""
        return round((time.perf_counter() - self.start) * 1000, 3)

    def keep(self, peer: Peer, observation: format.AnyObservation) -> None:
        """Takes down what was observed, unless nothing more is recorded."""
        if self.ended is not None:
            return
        if len(self.kept) >= MOST_OBSERVATIONS:
            self.end(peer, "cut", f"the recording has its most observations, {MOST_OBSERVATIONS}")
            return
        self.last = time.perf_counter()
        self.kept.append((peer, observation))

    def end(self, peer: Peer, trouble: format.Trouble, why: str) -> None:
        """Records nothing more, of any connection."""
        if self.ended is None:
            self.ended = Ended(peer, trouble, why)


class Ended(NamedTuple):
    """Whose recording was ended before its time, which ends all, and why."""

    peer: Peer
    trouble: format.Trouble
    why: str


def _safely(method: Callable[Concatenate[Peer, P], None]) -> Callable[Concatenate[Peer, P], None]:
    """The recorder's own work: the application must never meet with an error of it."""

    @functools.wraps(method)
    def done(self: Peer, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if self.log.ended is not None:
            return
        try:
            method(self, *args, **kwargs)
        except Exception as error:
            self.log.end(self, "failed", f"the recorder failed: {error!r}")

    return done


class Peer:
    """A peer connection that is watched. `number` counts them within a test, from 1."""

    def __init__(
        self, log: Log, connection: Any, stack: PythonStack, name: str | None, number: int
    ) -> None:
        self.log = log
        self.connection = connection
        self.stack = stack
        self.name = name
        self.number = number
        self.pending: dict[int, None] = {}
        self.made: set[str] = set()
        self.got: set[str] = set()
        self._names: dict[str, tuple[Any, str]] = {}
        self.begins_known = self._is_untouched()

    def _is_untouched(self) -> bool:
        connection = self.connection
        is_stable = value_of(connection.signalingState) == "stable"
        return is_stable and not connection.getTransceivers() and not connection.localDescription

    @property
    def is_closed(self) -> bool:
        """Whether nothing is to be expected any more."""
        return bool(value_of(self.connection.signalingState) == "closed")

    def met(self, text: str | None, *, local: bool) -> None:
        """Remembers whose credentials a text names, to find the two ends of a call."""
        (self.made if local else self.got).update(_UFRAG.findall(text or ""))

    def meets(self, other: Peer) -> bool:
        """Whether one of the two was given a description, or a candidate, of the other."""
        return bool(self.made & other.got or other.made & self.got)

    def scan(self) -> list[Any]:
        """The transceivers; new ones get names, in the order of getTransceivers()."""
        found = list(self.connection.getTransceivers())
        for each in found:
            self.name_of(each)
        return found

    def name_of(self, transceiver: Any) -> str:
        """The transceiver's name; objects are told apart by identity, and never let go."""
        for name, (known, _) in self._names.items():
            if known is transceiver:
                return name
        name = f"t{len(self._names) + 1}"
        self._names[name] = (transceiver, _kind_of(transceiver))
        return name

    def part_name(self, part: Any) -> str | None:
        """The name of a transceiver, or of a sender's; None of one that is another's."""
        for name, (known, _) in self._names.items():
            if known is part or known.sender is part:
                return name
        return None

    def call(self, method: str, args: Callable[[], format.Arguments]) -> int:
        """Records that a call is made; gives its number."""
        self.log.calls += 1
        self._called(self.log.calls, method, args)
        return self.log.calls

    @_safely
    def _called(self, call: int, method: str, args: Callable[[], format.Arguments]) -> None:
        self.scan()
        told = args()
        if told.description is not None:
            self.met(told.description.sdp, local=method == "setLocalDescription")
        if told.candidate is not None:
            text, ufrag = told.candidate.candidate, told.candidate.usernameFragment
            self.met(f"{text} ufrag {ufrag}" if ufrag else text, local=False)
        self.keep(format.Call(**self._at(), id=call, method=method, args=told))

    @_safely
    def returned(self, call: int, method: str, value: Any) -> None:
        """Records that a call has returned."""
        state = self.reading()
        named = method in ("addTransceiver", "addTrack") and value is not None
        name = self.part_name(value) if named else None
        self.keep(format.Return(**self._at(), call=call, value=name, state=state))

    @_safely
    def threw(self, call: int, error: BaseException) -> None:
        """Records that a call has raised."""
        self.keep(format.Throw(**self._at(), call=call, **self._failure(error)))

    @_safely
    def resolved(self, call: int, method: str, value: Any) -> None:
        """Records that an operation has succeeded."""
        self.pending.pop(call, None)
        made = self.connection.localDescription if method == "setLocalDescription" else value
        is_told = method in ("createOffer", "createAnswer", "setLocalDescription")
        description = described(made) if is_told else None
        if description is not None:
            self.met(description.sdp, local=True)
        state = self.reading()
        self.keep(format.Resolve(**self._at(), call=call, description=description, state=state))

    @_safely
    def rejected(self, call: int, error: BaseException) -> None:
        """Records that an operation has failed."""
        self.pending.pop(call, None)
        self.keep(format.Reject(**self._at(), call=call, **self._failure(error)))

    def _failure(self, error: BaseException) -> dict[str, Any]:
        name, message = self.stack.error_name(error), str(error) or None
        return {"error": name, "message": message, "state": self.reading()}

    @_safely
    def happened(self, name: str, transceiver: Any = None, streams: Any = None) -> None:
        """Records an event."""
        state = self.reading()
        told: dict[str, Any] = {"name": name}
        if transceiver is not None:
            told["transceiver"] = self.name_of(transceiver)
        if streams is not None:
            told["streams"] = tuple(str(one.id) for one in streams)
        self.keep(format.Event(**self._at(), state=state, **told))

    @_safely
    def idle(self, quiet: float, turns: int, canary: bool) -> None:
        """Records that it was quiet."""
        at = {**self._at(), "state": self.reading(), "pending": tuple(self.pending)}
        self.keep(format.Idle(**at, quiet=quiet, turns=turns, canary=canary))

    def keep(self, observation: format.AnyObservation) -> None:
        """Takes down what was observed."""
        self.log.keep(self, observation)

    def _at(self) -> dict[str, Any]:
        return {"n": 0, "t": self.log.now(), "peer": ""}

    def reading(self) -> format.Reading:
        """What can be read at this moment."""
        connection = self.connection
        return format.Reading(
            signalingState=str(value_of(connection.signalingState)),
            transceivers=tuple(self._row(each) for each in self.scan()),
            descriptions=self._types() if self.stack.descriptions else None,
        )

    def _types(self) -> format.Descriptions:
        read = {name: getattr(self.connection, f"{name}Description", None) for name in DESCRIPTIONS}
        return format.Descriptions(
            **{name: str(value_of(one.type)) for name, one in read.items() if one is not None}
        )

    def _row(self, transceiver: Any) -> format.TransceiverReading:
        name = self.name_of(transceiver)
        current = value_of(transceiver.currentDirection)
        return format.TransceiverReading(
            id=name,
            kind=self._names[name][1],
            direction=str(value_of(transceiver.direction)),
            mid=transceiver.mid,
            currentDirection=None if current is None else str(current),
        )


def _kind_of(transceiver: Any) -> str:
    """Its own attribute where there is one: aiortc's receivers have no track at first."""
    kind = getattr(transceiver, "kind", None) or transceiver.receiver.track.kind
    return str(value_of(kind))

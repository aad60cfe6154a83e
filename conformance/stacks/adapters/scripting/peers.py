"""A running program: its peers, what they are named, and where the work is done now.

What is observed must not be changed by observing: the recorder's listeners are the first ones
registered, they only read, and they never await. Attributes have the names of the specification.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from .media import Media

EVENTS = ("signalingstatechange", "negotiationneeded", "track")
DESCRIPTIONS = {
    "currentLocal": "currentLocalDescription",
    "currentRemote": "currentRemoteDescription",
    "pendingLocal": "pendingLocalDescription",
    "pendingRemote": "pendingRemoteDescription",
}

Fields = dict[str, Any]
Method = Callable[[Any, Fields], Any]
"""Makes a call: (the connection, the arguments as objects; what was left out is not in there)."""


class MissingError(Exception):
    """A script's call cannot be made, because what it refers to does not exist here."""


class Stack(Protocol):
    """What an adapter tells of its stack.

    What has a body here holds for a stack with the whole of the API; others say what they lack.
    """

    methods: Mapping[str, Method]
    """How the calls of the program language are made; one that is not there is unsupported."""

    configuration: Fields
    """The RTCConfiguration that connections are made with, and that setConfiguration keeps."""

    events: Sequence[str] = EVENTS
    """Which of `EVENTS` there are."""

    descriptions: Mapping[str, str] = DESCRIPTIONS
    """Which of `DESCRIPTIONS` can be read."""

    lets_go: bool = True
    """Whether a connection is the stack's object alone, so that letting it go means something."""

    def lacks(self, item: Fields) -> str | None:
        """What an item of a script needs, apart from its method, and the stack does not have."""
        return None

    def kind(self, transceiver: Any) -> str:
        """The kind of a transceiver."""
        return str(value_of(transceiver.receiver.track.kind))

    def description(self, connection: Any, attribute: str) -> Any:
        """What a connection's attribute says, for descriptions that are made from others."""
        return getattr(connection, attribute)

    def agent(self) -> str:
        """The stack's name and version."""

    def connection(self) -> Any:
        """A fresh peer connection."""

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are."""

    def track(self, kind: str) -> Any:
        """A new track of that kind, from no device."""

    def stream(self) -> Any:
        """A new MediaStream."""

    def error_name(self, error: BaseException) -> str:
        """The error's name in the specification."""


def value_of(value: Any) -> Any:
    """What is in an enumeration's member; everything else as it is."""
    return getattr(value, "value", value)


def type_of(description: Any) -> str | None:
    """The description's type; None where there is no description."""
    return None if description is None else value_of(description.type)


def text_of(description: Any) -> Fields | None:
    """A description's type and text."""
    if description is None or isinstance(description, dict):
        return description
    return {"type": value_of(description.type), "sdp": description.sdp}


class Place:
    """Where the work is done: `task` while in a task of the runner's, `within` in a handler."""

    def __init__(self) -> None:
        self.task: int | None = None
        self.within: str | None = None
        self._tasks = 0

    def during(self, task: int | None, within: str | None, body: Callable[[], Any]) -> Any:
        """Does `body` at that place."""
        before = (self.task, self.within)
        self.task, self.within = task, within
        try:
            return body()
        finally:
            self.task, self.within = before

    def new_task(self, body: Callable[[], Any]) -> Any:
        """Does `body` in a task with a new number."""
        self._tasks += 1
        return self.during(self._tasks, None, body)


class Run:
    """What all peers of a running program share."""

    def __init__(
        self,
        stack: Stack,
        program: Fields,
        media: Media,
        send: Callable[[Fields], None],
        options: Fields,
    ) -> None:
        self.stack = stack
        self.media = media
        self.options = options
        self.place = Place()
        self.results: dict[str, Any] = {}
        self.messages: dict[str, Fields] = {}
        self.sent: list[tuple[Peer | None, str]] = []
        self.count = 0
        self.calls = 0
        self.connections = len(program["peers"])
        self.start = self.last = time.perf_counter()
        self.over = False
        self._send = send
        self.peers = {name: Peer(self, name) for name in program["peers"]}

    def observed(self, observation: Fields) -> None:
        """Sends an observation, numbered and with its time."""
        self.count += 1
        self.last = time.perf_counter()
        t = round((self.last - self.start) * 1000, 3)
        self._send({"n": self.count, "t": t, **observation})

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are."""
        self.stack.listen(connection, event, handler)

    def should_settle(self) -> bool:
        """Whether a call is pending that should not be: those of closed connections may be."""
        return any(peer.pending and not peer.closed for peer in self.peers.values())


class Peer:
    """One peer connection, and the names of what it has."""

    def __init__(self, run: Run, name: str) -> None:
        self.run = run
        self.name = name
        self.names: dict[str, Any] = {}
        self.kinds: dict[str, str] = {}
        self.pending: dict[int, None] = {}
        self.flags: set[str] = set()
        self.sent = 0
        self.delivered = 0
        self.onmessage: Callable[[str], None] | None = None
        self.last_offer: Fields | None = None
        self.last_answer: Fields | None = None
        self.scripts = 0
        """Scripts that run, or await something: an application's would hold the connection."""
        self._held = run.stack.connection()
        self._weak = weakref.ref(self._held)
        for event in run.stack.events:
            run.listen(self._held, event, self._listener(event))

    @property
    def connection(self) -> Any:
        """The connection; None once it was let go and is no more."""
        return self._weak() if self._held is None else self._held

    def hold(self) -> None:
        """Holds the connection again, if it was let go and is there."""
        self._held = self.connection

    def let_go(self) -> None:
        """Holds the connection no longer.

        A connection with transceivers is held on: these are told apart by identity, and Python's
        wrappers of native objects have none unless they are held.
        """
        if self.run.stack.lets_go and self.scripts <= 1 and not self.names:
            self._held = None

    @property
    def closed(self) -> bool:
        """Whether nothing is to be expected of the connection."""
        connection = self.connection
        return connection is None or bool(value_of(connection.signalingState) == "closed")

    def scan(self) -> list[Any]:
        """The transceivers; those that are new get names, in the order of getTransceivers()."""
        connection = self.connection
        transceivers = [] if connection is None else list(connection.getTransceivers())
        for each in transceivers:
            self.name_of(each)
        return transceivers

    def name_of(self, transceiver: Any) -> str:
        """The transceiver's name. Objects are told apart by identity, and never let go."""
        for name, known in self.names.items():
            if known is transceiver:
                return name
        name = f"t{len(self.names) + 1}"
        self.names[name] = transceiver
        self.kinds[name] = self.run.stack.kind(transceiver)  # for good, and slow to read
        return name

    def transceiver(self, name: str) -> Any:
        """The transceiver of that name."""
        if name not in self.names:
            self.scan()
        if name not in self.names:
            raise MissingError(f"there is no transceiver {name}")
        return self.names[name]

    def did(self, kind: str, **fields: Any) -> None:
        """Records something that is done, where it is done: a call, a message, a remark."""
        if self.run.over:
            return
        if kind != "call":  # its return comes at once, and scans
            self.scan()
        place = self.run.place
        at = {"peer": self.name, "task": place.task, "within": place.within}
        self.run.observed({"kind": kind, **at, **fields})

    def saw(self, kind: str, named: Callable[[], Fields] | None = None, **fields: Any) -> None:
        """Records something that is seen, with what can be read at this moment.

        `named` gives fields that tell names of transceivers: all that there are have theirs then.
        """
        if self.run.over:
            return
        place = self.run.place
        at = {"peer": self.name, "task": place.task, "within": place.within}
        told = {"kind": kind, **at, **self._state(), **fields}
        self.run.observed(told if named is None else {**told, **named()})

    def _state(self) -> Fields:
        """What can be read; of a connection that is no more, nothing."""
        return {} if self.connection is None else {"state": self.reading()}

    def reading(self) -> Fields:
        """What can be read."""
        connection, readable = self.connection, self.run.stack.descriptions
        reading = {
            "signalingState": value_of(connection.signalingState),
            "transceivers": [self._transceiver_read(each) for each in connection.getTransceivers()],
        }
        if readable:
            reading["descriptions"] = {
                name: type_of(getattr(connection, attribute))
                for name, attribute in readable.items()
            }
        return reading

    def _transceiver_read(self, transceiver: Any) -> Fields:
        name = self.name_of(transceiver)
        return {
            "id": name,
            "kind": self.kinds[name],
            "direction": value_of(transceiver.direction),
            "mid": transceiver.mid,
            "currentDirection": value_of(transceiver.currentDirection),
        }

    def _listener(self, name: str) -> Callable[[Any], None]:
        def happened(event: Any) -> None:
            named = (lambda: self._track_fields(event)) if name == "track" else None
            self.saw("event", named, name=name, task=None)

        return happened

    def _track_fields(self, event: Any) -> Fields:
        fields: Fields = {"transceiver": self.name_of(event.transceiver)}
        if event.streams is not None:
            fields["streams"] = [self.run.media.name_of_stream(one) for one in event.streams]
        return fields

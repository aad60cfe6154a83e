"""What dumps tell, in one form: connections, each with its entries in the order of their happening.

A reader of a format (a module of this package, a row of `formats.py`) fills a `Dump` while it
reads. It keeps negotiation only, so that a dump of any size costs what its negotiations cost.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from negotiation.conformance.traces.format import Arguments, Stack
from negotiation.model import Side

SETTING: Mapping[str, Side] = {
    "setLocalDescription": Side.LOCAL,
    "setRemoteDescription": Side.REMOTE,
}
"""The methods that set a description, and of which side."""

CREATING: Mapping[str, str] = {"createOffer": "offer", "createAnswer": "answer"}
"""The methods that create a description, and of which type."""

LARGEST_TEXT = 1 << 18
"""The longest SDP text, in characters, that is kept; longer ones are not known."""

LONGEST_WORD = 2_000
"""Characters that are kept of every other text."""

_UNNAMEABLE = re.compile(r"[^A-Za-z0-9_.:@-]")

LONGEST_NAME = 100
"""Characters of a connection's name that are kept."""

MOST_ENTRIES = 200_000
MOST_CONNECTIONS = 20_000
"""What is kept of one dump at most; then reading it ends, and the rest is not known."""


class BrokenOffError(Exception):
    """The dump cannot be read any further; the text says where and why, for people."""


class Given(msgspec.Struct, frozen=True):
    """A session description, as far as the dump tells it; None: it does not."""

    type: str | None = None
    sdp: str | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened; `time` is in milliseconds since the epoch (or any fixed moment)."""

    time: float


class Called(Entry, frozen=True, kw_only=True):
    """A method was called; `key` is the dump's own id of the call, if it has one.

    `description` is what set*Description was given (None: nothing, or not known), and not repeated
    in `arguments`.
    """

    method: str
    arguments: Arguments = Arguments()
    description: Given | None = None
    key: str | None = None


class Settled(Entry, frozen=True, kw_only=True):
    """The promise of a call settled: that of the `key`, or else the earliest open one of `method`.

    `error` is None where it was fulfilled; "" where it was rejected and the error's name is not
    known. `description` is what it was fulfilled with.
    """

    method: str
    key: str | None = None
    description: Given | None = None
    error: str | None = None
    message: str | None = None


class Fired(Entry, frozen=True, kw_only=True):
    """An event was dispatched; `signaling_state` is what the entry says of the state."""

    name: str
    signaling_state: str | None = None


class Noticed(Entry, frozen=True, kw_only=True):
    """What the dump says of the state at a moment in which nothing happened (a snapshot)."""

    signaling_state: str


class Remarked(Entry, frozen=True, kw_only=True):
    """A remark that explains the recording; nothing follows from it."""

    text: str


AnyEntry = Called | Settled | Fired | Noticed | Remarked


def tellable(entry: AnyEntry) -> AnyEntry:
    """The entry as a trace can tell it: in Unicode, at a time, with no text that never ends."""
    if not math.isfinite(entry.time):
        entry = msgspec.structs.replace(entry, time=0.0)
    try:
        if len(msgspec.json.encode(entry)) <= LONGEST_WORD:
            return entry
    except (ValueError, OverflowError, RecursionError):
        pass
    plain = _plain(msgspec.to_builtins(entry))
    return msgspec.convert(plain, type(entry), strict=False)


def _plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, name) for one in value]
    if isinstance(value, str):
        text = value.encode("utf-8", "replace").decode()
        if name == "sdp":
            return text if len(text) <= LARGEST_TEXT else None
        return text[:LONGEST_WORD]
    return value


class Connection:
    """One peer connection of a dump. `name` is what the dump calls it.

    `begins_unknown`: it was not seen from its construction on. `speaks_plan_b`: it has the
    semantics from before the specification. `ended` is until when the dump tells of it, in
    milliseconds since the epoch; None: until it ends itself. `in_force` are descriptions, by the
    methods that set them, of which only that is told; the other end is known by them as well.
    `recorder` is the one that told of it; "": the dump's.
    """

    def __init__(self, name: str, stack: Stack, profile: str) -> None:
        self.name = name
        self.stack = stack
        self.profile = profile
        self.recorder = ""
        self.begins_unknown = False
        self.speaks_plan_b = False
        self.entries: list[AnyEntry] = []
        self.is_closed = False
        self.ended: float | None = None
        self.in_force: list[tuple[str, Given]] = []


class Dump:
    """What was read of a dump so far; a reader fills it.

    `recorder` names the format and its generation. `resolution` is of its clock, in milliseconds.
    `ended` is the time of the last thing that the dump holds, statistics included. `broken_off`
    says why it could not be read to its end. A reader whose format tells things in another order
    than JavaScript's puts them in that.
    """

    def __init__(self) -> None:
        self.recorder = ""
        self.profile = ""
        self.stack = Stack("unknown")
        self.resolution = 1.0
        self.ended: float | None = None
        self.broken_off: str | None = None
        self.connections: dict[str, Connection] = {}
        self._latest: dict[str, str] = {}
        self._kept = 0
        self._names: dict[str, int] = {}

    def connection(self, name: str) -> Connection:
        """The connection of that name, the latest if there are several, from its first mention on.

        Raises:
            BrokenOffError: there are too many.
        """
        known = self.connections.get(self._latest.get(name, name))
        return self.another(name) if known is None else known

    def another(self, name: str) -> Connection:
        """A connection that has not been told of yet; from here on the name means this one.

        Raises:
            BrokenOffError: there are too many.
        """
        if len(self.connections) >= MOST_CONNECTIONS:
            raise BrokenOffError(f"more than {MOST_CONNECTIONS} connections")
        made = Connection(self._name(name), self.stack, self.profile)
        key = name
        while key in self.connections:
            key = f"{name}\n{len(self.connections)}"
        self.connections[key], self._latest[name] = made, key
        return made

    def _name(self, name: str) -> str:
        """What a connection is called: text that can be part of a file's name, and once only."""
        plain = _UNNAMEABLE.sub("_", name)[:LONGEST_NAME] or "connection"
        taken = self._names.get(plain, 0)
        self._names[plain] = taken + 1
        return plain if not taken else f"{plain}.{taken + 1}"

    def keep(self, connection: Connection, entry: AnyEntry) -> None:
        """Add what happened to a connection.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        self._kept += 1
        if self._kept > MOST_ENTRIES:
            raise BrokenOffError(f"more than {MOST_ENTRIES} entries about negotiation")
        connection.entries.append(tellable(entry))
        if isinstance(entry, Called) and entry.method == "close":
            connection.is_closed = True

    def last_at(self, time: float) -> None:
        """The dump tells something of that time."""
        if self.ended is None or time > self.ended:
            self.ended = time

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.connections.values())

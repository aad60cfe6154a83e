"""GStreamer's debug log: what webrtcbin does, at GST_DEBUG=webrtcbin:4 and more.

Read in its source (gst-plugins-bad 1.22, ext/webrtc/gstwebrtcbin.c) and tried:

* createOffer, createAnswer and set*Description are told when the element's own thread comes to
  them, not when they are called; operations run one after the other. Their failures are told, their
  successes are not: what has not failed when the next operation begins, or a while later, has
  succeeded.
* At level 7 (TRACE) the log has the texts of descriptions, the changes of the signaling state
  ("from stable to stable": both are the new one) and negotiationneeded. Without it, there are calls
  only.
* Of other calls only add-transceiver is told, at level 6. What is made through pads, data channels
  and candidates are not.
* Times are since the process began. Elements are told apart by process and name; where a name is
  used again, by the thread that an element has to itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from negotiation.conformance.traces.format import Arguments, Stack

from .entries import (
    LARGEST_TEXT,
    Called,
    Connection,
    Dump,
    Fired,
    Given,
    Noticed,
    Remarked,
    Settled,
)

TRACED = "webrtcbin-trace"
UNTRACED = "webrtcbin-log"

A_WHILE = 1000.0
"""Milliseconds after which an operation that has not failed has succeeded: it waits for nothing."""

LONGEST_LINE = 64 * 1024
"""Bytes of a line that are looked at."""

LONGEST_MESSAGE = 2000
"""Bytes of a message that are looked at; a text of SDP is not in one line."""

_COLOUR = re.compile(rb"\x1b\[[0-9;]*[mK]")
_LINE = re.compile(
    rb"^(\d+):(\d\d):(\d\d)\.(\d{9}) +(\d+) +(0x[0-9a-f]+|\(nil\)) +"
    rb"(ERROR|WARN|FIXME|INFO|DEBUG|LOG|TRACE|MEMDUMP) +(\S+) +"
    rb"\S*?:\d+:[\w-]*:(?:<([^>]*)>)? ?(.*)",
    re.DOTALL,
)
_HEAD = re.compile(
    rb"^\d+:\d\d:\d\d\.\d{9} +\d+ +(?:0x[0-9a-f]+|\(nil\)) +"
    rb"(?:ERROR|WARN|FIXME|INFO|DEBUG|LOG|TRACE|MEMDUMP)\b",
    re.MULTILINE,
)
_SDP_LINE = re.compile(rb"^[a-z]=")
_CREATING = re.compile(r"creating (offer|answer) sdp with options ")
_SETTING = re.compile(r"Attempting to set (local|remote) ([a-z]+) in the ([a-z-]+) state")
_CHANGE = re.compile(r"notify signaling-state from [a-z-]+ to ([a-z-]+)")
_CREATED = re.compile(
    r"created new transceiver .* with direction (\w+) \(.*kind (audio|video|unknown)"
)
_CONNECTIVITY = re.compile(r"(ICE|Peer) connection state change from \S+ to (connected|failed)\(")
_ERROR = "returning error: "
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_WRONG_STATE = ("Not in the correct state (", "Asked to create an answer without")


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is a log of GStreamer's."""
    # Colours stand before the spaces that fill a number up, or after them.
    return _HEAD.search(_COLOUR.sub(b"", head)) is not None


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the log.

    Raises:
        BrokenOffError: there is too much in it.
    """
    dump.stack = Stack("webrtcbin")
    dump.profile = UNTRACED
    dump.recorder = "GStreamer's log"
    dump.resolution = 0.001
    log = _Log(dump)
    for line in _lines(stream):
        log.takes(line)
    log.ends()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines, without colours; of a very long one only its beginning."""
    is_rest = False
    while line := stream.readline(LONGEST_LINE):
        if not is_rest:
            yield _COLOUR.sub(b"", line).rstrip(b"\r\n")
        is_rest = not line.endswith(b"\n")


class _Said(msgspec.Struct, frozen=True):
    """What one line says."""

    time: float
    process: str
    thread: str
    level: str
    element: str
    message: str


def _said(line: bytes) -> _Said | None:
    found = _LINE.match(line)
    if found is None:
        return None
    hours, minutes, seconds, nanoseconds = (int(found[at][:12]) for at in range(1, 5))
    time = ((hours * 60 + minutes) * 60 + seconds) * 1000 + nanoseconds / 1e6
    told = [
        (part or b"")[:LONGEST_MESSAGE].decode("utf-8", "replace") for part in found.groups()[4:]
    ]
    process, thread, level, category, element, message = told
    if category != "webrtcbin":
        element = ""
    return _Said(time, process, thread, level, element, message)


class _Element:
    """One webrtcbin: the operation that is running, and the state that it was last said to be in.

    `setting` is a set*Description whose text may still come; `has_changed` tells that the operation
    has changed the state already; `made` is what was said of the latest transceiver.
    """

    def __init__(self, connection: Connection, thread: str) -> None:
        self.connection = connection
        self.thread = thread
        self.state = "stable"
        self.running: Called | None = None
        self.has_changed = False
        self.setting: Called | None = None
        self.text: list[str] = []
        self.made: Arguments | None = None
        self.has_begun = False
        connection.begins_unknown = True


class _Log:
    """Takes line by line; what belongs to which element, and which text to which description."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._elements: dict[tuple[str, str], _Element] = {}
        self._every: list[tuple[str, _Element]] = []
        self._names: Counter[str] = Counter()
        self._lasts: dict[str, float] = {}
        self._traced: set[str] = set()
        self._told: _Element | None = None
        self._size = 0

    def takes(self, line: bytes) -> None:
        """A line."""
        if self._told is not None and _SDP_LINE.match(line):
            self._size += len(line)
            if self._size <= LARGEST_TEXT:
                self._told.text.append(line.decode("utf-8", "replace"))
            return
        self._told = None
        said = _said(line)
        if said is None:
            return
        self._lasts[said.process] = said.time
        if not said.element:
            return
        if said.level == "TRACE":
            self._traced.add(said.process)
        if said.message.startswith("SDP contents"):
            self._told, self._size = self._known(said), 0
            self._told.text = []
        else:
            self._of_element(said)

    def ends(self) -> None:
        """The log is over. Clocks of several processes do not compare: the earliest end counts."""
        if self._lasts:
            self._dump.last_at(min(self._lasts.values()))
        if self._told is not None:
            self._told.text = []  # the rest of the text may be missing
        for process, element in self._every:
            self._set_begins(element)
            last = self._lasts[process]
            if element.has_changed or (element.running and last - element.running.time > A_WHILE):
                self._succeeds(element, last)
            if process in self._traced:
                element.connection.profile = TRACED

    def _set_begins(self, element: _Element) -> None:
        """The text of what is set is known now, if it is told."""
        called, element.setting = element.setting, None
        if called is None or called.description is None:
            return
        text = "\r\n".join([*element.text, ""]) if element.text else None
        element.text = []
        given = Given(called.description.type, text)
        self._begin(element, msgspec.structs.replace(called, description=given))

    def _of_element(self, said: _Said) -> None:
        message, time = said.message, said.time
        if found := _CREATING.match(message):
            method = "createOffer" if found[1] == "offer" else "createAnswer"
            self._begin(self._working(said), Called(time=time, method=method))
        elif found := _SETTING.match(message):
            self._sets(said, found[1], found[2], found[3])
        elif found := _CHANGE.match(message):
            element = self._working(said)
            element.state, element.has_changed = found[1], True
            event = Fired(time=time, name="signalingstatechange", signaling_state=found[1])
            self._dump.keep(element.connection, event)
        elif message.startswith("emitting on-negotiation-needed"):
            element = self._working(said)
            self._succeeds(element, time)
            self._dump.keep(element.connection, Fired(time=time, name="negotiationneeded"))
        elif message.startswith(_ERROR):
            self._fails(said)
        else:
            self._besides(said)

    def _besides(self, said: _Said) -> None:
        """What is told in other threads, or only now and then."""
        message = said.message
        if message.startswith("no local description set"):
            element = self._known(said)
            element.connection.begins_unknown &= element.has_begun
        elif found := _CREATED.match(message):
            direction = found[1] if found[1] in _DIRECTIONS else None
            kind = found[2] if found[2] != "unknown" else None
            self._known(said).made = Arguments(kind=kind, direction=direction)
        elif message.startswith("Created new unassociated transceiver"):
            self._adds_transceiver(said)
        elif found := _CONNECTIVITY.match(message):
            text = f"{found[1]} connection state: {found[2]}"
            self._dump.keep(self._known(said).connection, Remarked(time=said.time, text=text))

    def _adds_transceiver(self, said: _Said) -> None:
        element = self._known(said)
        arguments, element.made = element.made or Arguments(), None
        if not element.has_changed or said.thread != element.thread:
            self._succeeds(element, said.time)  # it held the element's lock until now
        called = Called(time=said.time, method="addTransceiver", arguments=arguments)
        self._dump.keep(element.connection, called)

    def _sets(self, said: _Said, side: str, type: str, state: str) -> None:
        element = self._working(said)
        self._succeeds(element, said.time)
        if state != element.state:
            element.state = state
            self._dump.keep(element.connection, Noticed(time=said.time, signaling_state=state))
        method = "setLocalDescription" if side == "local" else "setRemoteDescription"
        element.setting = Called(time=said.time, method=method, description=Given(type, None))
        element.text = []

    def _begin(self, element: _Element, called: Called) -> None:
        self._succeeds(element, called.time)
        element.running, element.has_begun, element.has_changed = called, True, False
        self._dump.keep(element.connection, called)

    def _succeeds(self, element: _Element, time: float) -> None:
        """The operation before has not failed, and is over."""
        called, element.running = element.running, None
        if called is not None:
            settled = Settled(time=time, method=called.method)
            self._dump.keep(element.connection, settled)

    def _fails(self, said: _Said) -> None:
        element = self._working(said)
        called, element.running = element.running, None
        if called is not None:
            message = said.message.removeprefix(_ERROR)[:500]
            error = "InvalidStateError" if message.startswith(_WRONG_STATE) else ""
            settled = Settled(time=said.time, method=called.method, error=error, message=message)
            self._dump.keep(element.connection, settled)

    def _known(self, said: _Said) -> _Element:
        """The element of that name, whichever thread it is told in."""
        key = said.process, said.element
        known = self._elements.get(key)
        return known if known is not None else self._added(key, "")

    def _working(self, said: _Said) -> _Element:
        """The element of that name that has this thread to itself; another one if it has none."""
        element = self._known(said)
        if element.thread not in ("", said.thread):
            self._set_begins(element)
            element = self._added((said.process, said.element), said.thread)
        element.thread = said.thread
        self._set_begins(element)
        return element

    def _added(self, key: tuple[str, str], thread: str) -> _Element:
        process, name = key
        self._names[name] += 1
        number = self._names[name]
        connection = self._dump.connection(name if number == 1 else f"{name}-{number}")
        element = self._elements[key] = _Element(connection, thread)
        self._every.append((process, element))
        return element

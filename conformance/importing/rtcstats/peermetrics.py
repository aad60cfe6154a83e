"""peermetrics: events alone, of all participants of a conference.

Either `[{eventName, participant, peer, data, connectionId, delta}]`, perhaps within an object, with
`delta` in milliseconds since the first; or what its API gives: `{data: [{type, participant,
connection, data, created_at}]}` (`results` where it was asked for pages).

* No call is told. A change of the signaling state tells which description must have been set
  before: by the table, and where that has several by the descriptions that there are. That call is
  told, right before the event. What else was called, and when, is not known.
* Where a change does not follow from the one before, another was lost on the way: then the
  recording begins anew there.
* It watches connections that there are already, so that nobody knows how they began.
* In some of them the lines of SDP end with the four characters \\r\\n.
* An API that was asked for everything gives the latest first, or any order: entries are sorted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from negotiation.model import SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..entries import (
    MOST_ENTRIES,
    SETTING,
    AnyEntry,
    BrokenOffError,
    Called,
    Connection,
    Dump,
    Fired,
    Given,
    Noticed,
    Remarked,
    tellable,
)
from ..json_events import Event, json_events
from . import values
from .building import built
from .telling import Record, entry_of

PROFILE = "peermetrics"

_BEGINS = re.compile(rb'\s*(?:\[\s*\{|\{\s*"\w{1,40}"\s*:)')
_EVENT = re.compile(rb'"eventName"\s*:\s*"(?:on\w+|getUserMedia|addConnection|peerDetails|stats)"')
_IN_ROW = rb'[^{}]{0,2000}"type"\s*:\s*"(?:on\w+|getUserMedia|addConnection|peerDetails|stats)"'
_OF_API = re.compile(rb'"(?:data|results)"\s*:\s*\[\s*\{(?=' + _IN_ROW + rb")")
_STABLE = str(SignalingState.STABLE)
_METHODS = {side: method for method, side in SETTING.items()}
_TOLD = {"setLocalDescription": "localDescription", "setRemoteDescription": "remoteDescription"}


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is of this format."""
    if _BEGINS.match(head) is None:
        return False
    is_event = _EVENT.search(head) is not None and b'"connectionId"' in head
    return is_event or (_OF_API.search(head) is not None and b'"created_at"' in head)


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    dump.recorder = "peermetrics"
    dump.profile = PROFILE
    reader = _Reader(dump)
    try:
        events = json_events(stream)
        for told in _objects(events):
            reader.take(told)
    finally:
        reader.finish()


def _objects(events: Iterator[Event]) -> Iterator[dict[str, Any]]:
    """The objects in the outermost array, or in an array that the outermost object has."""
    depth = 0
    for event in events:
        if event[0] in ("start_array", "end_array"):
            depth += 1 if event[0] == "start_array" else -1
        elif event[0] == "start_map" and depth:
            yield built(event, events)


class _Told(msgspec.Struct, frozen=True):
    """An entry that waits for its place, and the descriptions that there were."""

    connection: Connection
    entry: AnyEntry
    descriptions: dict[str, Given]


class _Reader:
    """Is told of events, and hands them over in order at the end."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._told: list[_Told] = []

    def take(self, told: dict[str, Any]) -> None:
        """The next event."""
        name = told.get("eventName", told.get("type"))
        connection = _id(told.get("connectionId", told.get("connection")))
        time = _time(told)
        if time is None:
            return
        self._dump.last_at(time)
        if isinstance(name, str) and connection is not None:
            self._event(name, connection, told.get("data"), time)

    def finish(self) -> None:
        """Everything has been told.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        states: dict[str, str] = {}
        for told in sorted(self._told, key=lambda one: one.entry.time):
            told.connection.begins_unknown = True
            if isinstance(told.entry, Fired) and told.entry.signaling_state is not None:
                before = states.get(told.connection.name)
                states[told.connection.name] = told.entry.signaling_state
                self._change(told, before, told.entry.signaling_state)
            else:
                self._dump.keep(told.connection, told.entry)

    def _change(self, told: _Told, before: str | None, after: str) -> None:
        called = _concluded(told, before, after)
        if called is not None:
            self._dump.keep(told.connection, called)
        elif before is not None:
            told.connection.entries.clear()
            text = "changes of the signaling state were lost; what came before is left out"
            self._dump.keep(told.connection, Remarked(time=told.entry.time, text=text))
            noticed = Noticed(time=told.entry.time, signaling_state=after)
            self._dump.keep(told.connection, noticed)
            return
        self._dump.keep(told.connection, told.entry)

    def _event(self, name: str, connection: str, data: Any, time: float) -> None:
        object = values.as_object(data)
        value = object.get("signalingState") if name == "onsignalingstatechange" else data
        entry = entry_of(Record(name, connection, value, time))
        if entry is None or isinstance(entry, Called):
            return
        given = {one: _description(object.get(one)) for one in _TOLD.values()}
        known = {one: whole for one, whole in given.items() if whole is not None}
        self._told.append(_Told(self._dump.connection(connection), tellable(entry), known))
        if len(self._told) > MOST_ENTRIES:
            raise BrokenOffError(f"more than {MOST_ENTRIES} events about negotiation")


def _id(value: Any) -> str | None:
    """The id, which the API may give within an object."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) and value else None


def _time(told: dict[str, Any]) -> float | None:
    created = told.get("created_at")
    if isinstance(created, str):
        is_zoned = re.search(r"(?:Z|[+-]\d\d:?\d\d)$", created[:40]) is not None
        return values.as_time(created[:40] if is_zoned else created[:39] + "Z")
    return values.as_number(told.get("delta"))


def _description(value: Any) -> Given | None:
    given = None if value is None else values.description(value)
    if given is None or given.sdp is None or "\\n" not in given.sdp or "\n" in given.sdp:
        return given
    return Given(given.type, given.sdp.replace("\\r\\n", "\r\n").replace("\\n", "\n"))


def _concluded(told: _Told, before: str | None, after: str) -> Called | None:
    """The call that led from one state (None: it is not known) to the other; None: none can have.

    Where several can have, the one whose description there is now; and if there is none of these, a
    rollback, which leaves none.
    """
    rows = [row for row in TRANSITIONS if str(row.target) == after and row.source != row.target]
    rows = [row for row in rows if before is None or str(row.source) == before]
    for row in rows:
        given = told.descriptions.get(_TOLD[_METHODS[row.side]])
        if given is not None and given.type == str(row.type):
            return Called(time=told.entry.time, method=_METHODS[row.side], description=given)
    rows.sort(key=lambda row: (str(row.source) != _STABLE, str(row.type) != "rollback"))
    for row in rows[:1]:
        given = Given(str(row.type), None)
        return Called(time=told.entry.time, method=_METHODS[row.side], description=given)
    return None

"""GetStream's tracer (its video SDK): `[name, connection, value, time]` like rtcstats, many in one
array, and arrays one after another as they were sent; or an array a line.

* Events have no `on` before their names, but for ontrack and onicecandidate.
* The value of a call is the array of its arguments: none at all for an implicit description.
* A connection is called after its session and what it is for: `0-pub`, `0-sub`.
* What was not sent in time is dropped, the earliest first, and `traceBufferOverflow` says so. All
  that came before is left out then: what comes after it begins in the middle.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from ..entries import Dump, Remarked
from ..json_events import json_events
from .building import built
from .telling import PROMISING, STATISTICS, Record, Telling
from .values import as_time

PROFILE = "rtcstats-getstream"
OVERFLOWN = "traceBufferOverflow"

_RECORD = rb'\[\s*"[\w.:#-]{1,80}"\s*,\s*(?:null|"[^"\\\n]{0,200}")\s*,'
_BEGINS = re.compile(rb"\s*(?:\[\s*)?" + _RECORD)
_OWN = re.compile(
    rb'\[\s*"(?:signalingstatechange|negotiationneeded|iceconnectionstatechange|'
    rb'icegatheringstatechange|connectionstatechange|datachannel)"\s*,\s*"'
    rb'|\[\s*"\w{1,40}"\s*,\s*"[^"\\\n]{0,200}-(?:pub|sub)"\s*,'
)
_DEEPEST = 2
"""In how many arrays a record can be."""


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is of this format."""
    return _BEGINS.match(head) is not None and _OWN.search(head) is not None


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    dump.recorder = "GetStream's tracer"
    dump.profile = PROFILE
    reader = _Reader(dump)
    events = json_events(stream, several=True)
    depth = 0
    for event in events:
        depth += (event[0] == "start_array") - (event[0] == "end_array")
        if event[0] == "string" and 0 < depth <= _DEEPEST:
            reader.take([event[1], *_rest(events)])
            depth -= 1
        elif event[0] == "start_map":
            built(event, events)


def _rest(events: Any) -> list[Any]:
    """What follows the first element of an array, up to its end."""
    rest = built(("start_array", None), events)
    return rest if isinstance(rest, list) else []


class _Reader:
    """Is told of records, and tells the dump."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._telling = Telling(dump)
        self._time = 0.0

    def take(self, told: list[Any]) -> None:
        """The next record.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        name, connection, value, time, *_ = [*told, None, None, None]
        known = as_time(time)
        self._time = self._time if known is None else known
        if name in STATISTICS or not isinstance(connection, str):
            self._dump.last_at(self._time)
        elif name == OVERFLOWN:
            self._hole(connection)
        else:
            given = _given(name, value)
            self._telling.keep(Record(name, connection, given, self._time))

    def _hole(self, name: str) -> None:
        connection = self._dump.connection(name)
        connection.entries.clear()
        connection.begins_unknown = True
        text = "the recorder dropped what came before; it had kept as much as it could"
        self._dump.keep(connection, Remarked(time=self._time, text=text))


def _given(name: str, value: Any) -> Any:
    """The first argument of a call; the value of anything else."""
    if name in PROMISING and isinstance(value, list):
        return value[0] if value else None
    return value

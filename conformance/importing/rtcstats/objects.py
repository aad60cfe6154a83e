"""The first rtcstats (2016): one JSON object, `peerConnections: {PC_0: [{time, type, value}]}`.

Times are ISO 8601. Browsers of those years settled before they told of the change of the signaling
state that comes first in JavaScript now; the two are put in order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from ..entries import Dump
from ..json_events import Event, json_events
from .building import built, skipped
from .ordering import changes_first
from .telling import STATISTICS, Record, Telling
from .values import as_time

PROFILE = "rtcstats"

_RECORDS = re.compile(rb'"[pP]eerConnections"\s*:\s*\{\s*"[^"\\]{0,200}"\s*:\s*\[')
_CONNECTIONS = ("peerConnections", "PeerConnections")


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is of this format: an array for each connection."""
    return head.lstrip()[:1] == b"{" and _RECORDS.search(head) is not None


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    dump.recorder = "rtcstats 0"
    dump.profile = PROFILE
    _Reader(dump, json_events(stream)).document()


class _Reader:
    """Walks through the document, and tells the dump."""

    def __init__(self, dump: Dump, events: Iterator[Event]) -> None:
        self._events = events
        self._dump = dump
        self._telling = Telling(dump, old=True)

    def document(self) -> None:
        """The outermost object."""
        next(self._events, None)
        for event, key in self._events:
            if event != "map_key":
                continue
            first = next(self._events)
            if key in _CONNECTIONS and first[0] == "start_map":
                self._connections()
            elif key == "userAgent":
                self._telling.about({key: built(first, self._events)})
            else:
                skipped(first, self._events)

    def _connections(self) -> None:
        for event, name in self._events:
            if event == "end_map":
                return
            first = next(self._events)
            if first[0] == "start_array":
                self._connection(name)
            else:
                skipped(first, self._events)

    def _connection(self, name: str) -> None:
        known = len(self._dump.connections)
        try:
            self._records(name)
        finally:
            for told in list(self._dump)[known:]:
                told.entries = changes_first(told.entries)

    def _records(self, connection: str) -> None:
        time = 0.0
        for first in self._events:
            if first[0] == "end_array":
                return
            told = built(first, self._events)
            if not isinstance(told, dict):
                continue
            known = as_time(told.get("time"))
            time = time if known is None else known
            self._record(connection, told.get("type"), told.get("value"), time)

    def _record(self, connection: str, name: object, value: object, time: float) -> None:
        if isinstance(name, str) and name not in STATISTICS:
            self._telling.keep(Record(name, connection, value, time))
        else:
            self._dump.last_at(time)

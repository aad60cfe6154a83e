"""From the events of the JSON to the connections of a dump: what is kept of each record."""

from __future__ import annotations

from typing import Any

from ..entries import MOST_CONNECTIONS, MOST_ENTRIES, BrokenOffError, Dump
from .about import stack_of
from .names import KEPT
from .times import as_time
from .translating import translate
from .updates import Record, Update

_MOST_BRANDS = 20


class Records:
    """Takes the events one by one, and fills the dump at the end (`finish`)."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._path: list[str] = []
        self._records: dict[str, Record] = {}
        self._update: dict[str, Any] = {}
        self._brand: dict[str, str] = {}
        self._versions: dict[str, str] = {}
        self._agent = ""
        self._texts: dict[str, str] = {}  # descriptions are told four times over
        self._kept = 0

    def take(self, event: str, value: Any) -> None:
        """The next event.

        Raises:
            BrokenOffError: the dump holds more than is kept of any.
        """
        path = self._path
        if event == "map_key":
            path[-1] = value
        elif event in ("start_map", "start_array"):
            path.append("")
        elif event == "end_array":
            path.pop()
        elif event == "end_map":
            path.pop()
            self._end_of_map()
        else:
            self._scalar(value)

    def finish(self) -> None:
        """Everything has been taken that could be."""
        stack = stack_of(self._agent, self._versions)
        translate(self._dump, self._records, stack)

    def _scalar(self, value: Any) -> None:
        match self._path:
            case ["PeerConnections", _, "updateLog", "", ("type" | "value") as name]:
                self._update[name] = value if isinstance(value, str) else None
            case ["PeerConnections", _, "updateLog", "", ("time" | "timestamp") as name]:
                self._update[name] = value
            case ["PeerConnections", key, "stats", _, ("startTime" | "endTime") as name]:
                self._sampled(self._record(key), name, value)
            case ["PeerConnections", key, "rtcConfiguration" | "constraints"]:
                if isinstance(value, str) and "plan-b" in value:
                    self._record(key).is_plan_b = True
            case ["UserAgent"] if isinstance(value, str):
                self._agent = value
            case ["timestamp"] | ["getUserMedia", "", "timestamp"]:
                self._at(as_time(value))
            case ["UserAgentData", *_, ("brand" | "version") as name] if isinstance(value, str):
                self._brand[name] = value

    def _end_of_map(self) -> None:
        match self._path:
            case ["PeerConnections", key, "updateLog", ""]:
                self._updated(self._record(key))
            case ["PeerConnections", key]:
                self._record(key)
            case ["UserAgentData", *_] if len(self._brand) == 2:
                self._branded()

    def _branded(self) -> None:
        brand, version = self._brand["brand"], self._brand["version"]
        self._brand = {}
        if len(self._versions) < _MOST_BRANDS:
            self._versions[brand] = max(version, self._versions.get(brand, ""), key=len)

    def _updated(self, record: Record) -> None:
        told, self._update = self._update, {}
        type, value = told.get("type"), told.get("value")
        if type is None:
            return
        time = as_time(told.get("timestamp"))
        clock = told.get("time")
        self._at(time)
        update = Update(type, value or "", time, clock if isinstance(clock, str) else None)
        if type.lower() not in KEPT:
            return
        self._kept += 1
        if self._kept > MOST_ENTRIES:
            raise BrokenOffError(f"more than {MOST_ENTRIES} entries about negotiation")
        update.value = self._texts.setdefault(update.value, update.value)
        record.updates.append(update)

    def _record(self, key: str) -> Record:
        record = self._records.get(key)
        if record is None:
            if len(self._records) >= MOST_CONNECTIONS:
                raise BrokenOffError(f"more than {MOST_CONNECTIONS} connections")
            record = self._records[key] = Record()
        return record

    def _at(self, time: float | None) -> None:
        if time is not None:
            self._dump.last_at(time)

    def _sampled(self, record: Record, name: str, value: Any) -> None:
        if not isinstance(value, str) or len(value) > 40:
            return
        start, end = record.series or ("", "")
        if name == "startTime":
            record.series = (min(start or value, value), end)
        else:
            record.series = (start, max(end, value))

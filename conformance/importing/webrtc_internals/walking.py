"""The way through the JSON of a dump: which value stands for what, whatever else is in it."""

from __future__ import annotations

import json
from typing import Any

from .records import Records
from .times import as_time


class Walk:
    """Takes the events of the JSON one by one, and tells the records what they say."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._path: list[str] = []
        self._update: dict[str, Any] = {}
        self._members: dict[str, Any] = {}
        self._brand: dict[str, str] = {}

    def take(self, event: str, value: Any) -> bool:
        """The next event; gives whether it ends the outermost object.

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
        return event == "end_map" and not path

    def _scalar(self, value: Any) -> None:
        records = self._records
        match self._path:
            case ["PeerConnections", _, "updateLog", "", ("type" | "value") as name]:
                self._update[name] = value if isinstance(value, str) else None
            case ["PeerConnections", _, "updateLog", "", "value", name]:
                self._members[name] = value
            case ["PeerConnections", _, "updateLog", "", ("time" | "timestamp") as name]:
                self._update[name] = value
            case ["PeerConnections", key, "stats", _, ("startTime" | "endTime") as name]:
                records.sampled(key, name, value)
            case ["PeerConnections", key, "rtcConfiguration" | "constraints"]:
                records.created(key, value)
            case ["UserAgent"] if isinstance(value, str):
                records.agent = value
            case ["timestamp"] | ["getUserMedia", "", "timestamp"]:
                records.at(as_time(value))
            case ["UserAgentData", *_, ("brand" | "version") as name] if isinstance(value, str):
                self._brand[name] = value

    def _end_of_map(self) -> None:
        match self._path:
            case ["PeerConnections", _, "updateLog", "", "value"]:
                # Somebody has decoded what is JSON within JSON.
                self._update["value"] = json.dumps(self._members)
                self._members = {}
            case ["PeerConnections", key, "updateLog", ""]:
                self._end_of_update(key)
            case ["PeerConnections", key]:
                self._records.created(key, None)
            case ["UserAgentData", *_] if len(self._brand) == 2:
                self._records.branded(self._brand["brand"], self._brand["version"])
                self._brand = {}

    def _end_of_update(self, key: str) -> None:
        told, self._update = self._update, {}
        type, value, clock = told.get("type"), told.get("value"), told.get("time")
        time = as_time(told.get("timestamp"))
        self._records.at(time)
        if type is not None:
            self._records.updated(
                key, type, value or "", time, clock if isinstance(clock, str) else None
            )

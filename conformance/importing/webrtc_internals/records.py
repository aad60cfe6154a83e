"""What is kept of each record while a dump is read."""

from __future__ import annotations

from typing import Any

from ..entries import MOST_CONNECTIONS, MOST_ENTRIES, BrokenOffError, Dump
from .about import stack_of
from .names import KEPT
from .translating import translate
from .updates import Record, Update

_MOST_BRANDS = 20


class Records:
    """Is told of records in any order, and fills the dump at the end (`finish`)."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._records: dict[str, Record] = {}
        self._versions: dict[str, str] = {}
        self._texts: dict[str, str] = {}  # descriptions are told four times over
        self._kept = 0
        self._ended = 0.0
        self.agent = ""

    def finish(self) -> None:
        """Everything has been told that could be."""
        stack = stack_of(self.agent, self._versions)
        translate(self._dump, self._records, stack, self._ended)

    def created(self, key: str, configuration: Any) -> None:
        """A connection there is, with this configuration (or constraints), as text."""
        record = self._record(key)
        if isinstance(configuration, str) and "plan-b" in configuration:
            record.is_plan_b = True

    def updated(
        self, key: str, type: str, value: str, time: float | None, clock: str | None = None
    ) -> None:
        """An entry of a connection's log.

        Raises:
            BrokenOffError: the dump holds more than is kept of any.
        """
        record = self._record(key)
        if type.lower() not in KEPT:
            return
        self._kept += 1
        if self._kept > MOST_ENTRIES:
            raise BrokenOffError(f"more than {MOST_ENTRIES} entries about negotiation")
        value = self._texts.setdefault(value, value)
        record.updates.append(Update(type, value, time, clock))

    def branded(self, brand: str, version: str) -> None:
        """The browser claims to be that."""
        if len(self._versions) < _MOST_BRANDS:
            self._versions[brand] = max(version, self._versions.get(brand, ""), key=len)

    def at(self, time: float | None) -> None:
        """The dump tells something of that time."""
        if time is not None:
            self._ended = max(time, self._ended)

    def sampled(self, key: str, name: str, value: Any) -> None:
        """Statistics of the connection begin, or end, at that time."""
        record = self._record(key)
        if not isinstance(value, str) or len(value) > 40 or value.startswith("1970"):
            return  # no statistics are of the epoch's beginning, though some say so
        start, end = record.series or ("", "")
        if name == "startTime":
            record.series = (min(start or value, value), end)
        else:
            record.series = (start, max(end, value))

    def _record(self, key: str) -> Record:
        record = self._records.get(key)
        if record is None:
            if len(self._records) >= MOST_CONNECTIONS:
                raise BrokenOffError(f"more than {MOST_CONNECTIONS} connections")
            record = self._records[key] = Record()
        return record

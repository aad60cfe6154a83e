"""The RTCStats file that chrome://webrtc-internals saves beside its dump (seen in M150 and M156).

A line `RTCStatsDump`, a line `{"fileFormat":3}`, then an array a line: name, connection, value,
perhaps more, and the milliseconds since the line before (in the first, since the epoch). Other
writers of that format number the methods and compress descriptions (rtcstats); this page does not:
names and values are those of its dump's generations, so that everything said of them (in the
package) is true here. The first line after the two is a `create` without a connection.

It tells what the dump tells, in one order for all connections, and keeps those that are gone.
"""

from __future__ import annotations

import json
import re
from typing import Any, BinaryIO

from ..entries import BrokenOffError, Dump
from ..json_lines import Line, lines
from .records import Records
from .times import as_time

_BEGINS = re.compile(rb'RTCStatsDump\r?\n\{"fileFormat":3\}\r?\n\["create",null,')
_TITLES = 2
_LONGEST_TITLE = 100


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is such a file."""
    return _BEGINS.match(head) is not None


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file; its statistics pass by.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    records = Records(dump)
    clock = _Clock()
    for _ in range(_TITLES):
        stream.readline(_LONGEST_TITLE)
    try:
        for line in lines(stream, first=_TITLES + 1):
            if line.is_statistics:
                clock.passed(line.time)
            else:
                _take(records, clock, line)
            records.at(clock.time)
    finally:
        records.finish()


def _take(records: Records, clock: _Clock, line: Line) -> None:
    told = line.told
    if not isinstance(told, list) or len(told) < 4 or not isinstance(told[0], str):
        raise BrokenOffError(f"line {line.number} is no event")
    name, connection, value = told[:3]
    clock.passed(told[-1])
    if not isinstance(connection, str):
        if name == "create" and isinstance(value, dict):
            _about(records, value.get("userAgentData"))
    elif name == "create":
        records.created(connection, json.dumps(value))
    elif not name.startswith("navigator."):
        records.updated(connection, name, _as_text(name, value), clock.time)


def _about(records: Records, told: Any) -> None:
    brands = told.get("brands") if isinstance(told, dict) else None
    for one in brands if isinstance(brands, list) else ():
        if isinstance(one, dict):
            brand, version = one.get("brand"), one.get("version")
            if isinstance(brand, str) and isinstance(version, str):
                records.branded(brand, version)


def _as_text(name: str, value: Any) -> str:
    """The value as the dump has it."""
    if isinstance(value, str):
        return value
    if name == "addTrack" and isinstance(value, list) and len(value) >= 2:
        value = {"kind": value[0], "id": value[1], "streams": value[2:]}
    return "" if value is None else json.dumps(value)


class _Clock:
    """Adds up what the lines tell of the time between them."""

    def __init__(self) -> None:
        self.time: float | None = None

    def passed(self, told: Any) -> None:
        """So much time has passed; it may be negative: several clocks take part."""
        try:
            time = (self.time or 0.0) + float(told)
        except (TypeError, ValueError, OverflowError):
            return
        self.time = time if as_time(time) is not None else self.time

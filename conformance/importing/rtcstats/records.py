"""A JSON array a line, `[name, connection, value, time]`: rtcstats of 2016 on (fileFormat 2), and
its fork in Jitsi Meet (3.1). Or laid out otherwise (`laid_out`).

The first line is a JSON object with metadata (fileFormat 2), or `["connectionInfo", null, ...]`
(Jitsi). What is peculiar, and what is done about it:

* Jitsi leaves descriptions and candidates empty unless asked not to: types are concluded. Whether a
  setLocalDescription had an argument is not told there.
* Jitsi's lines may be out of order. Its newer ones are numbered by the page (the fifth element),
  and are put in that order, each once; others by their time, those of one time as they stand.
* A connection that is created again is another one: two such files may have been put into one.
* A connection that was made before the script wrapped the constructor has no name (null), and no
  events: see `nameless`.
* Some of Jitsi's own lines have no time; none of these is about negotiation.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any, BinaryIO

import msgspec

from ..entries import MOST_ENTRIES, AnyEntry, BrokenOffError, Connection, Dump, tellable
from ..json_lines import Line, as_json
from .laid_out import first_records, is_one_a_line
from .laid_out import records as laid_out
from .nameless import Nameless
from .telling import KNOWN, Record, Telling
from .values import as_time

PROFILE = "rtcstats"
JITSI = "rtcstats-jitsi"

_METADATA = re.compile(rb'\s*\{[^\n]{0,20000}"fileFormat"\s*:\s*2\s*[,}]')
_ARRAY = re.compile(rb'\s*\[\s*"([\w.:]{1,80})"\s*,\s*(?:null|"[^"\\\n]{0,200}")\s*,')
_LOOKED_AT = 40
_EARLIEST = 1e11
"""Times before 1973 are none: they are differences, or something else."""


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is of this format."""
    if not is_one_a_line(head):
        return _is_told_by(first_records(head, _LOOKED_AT))
    first, _, rest = head.lstrip().partition(b"\n")
    if _METADATA.match(first) and rest.strip():
        return _ARRAY.match(rest) is not None
    whole = head.split(b"\n")[:_LOOKED_AT]
    if len(whole) > 1:
        whole.pop()  # it may be torn
    # What comes between, of another writer or damaged, ends the reading: not here.
    arrays = [*takewhile(_ARRAY.match, (line for line in whole if line.strip()))]
    named = (match[1].decode() for line in arrays if (match := _ARRAY.match(line)))
    return any(name in KNOWN for name in named) and any(map(_has_time, arrays))


def _is_told_by(records: list[Any]) -> bool:
    """Whether these are the first records of such a file, metadata among them."""
    arrays = [one for one in records if isinstance(one, list)]
    about = [one for one in records if isinstance(one, dict) and "fileFormat" in one]
    return (
        len(arrays) + len(about) == len(records)
        and all(len(one) > 1 and isinstance(one[0], str) for one in arrays)
        and any(one[0] in KNOWN for one in arrays)
        and any(_time(one) is not None for one in arrays)
    )


def _has_time(line: bytes) -> bool:
    try:
        told = as_json(line)
    except ValueError:
        return False
    return isinstance(told, list) and len(told) > 3 and _time(told) is not None


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    dump.recorder = "rtcstats"
    dump.profile = PROFILE
    reader = _Reader(dump)
    try:
        for line in laid_out(stream):
            reader.take(line)
    finally:
        reader.finish()


class _Reader:
    """Is told of lines, and hands over what they tell, in order, at the end."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._telling = Telling(dump)
        self._nameless = Nameless(dump)
        self._held: list[_Held] = []
        self._numbers: dict[int, float] = {}
        self._are_numbered_once = True
        self._last = 0.0

    def take(self, line: Line) -> None:
        """The next line."""
        if line.is_statistics:
            if line.time is not None and line.time >= _EARLIEST:
                self._dump.last_at(line.time)
        elif isinstance(line.told, dict):
            self._telling.about(line.told)
        elif isinstance(line.told, list) and line.told and isinstance(line.told[0], str):
            self._array(line.told[0], line.told)

    def finish(self) -> None:
        """Everything has been told that could be.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        is_numbered = self._are_numbered_once and all(one.number is not None for one in self._held)
        self._held.sort(key=lambda one: one.number or 0 if is_numbered else one.entry.time)
        for one in self._held:
            self._dump.keep(one.connection, one.entry)
        self._nameless.finish()

    def _array(self, name: str, told: list[Any]) -> None:
        if name == "connectionInfo":
            self._dump.profile = JITSI
            self._dump.recorder = "rtcstats (Jitsi)"
            self._telling.about(told[2] if len(told) > 2 else None)
            return
        number = told[4] if len(told) > 4 and isinstance(told[4], int) else None
        time = _time(told)
        self._last = self._last if time is None else time
        if number is not None and number in self._numbers:
            if self._numbers[number] == self._last:
                return  # sent again after the connection to the server was lost
            self._are_numbered_once = False  # the records of another page, say
        named = told[1] if len(told) > 1 and isinstance(told[1], str) else None
        value = told[2] if len(told) > 3 else None
        self._record(Record(name, named, value, self._last), number)

    def _record(self, record: Record, number: int | None) -> None:
        told = self._telling.told(record)
        if told is not None:
            self._held.append(_Held(number, told[0], tellable(told[1])))
        if number is not None and (told is not None or record.name == "create"):
            self._numbers[number] = self._last
        if len(self._held) > MOST_ENTRIES:
            raise BrokenOffError(f"more than {MOST_ENTRIES} entries about negotiation")
        if record.connection is None:
            self._nameless.take(record)


def _time(told: list[Any]) -> float | None:
    time = as_time(told[3]) if len(told) > 3 else None
    return time if time is not None and time >= _EARLIEST else None


class _Held(msgspec.Struct, frozen=True):
    """An entry that waits for its place."""

    number: int | None
    connection: Connection
    entry: AnyEntry

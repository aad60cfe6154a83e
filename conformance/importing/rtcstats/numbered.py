"""rtcstats of 2025 and later (fileFormat 3, rtcstats/rtcstats).

A line `RTCStatsDump`, a line with metadata, then an array a line: `[method, connection, value,
...more, time]`. What is peculiar, and what is done about it:

* Methods have numbers, mostly (`methods`). Names are allowed everywhere.
* The time is the difference to the line before, whichever connection that was of; in the first line
  it is since the epoch. A difference of decades is a new beginning.
* The first of `more` is the call's own name, which its settlement repeats.
* Descriptions are compressed (`sections`, `slots`). Where the browser has added candidates to a
  description since, they are left out of what is put together.
* The server writes the last line, `["close", null, code, ...]`, when it notices that the page is
  gone, by its own clock: quiet until then proves nothing.
* Tracks are told with their labels since protocol 5.0 of the metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from ..entries import CREATING, SETTING, Dump, Given
from ..json_lines import Line
from ..webrtc_internals.export import recognises as is_of_a_browser
from . import values
from .laid_out import records
from .methods import name_of
from .sections import Allowance
from .slots import Slots
from .telling import SETTLEMENTS, Record, Telling

PROFILE = "rtcstats-3"
MAGIC = b"RTCStatsDump"

_BEGINS = re.compile(rb"RTCStatsDump\r?\n\s*\{")
_UNLABELLED = "rtcstats#4"
_DECADES = 1e11


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is of this format (and not a browser's export in it)."""
    return _BEGINS.match(head) is not None and not is_of_a_browser(head)


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the unpacked file.

    Raises:
        BrokenOffError: it could not be read to its end.
    """
    stream.readline(len(MAGIC) + 2)
    read_lines(records(stream, first=2), dump)


def read_lines(told: Iterable[Line], dump: Dump) -> None:
    """Read lines that are decoded already, the metadata first.

    Raises:
        BrokenOffError: they could not be read to their end.
    """
    dump.recorder = "rtcstats 3"
    dump.profile = PROFILE
    reader = _Reader(dump)
    for line in told:
        reader.take(line)


class _Reader:
    """Is told of lines in their order, and tells the dump."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._telling = Telling(dump)
        self._allowance = Allowance()
        self._slots: dict[str, Slots] = {}
        self._time = 0.0

    def take(self, line: Line) -> None:
        """The next line.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        if line.is_statistics:
            self._passed(line.time)
            self._dump.last_at(self._time)
        elif isinstance(line.told, dict):
            self._about(line.told)
        elif isinstance(line.told, list) and len(line.told) > 1:
            self._array(line.told)

    def _about(self, told: dict[str, Any]) -> None:
        protocol = told.get("clientProtocol")
        if isinstance(protocol, str) and protocol.startswith(_UNLABELLED):
            self._telling = Telling(self._dump, labelled=False)
        self._telling.about(told)

    def _passed(self, told: Any) -> None:
        number = values.as_number(told)
        if number is not None:
            time = number if number >= _DECADES else self._time + number
            self._time = self._time if values.as_number(time) is None else time

    def _array(self, told: list[Any]) -> None:
        self._passed(told[-1])
        name = name_of(told[0])
        named = told[1] if isinstance(told[1], str) else None
        if name is None or (named is None and name == "close"):
            return
        value = told[2] if len(told) > 3 else None
        key = told[3] if len(told) > 4 and isinstance(told[3], str) else None
        record = Record(name, named, value, self._time, key)
        self._telling.keep(record if named is None else self._whole(named, record))

    def _whole(self, connection: str, record: Record) -> Record:
        """The record with its description put together."""
        slots = self._slots.get(connection)
        if slots is None or record.name == "create":
            slots = self._slots[connection] = Slots(self._allowance)
        given = values.description(record.value)
        if record.name == "onsignalingstatechange":
            slots.changed()
        elif record.name in SETTING:
            given = slots.set(record.name, record.key, given)
            return _with(record, given)
        elif record.name in SETTLEMENTS:
            method, is_fulfilled = SETTLEMENTS[record.name]
            if method in SETTING:
                told = given if is_fulfilled else None
                whole = slots.settled(method, record.key, told, is_fulfilled)
                return _with(record, whole) if is_fulfilled else record
            if method in CREATING and is_fulfilled and given is not None:
                return _with(record, slots.created(method, given))
        return record


def _with(record: Record, given: Given | None) -> Record:
    value = None if given is None else {"type": given.type, "sdp": given.sdp}
    return msgspec.structs.replace(record, value=value)

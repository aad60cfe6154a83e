"""Records in whichever way they are laid out: one a line, as they were recorded; over many lines,
as a formatter leaves them; or all in one array, as a script writes them that gathers them first.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from negotiation.conformance.traces.unpacking import DAMAGED, chained, read_some

from ..json_events import Event, json_events
from ..json_lines import Line, as_json, lines
from .building import built, skipped

_LOOKED_AT = 64 * 1024
_STATISTICS = ("g", "getStats", "getstats", 1)
_TIME = 3
"""Where the time is in an array of statistics, at the earliest."""

_DECODER = json.JSONDecoder(parse_constant=lambda _: None)
_BLANK = " \t\r\n"


def records(stream: BinaryIO, first: int = 1) -> Iterator[Line]:
    """The records, numbered from `first` on: by their lines where each has one.

    Raises:
        BrokenOffError: one is too long, or no JSON.
    """
    head = b""
    with contextlib.suppress(*DAMAGED):  # whoever reads on is told
        while len(head) < _LOOKED_AT and (more := read_some(stream, _LOOKED_AT - len(head))):
            head += more
    whole = chained(head, stream)
    return lines(whole, first) if is_one_a_line(head) else _in_a_document(whole, first)


def is_one_a_line(head: bytes) -> bool:
    """Whether the records in a file that begins so have a line each."""
    line = head.lstrip().partition(b"\n")[0]
    try:
        told = as_json(line)
    except ValueError:
        return not first_records(head, most=1)  # torn, or it goes on in the next line
    return not (isinstance(told, list) and told and isinstance(told[0], list | dict))


def first_records(head: bytes, most: int) -> list[Any]:
    """The first records in a file that begins so, as far as they are whole."""
    text = head.decode(errors="ignore")
    at = _past(text, 0, _BLANK)
    inside = _past(text, at + 1, _BLANK)
    if text[at : at + 1] == "[" and text[inside : inside + 1] in ("[", "{"):
        at = inside
    found: list[Any] = []
    while at < len(text) and len(found) < most:
        try:
            record, at = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(record)
        at = _past(text, at, _BLANK + ",")
    return found


def _past(text: str, at: int, passed: str) -> int:
    while at < len(text) and text[at] in passed:
        at += 1
    return at


def _in_a_document(stream: BinaryIO, number: int) -> Iterator[Line]:
    for at, (told, time) in enumerate(_told(json_events(stream, several=True)), start=number):
        yield Line(at, told, time is not None, time)


def _told(events: Iterator[Event]) -> Iterator[tuple[Any, float | None]]:
    """What each record holds; of statistics nothing, but their time."""
    for event in events:
        if event[0] != "start_array":
            yield built(event, events), None
            continue
        first = next(events)
        while first[0] in ("start_array", "start_map"):  # in the one array around all records
            is_array = first[0] == "start_array"
            yield _array(next(events), events) if is_array else (built(first, events), None)
            first = next(events)
        if first[0] != "end_array":
            yield _array(first, events)


def _array(first: Event, events: Iterator[Event]) -> tuple[list[Any], float | None]:
    if first[0] in ("string", "number") and first[1] in _STATISTICS:
        return [], _time_of_statistics(events)
    told: list[Any] = []
    while first[0] != "end_array":
        told.append(built(first, events))
        first = next(events)
    return told, None


def _time_of_statistics(events: Iterator[Event]) -> float:
    """The first number from where the time may be on, 0 without one; the rest is passed over."""
    time = 0.0
    for at, event in enumerate(events, start=1):
        if event[0] == "end_array":
            break
        if event[0] == "number" and at >= _TIME and not time:
            time = float(event[1])
        skipped(event, events)
    return time

"""A hostile JSON document, event by event: nothing of it is held but what is being read.

Long values, deep nesting and what is no JSON at all end the reading; what came before them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from .entries import BrokenOffError

LONGEST_VALUE = 4 * 1024 * 1024
"""Bytes of one string or number at most: the parser holds a value until its end."""

DEEPEST = 100
"""Objects and arrays in each other."""

_PIECE = 64 * 1024
_CERTAIN_QUOTE = re.compile(rb'(?<!\\)"')
"""A quotation mark behind no backslash always begins or ends a string."""

Event = tuple[str, Any]
"""As ijson's: start_map, map_key, end_map, start_array, end_array, string, number, ..., value."""


def json_events(stream: BinaryIO, several: bool = False) -> Iterator[Event]:
    """The events of one JSON document, or of several in a row.

    Raises:
        BrokenOffError: it cannot be read any further.
    """
    depth = 0
    try:
        for event, value in ijson.basic_parse(
            _Bounded(stream), use_float=True, multiple_values=several
        ):
            if event in ("start_map", "start_array"):
                depth += 1
                if depth > DEEPEST:
                    raise BrokenOffError(f"it is nested more than {DEEPEST} deep")
            elif event in ("end_map", "end_array"):
                depth -= 1
            yield event, value
    except (ijson.JSONError, UnicodeError, ValueError, OverflowError) as error:
        raise BrokenOffError(f"it is no JSON from there on ({_first_line(error)})") from None


def _first_line(error: Exception) -> str:
    told = str(error).strip().splitlines()
    return ascii(told[0])[1:-1][:100] if told else type(error).__name__


class _Bounded:
    """A stream that ends with an error where one value takes too long."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._run = 0
        self._last = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        piece = self._stream.read(min(size, _PIECE) if size >= 0 else _PIECE)
        if _CERTAIN_QUOTE.search(self._last + piece, len(self._last)):
            self._run = 0
        self._run += len(piece)
        self._last = piece[-1:]
        if self._run > LONGEST_VALUE:
            raise BrokenOffError(f"a value is longer than {LONGEST_VALUE} bytes")
        return piece

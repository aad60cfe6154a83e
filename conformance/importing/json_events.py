"""A hostile JSON document, event by event: nothing of it is held but what is being read.

A parser holds one text at a time, and a dump may hold a text as large as itself: what is beyond
`LONGEST_TEXT` is dropped before the parser sees it. Deep nesting, long numbers and what is no JSON
at all end the reading; what came before them counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

import ijson

from negotiation.conformance.traces.unpacking import read_some

from .entries import LARGEST_TEXT, BrokenOffError

LONGEST_TEXT = 2 * LARGEST_TEXT
"""Bytes of one JSON string, as written, that are kept; of longer ones the rest is dropped."""

DEEPEST = 100
"""How deep objects and arrays may be nested."""

_READ_AT_ONCE = 64 * 1024
_IN_NUMBERS = bytes(byte in b"0123456789eE+.-" for byte in range(256))
_LONG_NUMBER = b"\x01" * 100
_TEXT = rb'"(?:[^"\\]++|\\.)*+"'
_OUTSIDE = re.compile(rb'(?:[^"]*+' + _TEXT + rb')*+[^"]*+', re.DOTALL)
"""Up to a text that does not end in this piece: those that do are short, and stay."""

_TEXTS = re.compile(_TEXT, re.DOTALL)
_INSIDE = re.compile(
    rb'(?:[^"\\\x80-\xff]++|\\u[0-9A-Fa-f]{4}|\\[^u]|[\xc2-\xdf][\x80-\xbf]|'
    rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3})*+"
)
"""Whole characters of a JSON string, so that what is cut off is never half of one."""

_LONGEST_CHARACTER = 6

_DAMAGED = (ijson.JSONError, ValueError, ArithmeticError, SystemError, RecursionError)
"""What a parser raises for texts and numbers that no JSON has."""


Event = tuple[str, Any]
"""As ijson's: start_map, map_key, end_map, start_array, end_array, string, number, ..., value."""


def json_events(stream: BinaryIO, several: bool = False) -> Iterator[Event]:
    """The events of one JSON document, or of several in a row; numbers are int or float.

    Raises:
        BrokenOffError: the JSON breaks off, is damaged, or too deep.
    """
    depth = 0
    bounded = _Bounded(stream)
    try:
        for event, value in ijson.basic_parse(bounded, multiple_values=several):
            if event in ("start_map", "start_array"):
                depth += 1
                if depth > DEEPEST:
                    raise BrokenOffError(f"JSON is nested deeper than {DEEPEST} levels")
            elif event in ("end_map", "end_array"):
                depth -= 1
            yield event, float(value) if isinstance(value, Decimal) else value
    except _DAMAGED as error:
        what = "breaks off" if bounded.has_ended else "is damaged"
        raise BrokenOffError(f"the JSON {what}, near byte {bounded.passed}") from error


class _Bounded:
    """A stream of JSON without what is too long in it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._is_inside = False
        self._kept = 0
        self._rest = b""
        self.passed = 0
        self.has_ended = False

    def read(self, size: int = -1) -> bytes:
        """Some bytes; none only at the end, or where none were asked for."""
        if size == 0:
            return b""
        while not self.has_ended:
            chunk = read_some(self._stream, _READ_AT_ONCE)
            if not chunk:
                self.has_ended = True
                return self._rest
            self.passed += len(chunk)
            if kept := self._bounded(self._rest + chunk):
                return kept
        return b""

    def _bounded(self, chunk: bytes) -> bytes:
        kept: list[bytes] = []
        at = 0
        self._rest = b""
        while at < len(chunk):
            end = self._end_of_text(chunk, at) if self._is_inside else self._end_of_rest(chunk, at)
            if not self._is_inside or self._kept < LONGEST_TEXT:
                kept.append(chunk[at:end])
            if self._is_inside:
                self._kept += end - at
            at = end
            if at == len(chunk):
                break
            if chunk[at : at + 1] == b'"':
                kept.append(b'"')
                self._is_inside, self._kept = not self._is_inside, 0
                at += 1
            elif len(chunk) - at < _LONGEST_CHARACTER:
                self._rest = chunk[at:]
                break
            else:  # no JSON: the parser will say so
                kept.append(chunk[at : at + 1])
                at += 1
        return b"".join(kept)

    @staticmethod
    def _end_of_text(chunk: bytes, at: int) -> int:
        match = _INSIDE.match(chunk, at)
        return at if match is None else match.end()

    @staticmethod
    def _end_of_rest(chunk: bytes, at: int) -> int:
        match = _OUTSIDE.match(chunk, at)
        end = at if match is None else match.end()
        outside = chunk[at:end]
        if _has_long_number(outside) and _has_long_number(_TEXTS.sub(b'""', outside)):
            raise BrokenOffError("a number in the JSON has more than 99 digits")
        return end


def _has_long_number(piece: bytes) -> bool:
    return _LONG_NUMBER in piece.translate(_IN_NUMBERS)

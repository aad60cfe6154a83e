"""JSON a line, of a hostile file: bounded, numbered, and statistics among it never decoded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from .entries import BrokenOffError

LONGEST_LINE = 8 * 1024 * 1024
"""Bytes of a line at most, unless it is of statistics."""

_STATISTICS = re.compile(rb'\[\s*(?:"g"|"get[sS]tats"|1)\s*,\s*(null|"([^"\\]{0,200})")\s*,')
_LAST_NUMBER = re.compile(rb",\s*(-?[0-9]{1,17}(?:\.[0-9]{1,17})?)(?:,\s*\d{1,12})?\s*\]\s*$")
_LAST_BYTES = 100


class Line(msgspec.Struct, frozen=True):
    """A line: what it holds, and its number.

    Of statistics `told` is empty, and `time` the last number that is there (before a sequence
    number, which follows a time only where there is one).
    """

    number: int
    told: Any
    is_statistics: bool = False
    time: float | None = None


def lines(stream: BinaryIO, first: int = 1) -> Iterator[Line]:
    """The lines that hold anything, numbered from `first` on.

    Raises:
        BrokenOffError: a line is too long, or no JSON.
    """
    number = first - 1
    while text := stream.readline(LONGEST_LINE):
        number += 1
        is_statistics = _STATISTICS.match(text[:300]) is not None
        if len(text) >= LONGEST_LINE and not text.endswith(b"\n"):
            if not is_statistics:
                raise BrokenOffError(f"line {number} is longer than {LONGEST_LINE} bytes")
            text = text[:300] + _end_of_line(stream)
        if is_statistics:
            if not text.rstrip().endswith(b"]"):
                raise BrokenOffError(f"line {number} breaks off")
            yield Line(number, [], True, _last_number(text))
        elif text.strip():
            yield Line(number, _decoded(text, number))


def as_json(text: bytes | str) -> Any:
    """The JSON in the text.

    Raises:
        ValueError: there is none.
    """
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _decoded(text: bytes, number: int) -> Any:
    try:
        return as_json(text)
    except ValueError:
        raise BrokenOffError(f"line {number} breaks off, or is no JSON") from None


def _end_of_line(stream: BinaryIO) -> bytes:
    end = piece = b""
    while (piece := stream.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        end = piece[-_LAST_BYTES:]
    return (end + piece)[-_LAST_BYTES:]


def _last_number(text: bytes) -> float | None:
    match = _LAST_NUMBER.search(text[-_LAST_BYTES:])
    return None if match is None else float(match[1])

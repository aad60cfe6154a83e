"""Streams that may be gzipped, read as what is in them."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import BinaryIO, cast

DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)
"""What reading an unpacked stream raises where the gzip data is damaged or torn off."""

_AT_ONCE = 64 * 1024


def unpacked(stream: BinaryIO) -> BinaryIO:
    """The stream; unpacked, if it is gzipped."""
    start = stream.read(2)
    whole = chained(start, stream)
    return cast(BinaryIO, gzip.GzipFile(fileobj=whole)) if start == b"\x1f\x8b" else whole


def chained(start: bytes, rest: BinaryIO) -> BinaryIO:
    """A stream of which the start was read already."""
    return cast(BinaryIO, io.BufferedReader(_Chained(start, rest), _AT_ONCE))


def read_some(stream: BinaryIO, most: int) -> bytes:
    """Some of the next bytes, none only at the end.

    Whoever waits for as many as there may be loses, where gzip data is torn, those that came.
    """
    return bytes(getattr(stream, "read1", stream.read)(most))


class _Chained(io.RawIOBase):
    def __init__(self, start: bytes, rest: BinaryIO) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._start:
            given, self._start = self._start[: len(buffer)], self._start[len(buffer) :]
        else:
            given = read_some(self._rest, len(buffer))
        buffer[: len(given)] = given
        return len(given)

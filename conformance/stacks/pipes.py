"""Lines from a pipe, taken when they are asked for.

The streams of asyncio would do, but take more time for one small line than all else that a recorder
does with it: they read into a quarter of a megabyte each time, and pass it on four times.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from ..traces.format import LONGEST_LINE
from .wire import ProtocolError

_ONCE = 16 * 1024
"""Bytes that are read at once: some lines, and few enough for the allocator's own memory."""
_MANY = 1000
"""Lines that wait to be taken; no more are read then."""


class PipeLines:
    """The lines that are written to a pipe, one after the other."""

    def __init__(self) -> None:
        self._end: int | None = None
        self._lines: deque[bytes] = deque()
        self._rest = bytearray()
        self._is_over = False
        self._is_watched = False
        self._waiting: asyncio.Future[None] | None = None

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Opens the pipe; gives the end to write to, which is closed here when it was inherited."""
        self._end, writing = os.pipe()
        try:
            yield writing
        finally:
            os.close(writing)

    async def next(self) -> bytes:
        """The next line with its end; what is left, or nothing, when nobody writes any more.

        A ProtocolError tells of a line that is too long.
        """
        while not self._lines:
            if self._is_over or self._end is None:
                left, self._rest = self._rest, bytearray()
                return bytes(left)
            if len(self._rest) > LONGEST_LINE:
                raise ProtocolError(f"a line is longer than {LONGEST_LINE} bytes")
            self._watch(self._end)
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self._lines.popleft()

    def close(self) -> None:
        """Closes the pipe; there are no more lines."""
        self._unwatch()
        end, self._end = self._end, None
        if end is not None:
            os.close(end)

    def _watch(self, end: int) -> None:
        if not self._is_watched:
            asyncio.get_running_loop().add_reader(end, self._read, end)
            self._is_watched = True

    def _unwatch(self) -> None:
        if self._is_watched and self._end is not None:
            asyncio.get_running_loop().remove_reader(self._end)
            self._is_watched = False

    def _read(self, end: int) -> None:
        """Takes what is there. Stops where nobody takes the lines: the writer then has to wait."""
        data = os.read(end, _ONCE)
        first, *others = data.split(b"\n")
        self._rest += first
        for begun in others:
            self._lines.append(bytes(self._rest) + b"\n")
            self._rest = bytearray(begun)
        self._is_over = not data
        if self._is_over or len(self._rest) > LONGEST_LINE or len(self._lines) > _MANY:
            self._unwatch()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

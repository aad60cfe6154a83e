"""Writing a trace, line by line while it is recorded, or at once."""

from __future__ import annotations

import contextlib
import gzip
import os
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import BinaryIO, cast

import msgspec

from ..errors import UsageError
from .format import LONGEST_LINE, Header, Line, Observation

Target = str | os.PathLike[str] | BinaryIO
"""Where a trace is written: a path (gzip where it ends with .gz), "-" for stdout, or a stream."""

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


class TraceWriter:
    """Writes a trace; a context manager.

    Each line is flushed as it is written (also inside gzip), so that a recorder that dies leaves
    all that it observed; `flushing=False` leaves that to the end, for smaller gzip files. With
    `numbering` the writer counts: it replaces each observation's `n`. A path is overwritten.
    Raises UsageError when the path cannot be opened.
    """

    def __init__(self, target: Target, *, numbering: bool = False, flushing: bool = True) -> None:
        self._open = contextlib.ExitStack()
        self._stream = _opened(target, self._open)
        self._numbering = numbering
        self._flushing = flushing
        self._begun = False
        self._n = 0

    def write(self, line: Line) -> Line:
        """Write the line and return it as it was written, with its number.

        Raises UsageError, and writes nothing, when the first line is no header or a later one is,
        and when no reader could read it: NaN, half of a surrogate pair, a wrong type, too long.
        That a line fits those before it is left to the reader.
        """
        if isinstance(line, Header) == self._begun:
            raise UsageError("a trace has one header, on its first line; write it first, and once")
        if self._numbering and isinstance(line, Observation):
            line = msgspec.structs.replace(line, n=self._n + 1)
        self._stream.write(_encoded(line) + b"\n")
        if self._flushing:
            self._stream.flush()
        self._begun = True
        self._n += isinstance(line, Observation)
        return line

    def close(self) -> None:
        """Write what is left; closes what was opened here, and no stream that was given.

        Closing twice does nothing.
        """
        self._open.close()

    def __enter__(self) -> TraceWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def write_trace(target: Target, lines: Iterable[Line], *, numbering: bool = False) -> None:
    """Write a whole trace, its header first. The same lines give the same bytes."""
    with TraceWriter(target, numbering=numbering, flushing=False) as writer:
        for line in lines:
            writer.write(line)


def _opened(target: Target, opened: contextlib.ExitStack) -> BinaryIO:
    if not isinstance(target, str | os.PathLike):
        opened.callback(target.flush)
        return target
    path = os.fspath(target)
    if path == "-":
        opened.callback(sys.stdout.buffer.flush)
        return sys.stdout.buffer
    try:
        file = opened.enter_context(open(path, "wb"))  # noqa: SIM115 - the stack closes it
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{path}: cannot be written ({reason}); check the path") from None
    if not path.endswith(".gz"):
        return file
    # Neither the name nor the time is stored: the same lines make the same file.
    packed = gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0)
    return cast(BinaryIO, opened.enter_context(packed))


def _encoded(line: Line) -> bytes:
    try:
        text = _ENCODER.encode(line)
        # Encoding checks no types and makes null of NaN: what cannot be read must not be written.
        _DECODER.decode(text)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise UsageError(f"this line cannot be written ({error}); mend what makes it") from error
    if len(text) > LONGEST_LINE:
        raise UsageError(
            f"this line has {len(text)} bytes and the longest is {LONGEST_LINE}; shorten its texts"
        )
    return text

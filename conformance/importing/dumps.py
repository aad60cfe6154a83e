"""Reading a dump: recognised by its content, told apart into calls, each a trace of its own."""

from __future__ import annotations

import codecs
import contextlib
import io
from collections.abc import Callable, Sequence
from typing import BinaryIO, cast

import msgspec

from negotiation.conformance.traces.profiles import profile_named
from negotiation.conformance.traces.unpacking import DAMAGED, chained, read_some, unpacked
from negotiation.conformance.traces.writing import write_trace

from .entries import BrokenOffError, Connection, Dump, Remarked
from .formats import HEAD, Format, format_of
from .pairing import paired
from .weaving import woven


class Imported(msgspec.Struct, frozen=True):
    """One call of a dump, as a trace: its name within the dump, and the bytes of the trace."""

    name: str
    trace: bytes


class ImportedDump(msgspec.Struct, frozen=True):
    """All calls of a dump. `broken_off` says why it could not be read to its end.

    `silent` counts the connections of which nothing was told, which are no calls.
    """

    format: Format
    calls: tuple[Imported, ...]
    broken_off: str | None = None
    silent: int = 0


def head_of(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The unpacked beginning of a stream, and a stream of all of it, unpacked.

    A byte order mark is left out: editors on Windows write one, and no format has it.
    """
    whole = unpacked(stream)
    head = b""
    with contextlib.suppress(*DAMAGED):
        while len(head) < HEAD and (more := read_some(whole, HEAD - len(head))):
            head += more
    head = head.removeprefix(codecs.BOM_UTF8)
    return head, chained(head, whole)


def import_dump(
    stream: BinaryIO, progress: Callable[[int], None] | None = None
) -> ImportedDump | None:
    """The calls in a dump, gzipped or not; None: it is of no format that is known.

    `progress` is told how many bytes have been read.
    """
    if progress is not None:
        stream = cast(BinaryIO, _Watched(stream, progress))
    head, whole = head_of(stream)
    format = format_of(head)
    if format is None:
        return None
    dump = Dump()
    try:
        format.read(whole, dump)
    except BrokenOffError as reason:
        dump.broken_off = str(reason)
    except DAMAGED as error:
        dump.broken_off = f"the gzip data is damaged or torn off ({error})"
    for connection in dump:
        if _speaks_plan_b(connection) and profile_named(connection.profile).events:
            connection.profile = "plan-b"
    told = [one for one in dump if one.entries]
    calls = tuple(_imported(dump, ends) for ends in paired(told))
    silent = len(dump.connections) - len(told)
    return ImportedDump(format, calls, dump.broken_off, silent)


UNIFIED_SINCE = 72
"""The version of Chromium from which on connections speak Unified Plan, if not asked otherwise."""


def _speaks_plan_b(connection: Connection) -> bool:
    """Whether a connection has the semantics from before the specification, as far as is known."""
    if connection.speaks_plan_b:
        return True
    version = connection.stack.version.partition(".")[0]
    remarks = (one.text for one in connection.entries if isinstance(one, Remarked))
    if not version and any(text.startswith("addStream was called") for text in remarks):
        return True
    is_old = version.isdecimal() and len(version) < 6 and int(version) < UNIFIED_SINCE
    return is_old and connection.stack.name in ("chrome", "chromium")


def _imported(dump: Dump, ends: Sequence[Connection]) -> Imported:
    trace = io.BytesIO()
    write_trace(trace, woven(dump, ends))
    return Imported("+".join(one.name for one in ends), trace.getvalue())


class _Watched(io.RawIOBase):
    """A stream that tells how far it was read."""

    def __init__(self, stream: BinaryIO, progress: Callable[[int], None]) -> None:
        self._stream = stream
        self._progress = progress
        self._done = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        given = self._stream.read(size)
        self._done += len(given)
        self._progress(self._done)
        return given

"""Reading traces: line by line, in bounded memory, raising nothing but TraceError for what is read.

A trace is evidence: a line that contradicts those before it (a settlement without its call, a time
that runs backwards) ends the reading where it stands, after all that came before has been told.
What a file says is hostile input: it is quoted shortened here, and TraceError escapes it.
"""

from __future__ import annotations

import contextlib
import itertools
import zlib
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import BinaryIO

import msgspec

from ..errors import TraceError
from .decoding import Memory, header_from, is_json, time_of
from .finding_files import Source, opened_trace
from .format import LONGEST_LINE, AnyObservation, Header, Line, Sdp
from .ledger import SEE, RefusedError
from .paths import NOWHERE, Path
from .said import Said
from .trails import Trail

CHUNK = 64 * 1024
"""How many bytes are read, or unpacked, at once."""


class Trace(msgspec.Struct, frozen=True):
    """A trace that was read whole, or up to its first `error`.

    Each of the `observations` has its line number; `truncated` says that the end was torn off.
    """

    file: str
    header: Header
    sdps: dict[str, Sdp]
    observations: tuple[tuple[int, AnyObservation], ...]
    truncated: bool = False
    error: TraceError | None = None


def read_trace(source: Source) -> Trace:
    """The trace, with the error that ended it if one did: what came before it can be judged.

    Raises TraceError where no header could be read, and UsageError where there is no such file.
    """
    sdps: dict[str, Sdp] = {}
    observations: list[tuple[int, AnyObservation]] = []
    error = None
    with open_trace(source) as reader:
        try:
            for number, line in reader:
                if isinstance(line, Sdp):
                    sdps[line.id] = line
                elif not isinstance(line, Header):
                    observations.append((number, line))
        except TraceError as ending:
            error = ending
    return Trace(reader.file, reader.header, sdps, tuple(observations), reader.truncated, error)


def open_trace(source: Source, memory: Memory | None = None) -> TraceReader:
    """A reader that has read the header already. Raises as `read_trace` does.

    What lines say that were read with the same `memory` before need not be decoded again.
    """
    return TraceReader(source, memory)


_NO_STEP = (None, NOWHERE, b"")


class TraceReader:
    """Yields (line number, line) once, the header first, and is a context manager.

    `said` yields the same in a form that is faster to read; one of the two can be used. `header` is
    known from the start; `path` is what was read since, one object for recordings that say the same
    (`NOWHERE` where that is not known). `truncated` becomes true at the end, when the last line (or
    the gzip file) breaks off in the middle. Raises TraceError at the first line that is wrong.
    """

    def __init__(self, source: Source, memory: Memory | None = None) -> None:
        self.truncated = False
        self.line = 0
        self.path: Path = NOWHERE
        self._memory = Memory() if memory is None else memory
        self._blocks: Iterator[tuple[list[bytes], bool]]
        with contextlib.ExitStack() as opened:
            stream, self.file = opened_trace(source, opened)
            self._blocks = self._read_blocks(stream)
            self.header = self._read_header()
            self._opened = opened.pop_all()
        self._lines = self._read_all()

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        return self._lines

    def said(self) -> Iterator[tuple[int, int, float, Said | Sdp]]:
        """Yields what follows the header: (line number, n, t, what is said), of texts n = t = 0."""
        trail = Trail(self.header, self._memory)
        numbers, latest, path, n = self._memory.numbers, trail.latest, trail.path, 0
        for lines, ended in self._blocks:
            for text in lines:
                self.line += 1
                try:
                    # The way of nearly all lines: another recording said the same at this place.
                    start, number, time, rest = text.split(b",", 3)
                    usual, said, after, expected = path.usual
                    if rest != usual:
                        said, after, expected = path.step(rest) or _NO_STEP
                    if start != expected or number != numbers[n + 1]:
                        raise LookupError
                    t = time_of(time[4:])
                    if t < latest[said.peer] or not time.startswith(b'"t":'):
                        raise LookupError
                except (LookupError, ValueError):
                    if not text or text.isspace():
                        continue
                    trail.n, trail.path = n, path if trail.is_known else trail.path
                    try:
                        told = trail.take(text)
                    except RefusedError as refused:
                        if ended or is_json(text):
                            raise self._error(refused) from None
                        self.truncated = True
                        return
                    n, path = trail.n, trail.path if trail.is_known else NOWHERE
                    self.path = trail.path
                    yield self.line, *told
                else:
                    n += 1
                    latest[said.peer] = t
                    self.path = path = after
                    yield self.line, n, t, said

    def _read_all(self) -> Iterator[tuple[int, Line]]:
        yield self.line, self.header
        for number, n, t, said in self.said():
            yield number, said if isinstance(said, Sdp) else said.at(n, t)

    def __enter__(self) -> TraceReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file that was opened here; a stream that was given stays open."""
        self._opened.close()

    def _read_header(self) -> Header:
        for lines, ended in self._blocks:
            for index, text in enumerate(lines, start=1):
                self.line += 1
                if text and not text.isspace():
                    self._blocks = itertools.chain([(lines[index:], ended)], self._blocks)
                    try:
                        return header_from(text)
                    except RefusedError as refused:
                        raise self._error(refused) from None
        raise TraceError(self.file, 1, None, f"the file is empty; a trace has a header, {SEE}")

    def _error(self, refused: RefusedError) -> TraceError:
        return TraceError(self.file, self.line, refused.field, refused.message)

    def _read_blocks(self, stream: BinaryIO) -> Iterator[tuple[list[bytes], bool]]:
        """The lines without their newlines, some at once, and whether these were there."""
        try:
            for lines, ended in _split(self._chunks(stream)):
                if lines and len(lines[0]) > LONGEST_LINE:
                    what = f"is longer than {LONGEST_LINE} bytes; split what it says"
                    raise TraceError(self.file, self.line + 1, None, what)
                yield lines, ended
        except zlib.error as error:
            message = f"the gzip data is damaged here or soon after ({error}); copy the file again"
        except OSError as error:
            message = f"cannot be read ({error.strerror or error}); check the file"
        else:
            return
        raise TraceError(self.file, self.line + 1, None, message)

    def _chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        # read1 gives what is there, so that a trace can be followed while it is recorded.
        read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        start = read(CHUNK)
        while len(start) == 1 and (more := read(CHUNK)):
            start += more
        chunks = itertools.chain([start], iter(lambda: read(CHUNK), b""))
        return self._unpacked(chunks) if start.startswith(b"\x1f\x8b") else chunks

    def _unpacked(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """What is in the gzip members, one after another, as one text; zero padding is no text."""
        member = zlib.decompressobj(wbits=31)
        for chunk in chunks:
            while chunk:
                if member.eof:
                    chunk = chunk.lstrip(b"\0")
                    if not chunk:
                        break
                    member = zlib.decompressobj(wbits=31)
                before = member.copy()
                try:
                    text = member.decompress(chunk, CHUNK)
                except zlib.error:
                    yield from _until_damage(before, chunk)
                    raise
                yield text
                chunk = member.unused_data if member.eof else member.unconsumed_tail
        yield member.flush()
        self.truncated = not member.eof


def _until_damage(member: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    # An error takes with it what was unpacked in the same call: so unpack byte by byte.
    with contextlib.suppress(zlib.error):
        for at in range(len(chunk)):
            yield member.decompress(chunk[at : at + 1])


def _split(chunks: Iterable[bytes]) -> Iterator[tuple[list[bytes], bool]]:
    """The lines without their newlines, some at once, with whether the newlines were there.

    Of a line that is too long only as much is told as shows it; then nothing more is read.
    """
    begun = bytearray()
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        if begun and whole:
            whole[0] = bytes(begun + whole[0])
            begun.clear()
            if len(whole[0]) > LONGEST_LINE:
                yield whole[:1], True
                return
        yield whole, True
        begun += rest
        if len(begun) > LONGEST_LINE:
            yield [bytes(begun)], True
            return
    if begun:
        yield [bytes(begun)], False

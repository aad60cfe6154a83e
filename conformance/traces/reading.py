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
from .decoding import Memory, header_from, is_json
from .finding_files import Source, opened_trace
from .fingerprints import LARGEST, fingerprint
from .format import LONGEST_LINE, UNTOLD, AnyObservation, Header, Line, Sdp
from .ledger import SEE, Ledger, RefusedError
from .said import Said
from .summaries import Ufrags

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


class TraceReader:
    """Yields (line number, line) once, the header first, and is a context manager.

    `said` yields the same in a form that is faster to read; one of the two can be used. `header` is
    known from the start. `truncated` becomes true at the end, when the last line (or the gzip file)
    breaks off in the middle. Raises TraceError at the first line that is wrong.
    """

    def __init__(self, source: Source, memory: Memory | None = None) -> None:
        self.truncated = False
        self.line = 0
        self._damage: str | None = None
        self._memory = Memory() if memory is None else memory
        self._ufrags = Ufrags()
        with contextlib.ExitStack() as opened:
            stream, self.file = opened_trace(source, opened)
            self._chunks: Iterator[bytes] = self._read_chunks(stream)
            self.header = self._read_header()
            self._opened = opened.pop_all()
        self._lines = self._read_all()

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        return self._lines

    def fingerprint(self) -> bytes | None:
        """What the lines after the header say (`fingerprints`); None if that is not to be had.

        It has to be asked for before the first line is read, and reads a trace that is not too
        large to its end: whoever follows a trace while it is recorded does not want it.
        """
        held, size = [], 0
        for chunk in self._chunks:
            held.append(chunk)
            size += len(chunk)
            if size > LARGEST:
                break
        lines = b"".join(held)
        self._chunks = itertools.chain([lines], self._chunks)
        is_whole = size <= LARGEST and not self.truncated and self._damage is None
        return fingerprint(b"\n" + lines) if is_whole else None

    def read_again(self, lines: Iterable[int]) -> Iterator[tuple[int, AnyObservation]]:
        """The observations in these lines of a trace that has a fingerprint, and nothing else."""
        texts = next(self._chunks).split(b"\n") if lines else []
        for line in lines:
            told = self._memory.line(texts[line - self.line - 1])
            assert not isinstance(told, Header | Sdp)
            yield line, told

    def said(self) -> Iterator[tuple[int, int, float, Said | Sdp]]:
        """Yields what follows the header: (line number, n, t, what is said), of texts n = t = 0."""
        ledger = Ledger(self.header)
        for lines, ended in self._read_blocks():
            for text in lines:
                self.line += 1
                try:
                    told = self._admitted(text, ledger)
                except RefusedError as refused:
                    if not text or text.isspace():
                        continue
                    if ended or is_json(text):
                        raise self._error(refused) from None
                    self.truncated = True
                    return
                yield self.line, *told

    def _admitted(self, text: bytes, ledger: Ledger) -> tuple[int, float, Said | Sdp]:
        """The number, time and content of a line that fits those before it."""
        known = self._memory.known(text, ledger.n + 1)
        if known is not None:
            said, t = known
            ledger.admit(said, ledger.n + 1, t)
            return ledger.n, t, said
        line = self._memory.line(text)
        if isinstance(line, Header):
            what = "a second header; write each trace to a file of its own"
            raise RefusedError("kind", what)
        if isinstance(line, Sdp):
            ledger.admit_text(line)
            return 0, 0.0, self._summarised(line)
        said = self._memory.said(text, line)
        ledger.admit(said, line.n, line.t)
        return line.n, line.t, said

    def _summarised(self, line: Sdp) -> Sdp:
        """The line, with a summary of its text where the recorder made none, or told too little."""
        is_empty = not line.text and line.summary.problem == "syntax"
        if line.summary is not UNTOLD and not is_empty:
            return line
        return msgspec.structs.replace(line, summary=self._ufrags.summarise(line.text))

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
        text = self._first_line()
        if self._damage is not None:
            raise TraceError(self.file, self.line, None, self._damage)
        if not text:
            raise TraceError(self.file, 1, None, f"the file is empty; a trace has a header, {SEE}")
        try:
            return header_from(text)
        except RefusedError as refused:
            raise self._error(refused) from None

    def _first_line(self) -> bytes:
        """The first line that is not blank; what follows its newline is put back."""
        self.line = 1
        held = bytearray()
        for chunk in self._chunks:
            begun = chunk if held else chunk.lstrip()
            self.line += chunk[: len(chunk) - len(begun)].count(b"\n")
            line, newline, rest = begun.partition(b"\n")
            held += line
            if len(held) > LONGEST_LINE:
                raise self._too_long(self.line)
            if newline:
                self._chunks = itertools.chain([rest], self._chunks)
                break
        return bytes(held)

    def _error(self, refused: RefusedError) -> TraceError:
        return TraceError(self.file, self.line, refused.field, refused.message)

    def _too_long(self, line: int) -> TraceError:
        what = f"is longer than {LONGEST_LINE} bytes; split what it says"
        return TraceError(self.file, line, None, what)

    def _read_blocks(self) -> Iterator[tuple[list[bytes], bool]]:
        """The lines without their newlines, some at once, and whether these were there."""
        for lines, ended in _split(self._chunks):
            if lines and len(lines[0]) > LONGEST_LINE:
                raise self._too_long(self.line + 1)
            if ended or self._damage is None:
                yield lines, ended
        if self._damage is not None:
            raise TraceError(self.file, self.line + 1, None, self._damage)

    def _read_chunks(self, stream: BinaryIO) -> Iterator[bytes]:
        """What is in the file, unpacked; `_damage` says why it could not be read any further."""
        # read1 gives what is there, so that a trace can be followed while it is recorded.
        read: Callable[[int], bytes] = getattr(stream, "read1", stream.read)
        try:
            start = read(CHUNK)
            while len(start) == 1 and (more := read(CHUNK)):
                start += more
            chunks = itertools.chain([start], iter(lambda: read(CHUNK), b""))
            yield from self._unpacked(chunks) if start.startswith(b"\x1f\x8b") else chunks
        except zlib.error as error:
            what = f"the gzip data is damaged here or soon after ({error}); copy the file again"
            self._damage = what
        except OSError as error:
            self._damage = f"cannot be read ({error.strerror or error}); check the file"

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

"""Reading traces: line by line, in bounded memory, raising nothing but TraceError for what is read.

A trace is evidence: a line that contradicts those before it (a settlement without its call, a time
that runs backwards) ends the reading where it stands, after all that came before has been told.
What a file says is hostile input: it is quoted shortened here, and TraceError escapes it.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import math
import re
import reprlib
import zlib
from collections.abc import Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, BinaryIO, TypeVar, get_args

import msgspec

from ..errors import TraceError
from . import format as told
from .finding_files import Source, opened_trace
from .format import FORMAT, LONGEST_LINE, VERSION, AnyObservation, Header, Line, Sdp

CHUNK = 64 * 1024
"""How many bytes are read, or unpacked, at once."""

SEE = "see traces/README.md"

_TOO_DEEP = f"is nested too deeply; nothing in a trace is deeper than a few levels, {SEE}"
_SLACK = 1e-6
"""Times are read as binary fractions: so much (in milliseconds) is no difference."""

_LIMITS = reprlib.Repr()
_LIMITS.maxstring = _LIMITS.maxother = 60
_quoted = _LIMITS.repr

_T = TypeVar("_T")
_Ending = told.Return | told.Throw | told.Resolve | told.Reject


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


def open_trace(source: Source) -> TraceReader:
    """A reader that has read the header already. Raises as `read_trace` does."""
    return TraceReader(source)


class TraceReader:
    """Yields (line number, line) once, the header first, and is a context manager.

    `header` is known from the start. `truncated` becomes true at the end, when the last line (or
    the gzip file) breaks off in the middle. Raises TraceError at the first line that is wrong.
    """

    def __init__(self, source: Source) -> None:
        self.truncated = False
        self.line = 0
        with contextlib.ExitStack() as opened:
            stream, self.file = opened_trace(source, opened)
            self._texts = self._lines_with_text(stream)
            self.header = self._read_header()
            self._opened = opened.pop_all()
        self._lines = itertools.chain([(self.line, self.header)], self._read_rest())

    def __iter__(self) -> Iterator[tuple[int, Line]]:
        return self._lines

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
        for text, _ in self._texts:
            try:
                return _header_from(text)
            except _RefusedError as refused:
                raise self._error(refused) from None
        raise TraceError(self.file, 1, None, f"the file is empty; a trace has a header, {SEE}")

    def _read_rest(self) -> Iterator[tuple[int, Line]]:
        ledger = _Ledger(self.header)
        for text, ended in self._texts:
            try:
                line = _line_from(text)
                ledger.admit(line)
            except _RefusedError as refused:
                if ended or _is_json(text):
                    raise self._error(refused) from None
                self.truncated = True
                return
            yield self.line, line

    def _error(self, refused: _RefusedError) -> TraceError:
        return TraceError(self.file, self.line, refused.field, refused.message)

    def _lines_with_text(self, stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
        try:
            for text, ended in _split(self._chunks(stream)):
                self.line += 1
                if len(text) > LONGEST_LINE:
                    what = f"is longer than {LONGEST_LINE} bytes; split what it says"
                    raise TraceError(self.file, self.line, None, what)
                if text and not text.isspace():
                    yield text, ended
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


def _split(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines without their newlines, each with whether its newline was there.

    Of a line that is too long only as much is told as shows it; then nothing more is read.
    """
    begun = bytearray()
    for chunk in chunks:
        *whole, rest = chunk.split(b"\n")
        for piece in whole:
            if begun:
                yield bytes(begun + piece), True
                begun.clear()
            else:
                yield piece, True
        begun += rest
        if len(begun) > LONGEST_LINE:
            yield bytes(begun), True
            return
    if begun:
        yield bytes(begun), False


class _RefusedError(Exception):
    """A line is wrong: `field` and `message` as in TraceError, which adds the place."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message


class _Ledger:
    """What the lines so far have told, which no later line may contradict."""

    def __init__(self, header: Header) -> None:
        self._peers = header.peers
        self._n = 0
        self._times = dict.fromkeys(header.peers, -math.inf)
        self._sdps: set[str] = set()
        self._callers: dict[int, str] = {}
        self._returned: set[int] = set()
        self._settled: set[int] = set()

    def admit(self, line: Line) -> None:
        """Raise _RefusedError if the line does not fit the lines before it."""
        if isinstance(line, Header):
            raise _RefusedError("kind", "a second header; write each trace to a file of its own")
        if isinstance(line, Sdp):
            if line.id in self._sdps:
                raise _RefusedError("id", f"{_quoted(line.id)} names another SDP text; rename it")
            self._sdps.add(line.id)
        else:
            self._keep_order(line)
            self._keep_references(line)

    def _keep_order(self, line: AnyObservation) -> None:
        peer = self._peers.get(line.peer)
        if peer is None:
            known = f"the header names {_quoted(sorted(self._peers))}"
            raise _RefusedError("peer", f"{_quoted(line.peer)} is unknown; {known}")
        if line.n <= self._n:
            after = f"{_quoted(line.n)} after {_quoted(self._n)}"
            raise _RefusedError("n", f"{after}; count observations from 1, rising")
        latest = self._times[line.peer]
        if line.t < latest - peer.clock.resolution - _SLACK:
            raise _RefusedError(
                "t",
                f"{line.t} after {latest}, backwards by more than the resolution of the peer's "
                "clock; sort the lines, or put the resolution in the header",
            )
        self._n = line.n
        self._times[line.peer] = max(latest, line.t)

    def _keep_references(self, line: AnyObservation) -> None:
        match line:
            case told.Call():
                if line.id in self._callers:
                    raise _RefusedError("id", f"{_quoted(line.id)} is another call's; renumber it")
                self._callers[line.id] = line.peer
                self._know("args.description.sdp", line.args.description)
            case told.Return() | told.Throw():
                self._end(line, self._returned, "returned or thrown")
                if isinstance(line, told.Throw):
                    self._settled.add(line.call)
            case told.Resolve() | told.Reject():
                self._end(line, self._settled, "settled or thrown")
                if isinstance(line, told.Resolve):
                    self._know("description.sdp", line.description)
            case told.Send():
                self._know("description.sdp", line.description)
            case told.Idle():
                for call in line.pending:
                    self._begun("pending", call, line.peer)
            case _:
                pass

    def _know(self, field: str, description: told.DescriptionRef | None) -> None:
        sdp = description and description.sdp
        if sdp is not None and sdp not in self._sdps:
            message = f"{_quoted(sdp)} is the id of no SDP text so far; write its sdp line before"
            raise _RefusedError(field, message)

    def _begun(self, field: str, call: int, peer: str) -> None:
        caller = self._callers.get(call)
        if caller is None:
            message = f"there is no call {_quoted(call)} so far; write its call line before"
            raise _RefusedError(field, message)
        if caller != peer:
            message = f"call {_quoted(call)} is peer {_quoted(caller)}'s; name one of this peer's"
            raise _RefusedError(field, message)

    def _end(self, line: _Ending, ended: set[int], how: str) -> None:
        self._begun("call", line.call, line.peer)
        if line.call in ended:
            message = f"call {_quoted(line.call)} has {how} already; write each ending once"
            raise _RefusedError("call", message)
        ended.add(line.call)


class _Opening(msgspec.Struct):
    """What is looked at before the header's other fields, which other versions may change."""

    kind: Any = None
    format: Any = None
    version: Any = None


def _no_name_twice(pairs: list[tuple[str, Any]]) -> None:
    names = set()
    for name, _ in pairs:
        if name in names:
            raise _RefusedError(name[:60], "is there twice in one object; write it once")
        names.add(name)


def _no_constant(name: str) -> None:
    raise _RefusedError(None, f"not JSON ({name} is no number there); leave the field out")


_LINE: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)
_OPENING = msgspec.json.Decoder(_Opening)
_ENCODER = msgspec.json.Encoder()
# Numbers are of no interest here, and turning long ones into numbers can be slow or refused.
_NAMES = json.JSONDecoder(
    object_pairs_hook=_no_name_twice, parse_int=len, parse_float=len, parse_constant=_no_constant
)
_KINDS = tuple(str(kind.__struct_config__.tag) for kind in get_args(Line))
_MISSING = re.compile(r"Object missing required field `([^`]*)`")


def _header_from(text: bytes) -> Header:
    opening = _decoded(_OPENING, text)
    if opening.kind != "header":
        raise _RefusedError(
            "kind",
            f'the first line must be the header (kind "header"), not {_quoted(opening.kind)}; '
            "if this is a dump of another tool, import it first",
        )
    if opening.format != FORMAT:
        message = f'is {_quoted(opening.format)}; a trace says "{FORMAT}"'
        raise _RefusedError("format", message)
    if opening.version != VERSION:
        raise _RefusedError(
            "version",
            f"is {_quoted(opening.version)}, and only version {VERSION} is known here; "
            "update negotiation, or record the trace again",
        )
    header = _line_from(text)
    if not isinstance(header, Header) or not header.peers:
        raise _RefusedError("peers", f"names no peer; name each that is observed, {SEE}")
    return header


def _line_from(text: bytes) -> Line:
    line = _decoded(_LINE, text)
    try:
        # What the encoder would have written has no name twice; only the rest needs a closer look.
        if _ENCODER.encode(line) != text:
            _NAMES.decode(text.decode())
    except RecursionError:
        raise _RefusedError(None, _TOO_DEEP) from None
    except ValueError as error:
        raise _not_json(text, error) from None
    return line


def _decoded(decoder: msgspec.json.Decoder[_T], text: bytes) -> _T:
    try:
        return decoder.decode(text)
    except msgspec.ValidationError as error:
        raise _wrong_type(text, str(error)) from None
    except RecursionError:
        raise _RefusedError(None, _TOO_DEEP) from None
    except ValueError as error:
        raise _not_json(text, error) from None


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _not_json(text: bytes, error: ValueError) -> _RefusedError:
    try:
        _NAMES.decode(text.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _RefusedError(None, "is no UTF-8 text (a binary file?); a trace is JSON Lines")
    except _RefusedError as refused:
        return refused
    except (ValueError, RecursionError):
        if b"\0" in text:
            return _RefusedError(None, "is no text (a binary file?); a trace is UTF-8 JSON Lines")
        why = str(error).removeprefix("JSON is malformed: ")
        return _RefusedError(None, f"not JSON ({why}); write one JSON object a line, {SEE}")
    if text.startswith(b"\xef\xbb\xbf"):
        return _RefusedError(None, "begins with a byte order mark; save it as UTF-8 without one")
    return _RefusedError(None, "has half of a surrogate pair; write U+FFFD (\\ufffd) in its place")


def _wrong_type(text: bytes, problem: str) -> _RefusedError:
    """What msgspec says of a value ("Expected ... - at `$.x`"), as a field and a message."""
    with contextlib.suppress(ValueError, RecursionError):
        _NAMES.decode(text.decode())  # a name that is there twice explains what seems odd else
    what, _, path = problem.rpartition(" - at `$")
    what, path = (what, path.rstrip("`")) if what else (problem, "")
    if missing := _MISSING.fullmatch(what):
        field = f"{path}.{missing[1]}".lstrip(".")
        return _RefusedError(field, f"is missing; {SEE} for the fields of each kind of line")
    if path == ".kind" and what.startswith("Invalid value "):
        unknown = _quoted(what.removeprefix("Invalid value ").strip("'"))
        known = ", ".join(_KINDS)
        return _RefusedError("kind", f"is {unknown}, an unknown kind; known are: {known}")
    what = what.replace("`", "")[:200]
    return _RefusedError(path.lstrip(".") or None, f"{what[:1].lower()}{what[1:]}; {SEE}")

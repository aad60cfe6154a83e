"""Recordings of every kind: traces as they are, dumps as the traces that they hold.

A call of a dump is named `FILE#CALL`, wherever a trace can be named.
"""

from __future__ import annotations

import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from contextvars import ContextVar
from functools import lru_cache

from negotiation.conformance.errors import TraceError, UsageError
from negotiation.conformance.traces.decoding import Memory
from negotiation.conformance.traces.finding_files import (
    STDIN,
    SUFFIXES,
    Source,
    find_traces,
    opened_trace,
)
from negotiation.conformance.traces.reading import Trace, TraceReader, open_trace, read_trace

from .dumps import ImportedDump, import_dump
from .formats import FORMATS

MARK = "#"
"""Between the name of a dump and the name of one of its calls."""

ALSO = (".json", ".txt", ".html", ".htm", ".log", ".gz")
"""What the names of dumps may end with besides, where a folder is searched."""

MOST_DUMPS = 2
"""Dumps of which the traces are held, so that they are not read again for each call."""

PROGRESS: ContextVar[Callable[[int, int, str], None] | None] = ContextVar("progress", default=None)
"""Is told how many bytes of a dump were read, of how many (0: not known), and of which file."""

_LOOKED_AT = 4096
_TRACE = re.compile(rb'\s*\{(?:"kind":"header"|[^\n]*"format"\s*:\s*"negotiation-trace")')
"""A header as it is written here, or as others write it: with blanks, in another order."""


def find_recordings(names: Iterable[str | os.PathLike[str]]) -> list[str]:
    """As `find_traces`; of a dump, each of its calls. A name may be that of a call.

    Raises:
        UsageError: a name stands for nothing, or for dumps without any connection only.
        TraceError: a dump could not be read.
    """
    found: dict[str, None] = {}
    empty: list[str] = []
    named = [names] if isinstance(names, str) else [os.fspath(name) for name in names]
    for name in named:
        for file in _files(name):
            # Standard input beside other files is for the caller to refuse, before it is read.
            is_mixed = file == STDIN and len(named) > 1
            calls = [file] if is_mixed else _recordings(file)
            found.update(dict.fromkeys(calls))
            if not calls:
                empty.append(file)
    if empty and not found:
        raise UsageError(f"{empty[0]}: {_nothing_in(empty[0])}")
    if not found:
        raise UsageError("no trace was named; name files, folders or patterns, or - for stdin")
    return list(found)


def open_recording(source: Source, memory: Memory | None = None) -> TraceReader:
    """As `open_trace`, of what `find_recordings` found (a dump with one call is that call)."""
    if not isinstance(source, str | os.PathLike):
        return open_trace(source, memory)
    return open_trace(_bytes_of(os.fspath(source)), memory)


def read_recording(source: Source) -> Trace:
    """As `read_trace`, of what `find_recordings` found."""
    if not isinstance(source, str | os.PathLike):
        return read_trace(source)
    return read_trace(_bytes_of(os.fspath(source)))


def dump_named(file: str) -> ImportedDump | None:
    """The dump in this file ("-": standard input); None where it holds something else.

    Raises:
        UsageError: there is no such file.
        TraceError: it is a dump and could not be read at all.
    """
    try:
        about = os.stat(file) if file != STDIN else None
    except (OSError, ValueError):
        about = None  # whoever opens it says what is wrong with it
    dump = _read_dump(file, None if about is None else (about.st_mtime_ns, about.st_size))
    if dump is not None and dump.broken_off is not None and not dump.calls:
        what = f"{dump.format.says}, but {dump.broken_off}, and nothing came before; save it again"
        raise TraceError(_called(file), None, None, what)
    return dump


def _files(name: str) -> Iterator[str]:
    """The files that a name stands for; in folders, only what is a recording."""
    file, mark, _ = name.rpartition(MARK)
    if mark and not os.path.lexists(name) and (file == STDIN or os.path.isfile(file)):
        yield name
    elif os.path.isdir(name):
        named = find_traces([name], (*SUFFIXES, *ALSO))
        recordings = [one for one in named if one.endswith(SUFFIXES) or dump_named(one) is not None]
        yield from recordings or find_traces([name])
    else:
        yield from find_traces([name])


def _recordings(file: str) -> list[str]:
    if MARK in file and not os.path.lexists(file):
        return [file]
    dump = dump_named(file)
    if dump is None:
        return [file]
    return [f"{file}{MARK}{call.name}" for call in dump.calls]


def _nothing_in(file: str) -> str:
    """Why there is nothing to check in a dump without calls, and what to do."""
    dump = dump_named(file)
    if dump is None or not dump.silent:
        return "there is no peer connection that negotiated in this dump; nothing to check"
    many = "a peer connection" if dump.silent == 1 else f"{dump.silent} peer connections"
    return (
        f"of {many} in this dump nothing is told that negotiates, and nothing can be checked; "
        "the recording has to begin before the call does"
    )


def _bytes_of(name: str) -> Source:
    """The source of a trace: the name itself, or the trace of a call in a dump."""
    file, mark, call = name.rpartition(MARK)
    is_call = mark and not os.path.lexists(name)
    dump = dump_named(file if is_call else name)
    if dump is None:
        return name
    if not is_call and len(dump.calls) == 1:
        call = dump.calls[0].name
    for one in dump.calls:
        if one.name == call:
            return _named(one.trace, name)
    listed = ", ".join(one.name for one in dump.calls[:5]) or "none"
    raise UsageError(
        f"{name}: a dump with {len(dump.calls)} calls; name one of them after a {MARK}: {listed}"
    )


class _NamedBytes(io.BytesIO):
    """The bytes of a trace, and what it is called in messages."""

    name = ""


def _named(trace: bytes, name: str) -> _NamedBytes:
    stream = _NamedBytes(trace)
    stream.name = name
    return stream


@lru_cache(maxsize=MOST_DUMPS)
def _read_dump(file: str, about: tuple[int, int] | None) -> ImportedDump | None:
    """The dump in a file that was changed last at this time, and has this size."""
    if file != STDIN and about is None:
        return None
    with ExitStack() as opened:
        stream, _ = opened_trace(file, opened)
        start = _first_bytes(file)
        if not start or begins_as_a_trace(start):
            return None
        told = PROGRESS.get()
        size = 0 if about is None else about[1]
        dump = import_dump(stream, None if told is None else lambda done: told(done, size, file))
    if dump is None and file == STDIN:
        known = ", ".join(one.name for one in FORMATS)
        what = f"neither a trace nor a dump that can be imported ({known})"
        raise TraceError(_called(file), None, None, what)
    return dump


def _first_bytes(file: str) -> bytes:
    if file == STDIN:
        peek = getattr(sys.stdin.buffer, "peek", None)
        return b"" if peek is None else bytes(peek(_LOOKED_AT)[:_LOOKED_AT])
    with open(file, "rb") as stream:
        return stream.read(_LOOKED_AT)


def begins_as_a_trace(start: bytes) -> bool:
    """Whether a file that begins so, packed or not, is a trace."""
    if start.startswith(b"\x1f\x8b"):
        try:
            start = zlib.decompressobj(wbits=31).decompress(start, _LOOKED_AT)
        except zlib.error:
            return False
    return _TRACE.match(start) is not None


def _called(file: str) -> str:
    return "<stdin>" if file == STDIN else file

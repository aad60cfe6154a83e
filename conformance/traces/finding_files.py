"""From what was named on a command line to the trace files that are meant, and to their bytes."""

from __future__ import annotations

import contextlib
import glob
import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NoReturn

from ..errors import TraceError, UsageError

Source = str | os.PathLike[str] | BinaryIO
"""Where a trace is read: a path, "-" for stdin, or a stream of bytes. Gzip is seen by content."""

STDIN = "-"
SUFFIXES = (".jsonl", ".jsonl.gz")
"""What the name of a trace ends with, where a folder is searched."""


def find_traces(
    names: Iterable[str | os.PathLike[str]], suffixes: Sequence[str] = SUFFIXES
) -> list[str]:
    """The files that the names stand for, in their order, each once; "-" stands for itself.

    A name is a file (whatever its suffix), a folder (searched with all that is below it for the
    suffixes, in the order of the names) or a pattern like `traces/**/chromium*.jsonl`. Raises
    UsageError where a name stands for nothing, and where there are no names.
    """
    found: dict[str, str] = {}
    for name in [names] if isinstance(names, str) else names:
        for file in _files(os.fspath(name), tuple(suffixes)):
            found.setdefault(file if file == STDIN else os.path.realpath(file), file)
    if not found:
        raise UsageError("no trace was named; name files, folders or patterns, or - for stdin")
    return list(found.values())


def opened_trace(source: Source, opened: contextlib.ExitStack) -> tuple[BinaryIO, str]:
    """The bytes of a trace, and what the file is called in messages; `opened` is to close it.

    Raises UsageError where there is no such file, TraceError where it cannot be opened.
    """
    if isinstance(source, io.TextIOBase):
        raise UsageError("a trace is read as bytes; open the file in binary mode")
    if not isinstance(source, str | os.PathLike):
        name = getattr(source, "name", None)
        return source, name if isinstance(name, str) else "<stream>"
    path = os.fspath(source)
    if path == STDIN:
        return sys.stdin.buffer, "<stdin>"
    try:
        return opened.enter_context(open(path, "rb")), path
    except (FileNotFoundError, ValueError):
        raise UsageError(f"{path}: there is no such file; check the path") from None
    except OSError as error:
        message = f"cannot be opened ({error.strerror or error}); check what it is, and its rights"
        raise TraceError(path, None, None, message) from None


def _files(name: str, suffixes: tuple[str, ...]) -> list[str]:
    if name == STDIN:
        return [STDIN]
    try:
        if os.path.isdir(name):
            return _in_folder(name, suffixes)
        # A file whose own name looks like a pattern is still that file.
        return [name] if os.path.lexists(name) else _matching(name, suffixes)
    except ValueError as error:  # a NUL character, say
        raise UsageError(f"{name!r} is no path ({error}); name a file or a folder") from None


def _in_folder(folder: str, suffixes: tuple[str, ...]) -> list[str]:
    files = list(_walk(folder, suffixes))
    if not files:
        raise UsageError(
            f"{folder}: there is no trace in this folder or below it; looked for files that end "
            f"with {' or '.join(suffixes)}, so name other files one by one"
        )
    return files


def _matching(pattern: str, suffixes: tuple[str, ...]) -> list[str]:
    if not glob.has_magic(pattern):
        raise UsageError(f"{pattern}: there is no such file or folder; check the path")
    files: list[str] = []
    for match in sorted(glob.glob(pattern, recursive=True)):
        files += _walk(match, suffixes) if os.path.isdir(match) else [match]
    if not files:
        raise UsageError(f"{pattern}: no file matches this pattern; check it, and the quotes")
    return files


def _walk(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    for path, folders, files in os.walk(folder, onerror=_unreadable):
        folders.sort()
        yield from (str(Path(path, file)) for file in sorted(files) if file.endswith(suffixes))


def _unreadable(error: OSError) -> NoReturn:
    reason = error.strerror or type(error).__name__
    raise UsageError(f"{error.filename}: this folder cannot be read ({reason}); check its rights")

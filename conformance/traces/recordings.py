"""A folder of recordings: one file a program, written while it is recorded."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path

import msgspec

from ..errors import NegotiationError
from .finding_files import SUFFIXES
from .format import Header, Line
from .reading import open_trace
from .writing import TraceWriter, write_trace

PLAIN, PACKED = SUFFIXES


class Recordings:
    """A context manager: the traces that are being written to a folder, one after the other.

    What was observed is on the disk at once, whatever happens next. Compressed traces are
    compressed once more when they are whole, as flushing after each line made them larger: the same
    lines make the same bytes. `mark` is added to the names of the files.
    """

    def __init__(self, folder: Path, *, gzip: bool = False, mark: str = "") -> None:
        self.folder = folder
        self._suffix = mark + (PACKED if gzip else PLAIN)
        self._gzip = gzip
        self._open = ExitStack()
        self._writer: TraceWriter | None = None
        self._lines: list[Line] = []
        self._target = folder
        self.written: list[str] = []

    def path(self, program: str) -> Path:
        """The file of a program's trace."""
        return self.folder / f"{program}{self._suffix}"

    def take(self, program: str, line: Line) -> None:
        """Write a line to the program's trace; a header begins a new one."""
        if self._writer is None or isinstance(line, Header):
            self._close()
            self._target = self.path(program)
            self._writer = self._open.enter_context(TraceWriter(self._target))
            self.written.append(program)
        self._writer.write(line)
        self._lines.append(line)

    def finish(self) -> None:
        """The trace that is being written is whole."""
        is_begun, lines = self._writer is not None, self._lines
        self._close()
        if is_begun and self._gzip:
            part = self._target.with_name(f".{self._target.name}.part.gz")
            write_trace(part, lines)
            os.replace(part, self._target)

    def _close(self) -> None:
        self._open.close()
        self._writer = None
        self._lines = []

    def __enter__(self) -> Recordings:
        return self

    def __exit__(self, *ending: object) -> None:
        self._close()


UNSUPPORTED = "unsupported.json"
"""The file that says why a program has no recording in the folder."""


def write_unsupported(folder: Path, lacking: Mapping[str, str]) -> None:
    """Write which programs were not begun, each with what the stack lacks; no file for none.

    A recording that is not there would otherwise look as one that was forgotten.
    """
    path = folder / UNSUPPORTED
    if not lacking:
        path.unlink(missing_ok=True)
        return
    path.write_text(json.dumps(dict(sorted(lacking.items())), indent=1) + "\n", "utf-8")


def read_unsupported(folder: Path) -> dict[str, str]:
    """What `write_unsupported` wrote; nothing where there is no such file, or another one."""
    try:
        return msgspec.json.decode((folder / UNSUPPORTED).read_bytes(), type=dict[str, str])
    except (OSError, msgspec.DecodeError):
        return {}


def prune(folder: Path, keep: Collection[Path]) -> list[Path]:
    """Remove the recordings in the folder (not below it) that are not to be kept; gives them.

    What does not begin as a trace does is nobody's recording, and stays.
    """
    kept = {path.name for path in keep}
    gone = [
        path
        for path in sorted(folder.iterdir())
        if path.name.endswith(SUFFIXES) and path.name not in kept and _is_recording(path)
    ]
    for path in gone:
        path.unlink()
    return gone


def _is_recording(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    try:
        with open_trace(path) as reader:
            return reader.header.program is not None
    except NegotiationError:
        return False

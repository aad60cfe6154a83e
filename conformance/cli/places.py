"""The traces that are meant, and `TRACE:LINE`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence

from ..errors import UsageError
from ..importing.opening import find_recordings, read_recording
from ..traces.finding_files import STDIN
from ..traces.reading import Trace


def place(given: str) -> tuple[str, int | None]:
    """The trace, and the line if one is given; a file that is called so is meant as it is.

    Raises:
        UsageError: the line is no line, or the trace is none, or several.
    """
    name, line = _parted(given)
    files = places(given)
    if len(files) != 1:
        raise UsageError(f"{name}: these are {len(files)} traces; name one of them")
    return files[0], line


def places(given: str) -> list[str]:
    """The traces that are meant, whichever line of them.

    Raises:
        UsageError: as `place`, but for several.
    """
    name, _ = _parted(given)
    return [name] if name == STDIN else find_recordings([name])


def add_traces(parser: argparse.ArgumentParser) -> None:
    """The traces that a command judges; `recordings_named` are these."""
    parser.add_argument(
        "traces", nargs="+", metavar="TRACE", help="a file, a folder, a pattern, or - for stdin"
    )


def recordings_named(names: Sequence[str]) -> list[str]:
    """The recordings that the names stand for.

    Raises:
        UsageError: as `find_recordings`, or standard input is among files.
    """
    files = find_recordings(names)
    if STDIN in files and len(files) > 1:
        raise UsageError("- (standard input) cannot be mixed with files; name it by itself")
    return files


def _parted(given: str) -> tuple[str, int | None]:
    trace, colon, line = given.rpartition(":")
    if not colon or os.path.lexists(given):
        return given, None
    if not line.isdecimal() or not int(line):
        raise UsageError(f"{given}: {line!r} is no line; write TRACE:LINE, with lines from 1")
    return trace, int(line)


def trace_with(file: str, line: int | None, peer: str | None = None) -> Trace:
    """The trace; it must have an observation in that line, and the peer.

    Raises:
        UsageError: it has none there, or no such peer.
        TraceError: it could not be read as far as that.
    """
    trace = read_recording(file)
    _check_line(trace, file, line)
    if peer is not None and peer not in trace.header.peers:
        there = ", ".join(trace.header.peers)
        raise UsageError(f"{file}: there is no peer {peer!r}; there are {there}")
    return trace


def _check_line(trace: Trace, file: str, line: int | None) -> None:
    known = [number for number, _ in trace.observations]
    if line is None or line in known:
        return
    if trace.error is not None and (not known or line > known[-1]):
        raise trace.error
    if not known:
        raise UsageError(f"{file}: there is no observation in it; record some")
    what = "the header" if line == 1 else "no observation"
    if line > known[-1]:
        raise UsageError(f"{file}:{line}: the last observation is in line {known[-1]}; name it")
    nearest = min(known, key=lambda one: abs(one - line))
    raise UsageError(f"{file}:{line}: there is {what} in this line; the nearest is {nearest}")

"""What the system tells of a stack's processes: memory and processor time, from /proc.

Where there is no /proc nothing is known, and nothing is concluded.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec

MIB = 1 << 20
WARM = 5
"""Programs after which caches are filled: growth counts from there."""

_STATE, _PARENT, _USER_TIME, _SYSTEM_TIME, _START, _RESIDENT = 0, 1, 11, 12, 19, 21
"""Places in /proc/PID/stat, counted from the field that follows the command's name."""


class Usage(msgspec.Struct, frozen=True):
    """What the processes of a group use: `memory` in bytes, `time` in seconds of processors.

    Memory that processes share counts for each of them, so only its growth means something.
    """

    memory: int
    time: float


class Process(msgspec.Struct, frozen=True):
    """A process that was there: ids are used again, its start tells it from later ones."""

    id: int
    start: int
    name: str

    def lives(self) -> bool:
        """Whether it is still there, and not merely to be buried by its parent."""
        fields = _fields(Path(f"/proc/{self.id}/stat"))
        return bool(fields) and int(fields[_START]) == self.start and fields[_STATE] != "Z"

    def kill(self) -> None:
        """Ends it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.id, signal.SIGKILL)


def descendants(process: int | None) -> tuple[Process, ...]:
    """All that a process started, and what that started in turn, as far as it is known."""
    if process is None:
        return ()
    children: dict[int, list[Process]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        if fields := _fields(path):
            id = int(path.parent.name)
            child = Process(id, int(fields[_START]), _name(path.with_name("cmdline")))
            children.setdefault(int(fields[_PARENT]), []).append(child)
    below = list(children.get(process, ()))
    for child in below:  # which grows on the way
        below += children.get(child.id, ())
    return tuple(below)


def usage(group: int | None) -> Usage | None:
    """What the process group uses now; None if that is not known."""
    found = [] if group is None else list(_stats(group))
    if not found:
        return None
    pages = sum(int(fields[_RESIDENT]) for fields in found)
    ticks = sum(int(fields[_USER_TIME]) + int(fields[_SYSTEM_TIME]) for fields in found)
    return Usage(pages * os.sysconf("SC_PAGE_SIZE"), ticks / os.sysconf("SC_CLK_TCK"))


def _stats(group: int) -> Iterator[list[str]]:
    # The system is asked for the group first: to read what all processes tell of themselves takes
    # milliseconds, after each program.
    for id in _processes():
        fields = _fields(Path(f"/proc/{id}/stat")) if _group(id) == group else []
        if fields:
            yield fields


def _processes() -> list[int]:
    """The ids of all processes."""
    with contextlib.suppress(OSError):
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    return []


def _group(process: int) -> int | None:
    """The group that a process is in, None if it has ended."""
    with contextlib.suppress(OSError):
        return os.getpgid(process)
    return None


def _fields(stat: Path) -> list[str]:
    """What the file tells after the command's name; nothing if the process has ended."""
    with contextlib.suppress(OSError):
        # The name is in parentheses, and may hold anything.
        return stat.read_text("utf-8", "replace").rpartition(")")[2].split()
    return []


def _name(cmdline: Path) -> str:
    with contextlib.suppress(OSError):
        return cmdline.read_text("utf-8", "replace").replace("\0", " ").strip()[:80]
    return ""


class Growth:
    """How the memory of one process group grows over programs; `bound` in bytes."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._programs = 0
        self._first = 0
        self._latest = 0
        self._most = (0, "")

    def after(self, program: str, memory: int) -> str | None:
        """Takes the memory after a program; tells of the growth when it is beyond the bound."""
        self._programs += 1
        if self._programs <= WARM:
            self._first = self._latest = memory
            return None
        self._most = max(self._most, (memory - self._latest, program))
        self._latest = memory
        if memory - self._first <= self._bound:
            return None
        grown, worst = self._most
        return (
            f"its memory grew from {self._first // MIB} MiB to {memory // MIB} MiB in "
            f"{self._programs - WARM} programs, most in {worst} ({grown // MIB} MiB)"
        )

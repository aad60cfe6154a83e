"""Links to adapter programs: the recorder protocol as JSON lines over standard input and output.

A program runs in an empty folder of its own, which is also its temporary folder, and in a process
group of its own. The end of what it writes to standard error is told when it does not do its work.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from .guarding import Guard
from .links import LinkClosedError, StackError
from .pipes import PipeLines
from .registry import StackRow

_DYING = 2.0
"""Seconds that a program may take to exit after its standard output ended."""
_GLANCE = 0.05
"""Seconds between two looks at whether a program has exited."""


class ProgramLink:
    """A running adapter program; see `links.Link`."""

    opening = "say hello"

    def __init__(self, command: Sequence[str]) -> None:
        self._command = tuple(command)
        self._folder: Path | None = None
        self._guard: Guard | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._output = PipeLines()
        self._undertaker: asyncio.Task[None] | None = None

    async def __aenter__(self) -> ProgramLink:
        self._folder = Path(tempfile.mkdtemp(prefix="negotiation-"))
        try:
            self._guard = Guard(self._folder)
            self._process = await self._started(self._folder)
            self._guard.watch(self._process.pid)
            self._undertaker = asyncio.create_task(_bury(self._process))
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    @property
    def process(self) -> int | None:
        """The id of the program's process, which is its process group's too."""
        return None if self._process is None else self._process.pid

    def last_words(self) -> str:
        """The end of what the program wrote to its standard error."""
        if self._folder is None:
            return ""
        with contextlib.suppress(OSError):
            return (self._folder / "log").read_text("utf-8", "replace")[-1000:].strip()
        return ""

    async def first(self) -> str | bytes:
        """The program's first line."""
        try:
            return await self.receive()
        except LinkClosedError as error:
            raise StackError(f"{self._command[0]}: {error}") from error

    async def send(self, message: str) -> None:
        """Sends a line to the program."""
        pipe = self._running().stdin
        if pipe is None:
            raise LinkClosedError("the program takes no input")
        try:
            pipe.write(message.encode() + b"\n")
            await pipe.drain()
        except ConnectionError as error:
            raise LinkClosedError(await self._end()) from error

    async def receive(self) -> bytes:
        """The program's next line."""
        self._running()
        line = await self._output.next()
        if not line.endswith(b"\n"):
            raise LinkClosedError(await self._end())
        return line

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise LinkClosedError("the program was not started")
        return self._process

    async def _end(self) -> str:
        """How the program ended, in words."""
        how = "it closed its output"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_DYING):
                how = f"it exited with {await _exit(self._running())}"
        return f"{how}; it said: {self.last_words() or 'nothing'}"

    async def _started(self, folder: Path) -> asyncio.subprocess.Process:
        with (folder / "log").open("wb") as log, self._output.opened() as output:
            try:
                return await asyncio.create_subprocess_exec(
                    *self._command,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=output,
                    stderr=log,
                    cwd=folder,
                    env={**os.environ, "TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
                    start_new_session=True,
                )
            except OSError as error:
                raise StackError(f"{self._command[0]} cannot be started: {error}") from error

    async def _stop(self) -> None:
        # The kill comes first and awaits nothing, so that no second interrupt can prevent it.
        # No politeness: a hung program would not listen, and nothing of it is kept.
        if self._process is not None:
            _kill(self._process)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_DYING):
                    await self._process.wait()
        if self._undertaker is not None:
            self._undertaker.cancel()
        self._output.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._guard is not None:
            self._guard.dismiss()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


async def _exit(process: asyncio.subprocess.Process) -> int:
    """The exit code. `Process.wait` would wait for all who have the pipes, in Python 3.11."""
    while process.returncode is None:
        await asyncio.sleep(_GLANCE)
    return process.returncode


async def _bury(process: asyncio.subprocess.Process) -> None:
    """Kills what a program leaves behind: its children could keep its output open."""
    await _exit(process)
    _kill(process)


class Programs:
    """Starts one adapter program, as often as it is needed; see `links.Opener`."""

    def __init__(self, row: StackRow, executable: Path) -> None:
        self._command = row.command(executable)

    async def __aenter__(self) -> Programs:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None

    def link(self) -> ProgramLink:
        """A program that is still to be started."""
        return ProgramLink(self._command)

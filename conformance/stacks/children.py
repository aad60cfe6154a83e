"""Child processes: started, guarded, ended and quoted in one way, whatever they are.

A child runs in an empty folder of its own, which goes with it, and in a process group of its own.
What it writes to its standard error is a file in that folder, of which the end can be told. A guard
ends it when this process is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import msgspec

from .guarding import Guard
from .links import StackError
from .pipes import PipeLines

_DYING = 2.0
"""Seconds that a child may take to be gone after it was killed, or after its output ended."""
_GLANCE = 0.05
"""Seconds between two looks at a child that may live for hours."""
_BLINK = 0.005
"""Seconds between two looks at one that is about to exit."""
_LAST_WORDS = 1000
"""Characters of what a child said that are told."""
_LONGEST_LOG = 64 * 1024 * 1024
"""Bytes of what a child said that are kept: one that babbles must not fill the disk."""

Environment = Callable[[Path], Mapping[str, str]]


def _temporary(folder: Path) -> Mapping[str, str]:
    return {"TMPDIR": str(folder)}


class Manner(msgspec.Struct, frozen=True):
    """How a child is started.

    `below` is where its folder is made (None: where temporary folders go), `environment` what is
    added to the variables, TMPDIR in the folder at least; `prepare` fills the folder before.
    `spoken_to` gives it pipes for standard input and output; without, it gets no input, and what
    it writes to its standard output is what it said, too. It runs `at` that directory, or in its
    own folder.
    """

    below: str | None = None
    environment: Environment = _temporary
    prepare: Callable[[Path], None] = lambda folder: None
    spoken_to: bool = False
    at: str | None = None


class Child:
    """An asynchronous context manager: a running child process.

    `command` gives the command line for the child's folder. Leaving the context, for whatever
    reason, kills its process group and whatever else it started, and removes its folder; so does a
    guard when this process is killed. What a child leaves behind is killed when it exits.

    A StackError says that it cannot be started.
    """

    def __init__(self, command: Callable[[Path], Sequence[str]], manner: Manner) -> None:
        self._command = command
        self._manner = manner
        self._folder: Path | None = None
        self._guard: Guard | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._output = PipeLines()
        self._undertaker: asyncio.Task[None] | None = None
        self._buried = False

    async def __aenter__(self) -> Child:
        made = tempfile.mkdtemp(prefix="negotiation-", dir=self._manner.below)
        self._folder = Path(made)
        try:
            self._guard = Guard(self._folder)
            self._process = await self._started(self._folder)
            self._guard.watch(self._process.pid)
            self._undertaker = asyncio.create_task(self._bury(self._process))
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
        """The id of the child's process, which is its process group's too."""
        return None if self._process is None else self._process.pid

    @property
    def pipes(self) -> tuple[asyncio.StreamWriter, PipeLines] | None:
        """Its standard input and output, if it is running and spoken to."""
        if self._process is None or self._process.stdin is None:
            return None
        return self._process.stdin, self._output

    def last_words(self) -> str:
        """The end of what the child wrote to its standard error."""
        if self._folder is None:
            return ""
        with contextlib.suppress(OSError), (self._folder / "log").open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - 4 * _LAST_WORDS))
            return log.read().decode("utf-8", "replace")[-_LAST_WORDS:].strip()
        return ""

    def strays(self) -> tuple[int, ...]:
        """Processes outside of its group whose TMPDIR is its folder, or is in there."""
        if self._folder is None:
            return ()
        return tuple(each for each in _with_folder(self._folder) if not self._is_of_group(each))

    async def exit(self, patience: float = _DYING) -> int | None:
        """Its exit code; None if it has not exited after so many seconds."""
        # Process.wait would wait for all who have the pipes, in Python 3.11.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._process is not None and self._process.returncode is None:
                    await asyncio.sleep(_BLINK)
        return None if self._process is None else self._process.returncode

    async def end(self) -> str:
        """How it ended, in words, when its output has ended."""
        code = await self.exit()
        how = "it closed its output" if code is None else f"it exited with {code}"
        return f"{how}; it said: {self.last_words() or 'nothing'}"

    @contextlib.asynccontextmanager
    async def while_it_runs(self) -> AsyncIterator[None]:
        """Ends what is awaited in this context with a StackError when the child exits."""
        task, process = asyncio.current_task(), self._process
        if process is None or task is None:
            raise StackError("the child was not started: enter its context first")
        exit = asyncio.ensure_future(process.wait())
        exit.add_done_callback(lambda done: done.cancelled() or task.cancel())
        try:
            yield
        except asyncio.CancelledError:
            if not exit.done() or task.uncancel() > 0:
                raise
            said = self.last_words() or "nothing"
            raise StackError(
                f"{self._name()} exited with {exit.result()}; it said: {said}"
            ) from None
        finally:
            exit.cancel()

    def _name(self) -> str:
        return self._command(self._folder or Path())[0]

    async def _started(self, folder: Path) -> asyncio.subprocess.Process:
        self._manner.prepare(folder)
        with (folder / "log").open("ab") as log:
            if not self._manner.spoken_to:
                return await self._run(folder, asyncio.subprocess.DEVNULL, log.fileno(), log)
            with self._output.opened() as output:
                return await self._run(folder, asyncio.subprocess.PIPE, output, log)

    async def _run(
        self, folder: Path, input: int, output: int, log: BinaryIO
    ) -> asyncio.subprocess.Process:
        try:
            return await asyncio.create_subprocess_exec(
                *self._command(folder),
                stdin=input,
                stdout=output,
                stderr=log,
                cwd=self._manner.at or folder,
                env={**os.environ, **self._manner.environment(folder)},
                start_new_session=True,
            )
        except OSError as error:
            raise StackError(f"{self._name()} cannot be started: {error}") from error

    def _is_of_group(self, process: int) -> bool:
        try:
            return os.getpgid(process) == self.process
        except ProcessLookupError:
            return True

    def _kill(self) -> None:
        # Once it is buried its id may be another's.
        if self._process is not None and not self._buried:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        for each in self.strays():
            with contextlib.suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    async def _bury(self, process: asyncio.subprocess.Process) -> None:
        """Kills what a child leaves behind: its own children could keep its output open."""
        while process.returncode is None:
            self._shorten_log()
            await asyncio.sleep(_GLANCE)
        self._kill()
        self._buried = True

    def _shorten_log(self) -> None:
        log = (self._folder or Path()) / "log"
        with contextlib.suppress(OSError):
            if log.stat().st_size > _LONGEST_LOG:
                os.truncate(log, 0)

    async def _stop(self) -> None:
        # The kill comes first and awaits nothing, so that no second interrupt can prevent it.
        # No politeness: a hung program would not listen, and nothing of it is kept.
        self._kill()
        if self._process is not None:
            await self.exit()
            await self._hang_up()
        if self._undertaker is not None:
            self._undertaker.cancel()
        if self._folder is not None:
            _remove(self._folder)
        if self._guard is not None:
            self._guard.dismiss()

    async def _hang_up(self) -> None:
        """Closes the pipes, although somebody may still have their other ends."""
        # A Process has no other way: its pipes close when the child's end is closed, and was read.
        transport: asyncio.SubprocessTransport = self._process._transport  # type: ignore[union-attr]
        transport.close()
        self._output.close()
        await asyncio.sleep(0)  # transports close in the loop's next turn


def _with_folder(folder: Path) -> list[int]:
    """The processes, of those that can be looked at, that were given this folder or one below."""
    variable = f"TMPDIR={folder}".encode()
    found = []
    for each in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            if any(_is_at(given, variable) for given in each.read_bytes().split(b"\0")):
                found.append(int(each.parent.name))
    return found


def _is_at(given: bytes, variable: bytes) -> bool:
    return given == variable or given.startswith(variable + b"/")


def _remove(folder: Path) -> None:
    """Removes the folder although processes that were just killed may not have let go of it yet."""
    for _ in range(5):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return

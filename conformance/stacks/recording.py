"""Recording: programs run on a real stack, what is observed as lines of traces.

`record` and `record_all` run a list of programs; `LiveStack` is a `Session`, and `LiveStacks` a
`Conductor`, for code that is not asynchronous. Each line is told as it comes, so that whoever
writes it loses nothing when the run is cut short.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from types import FrameType, TracebackType
from typing import Any, TypeVar

from ..programs.language import Program
from .conducting import Conductor
from .registry import StackRow
from .session import Out, Outcome, Recording, Session, Settings

__all__ = [
    "LiveStack",
    "LiveStacks",
    "Out",
    "Outcome",
    "Recording",
    "Session",
    "Settings",
    "record",
    "record_all",
]

T = TypeVar("T")


async def record(
    row: StackRow,
    programs: Sequence[Program],
    *,
    out: Out | None = None,
    settings: Settings | None = None,
) -> AsyncIterator[Recording]:
    """Runs the programs on the stack, one after the other, and yields each recording when it ends.

    `out` is told each line as it comes.
    """
    async with Session(row, settings) as session:
        for program in programs:
            yield await session.run(program, out)


class LiveStack:
    """A context manager: `Session` for code that is not asynchronous.

    Within the context SIGTERM raises SystemExit, so that no browser is left behind. Only the main
    thread can see to that; in another one, SIGTERM stays what it was.
    """

    def __init__(self, row: StackRow, settings: Settings | None = None) -> None:
        self._runner = asyncio.Runner()
        self._session: Session | Conductor = Session(row, settings)
        self._task: asyncio.Task[object] | None = None
        self._terminated = False

    def __enter__(self) -> LiveStack:
        self._in_main_thread = threading.current_thread() is threading.main_thread()
        if self._in_main_thread:
            self._before = signal.signal(signal.SIGTERM, self._terminate)
        try:
            self._run(self._session.__aenter__())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._in_main_thread:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends in a moment anyway
        try:
            self._runner.run(self._session.__aexit__(kind, error, trace))
        finally:
            self._close()

    def run(
        self, program: Program, out: Out | None = None, *, seed: int | None = None
    ) -> Recording:
        """As `Session.run`."""
        return self._run(self._session.run(program, out, seed=seed))

    @property
    def process(self) -> int | None:
        """As `Session.process`."""
        return self._session.process

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        try:
            return self._runner.run(self._cancellable(coroutine))
        except asyncio.CancelledError:
            if self._terminated:
                raise SystemExit(128 + signal.SIGTERM) from None
            raise

    async def _cancellable(self, coroutine: Coroutine[Any, Any, T]) -> T:
        self._task = asyncio.current_task()
        try:
            return await coroutine
        finally:
            self._task = None

    def _terminate(self, number: int, frame: FrameType | None) -> None:
        # Cancelled and not just left: a recording that goes on while the browser is killed would
        # tell that the browser died.
        self._terminated = True
        if self._task is None:
            raise SystemExit(128 + number)
        self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    def _close(self) -> None:
        self._runner.close()
        if self._in_main_thread:
            signal.signal(signal.SIGTERM, self._before)


class LiveStacks(LiveStack):
    """A context manager: `Conductor` for code that is not asynchronous; else as `LiveStack`."""

    def __init__(self, rows: Sequence[StackRow], settings: Settings | None = None) -> None:
        super().__init__(rows[0], settings)
        self._session = Conductor(rows, settings)


def record_all(
    row: StackRow,
    programs: Sequence[Program],
    *,
    out: Out | None = None,
    progress: Callable[[int, int, Recording], None] | None = None,
    settings: Settings | None = None,
) -> list[Recording]:
    """Runs the programs and gives their recordings. `out` is told each line as it comes.

    `progress` is told how many programs are done, of how many, and the latest recording.
    """
    recordings: list[Recording] = []
    with LiveStack(row, settings) as live:
        for program in programs:
            recordings.append(live.run(program, out))
            if progress is not None:
                progress(len(recordings), len(programs), recordings[-1])
    return recordings

"""Recording: programs run on a real stack, what is observed as lines of traces.

`record` and `record_all` run a list of programs; `LiveStack` is a `Session` for code that is not
asynchronous. Each line is told as it comes, so that whoever writes it loses nothing when the run is
cut short.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from types import FrameType, TracebackType

from ..programs.language import Program
from .registry import StackRow
from .session import Out, Outcome, Recording, Session, Settings

__all__ = [
    "LiveStack",
    "Out",
    "Outcome",
    "Recording",
    "Session",
    "Settings",
    "record",
    "record_all",
]


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
        self._session = Session(row, settings)

    def __enter__(self) -> LiveStack:
        self._in_main_thread = threading.current_thread() is threading.main_thread()
        if self._in_main_thread:
            self._terminated = signal.signal(signal.SIGTERM, _terminate)
        try:
            self._runner.run(self._session.__aenter__())
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
        try:
            self._runner.run(self._session.__aexit__(kind, error, trace))
        finally:
            self._close()

    def run(
        self, program: Program, out: Out | None = None, *, seed: int | None = None
    ) -> Recording:
        """As `Session.run`."""
        return self._runner.run(self._session.run(program, out, seed=seed))

    @property
    def process(self) -> int | None:
        """As `Session.process`."""
        return self._session.process

    def _close(self) -> None:
        self._runner.close()
        if self._in_main_thread:
            signal.signal(signal.SIGTERM, self._terminated)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


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

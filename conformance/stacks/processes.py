"""Links to adapter programs: the recorder protocol as JSON lines over standard input and output.

A program is a child (`children`) whose folder is also its temporary folder. The end of what it
writes to standard error is told when it does not do its work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

from .children import Child, Manner
from .links import LinkClosedError, StackError
from .pipes import PipeLines
from .registry import StackRow


def _environment(folder: Path) -> Mapping[str, str]:
    return {"TMPDIR": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


class ProgramLink:
    """A running adapter program; see `links.Link`. It runs `at` that directory, or in its own."""

    opening = "say hello"
    is_ours = True

    def __init__(self, command: Sequence[str], at: str | None = None) -> None:
        self._name = command[0]
        manner = Manner(environment=_environment, spoken_to=True, at=at)
        self.child = Child(lambda folder: tuple(command), manner)

    async def __aenter__(self) -> ProgramLink:
        await self.child.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.child.__aexit__(kind, error, trace)

    @property
    def process(self) -> int | None:
        """The id of the program's process, which is its process group's too."""
        return self.child.process

    def last_words(self) -> str:
        """The end of what the program wrote to its standard error."""
        return self.child.last_words()

    async def first(self) -> str | bytes:
        """The program's first line."""
        try:
            return await self.receive()
        except LinkClosedError as error:
            raise StackError(f"{self._name}: {error}") from error

    async def send(self, message: str) -> None:
        """Sends a line to the program."""
        try:
            pipe, _ = self._pipes()
            pipe.write(message.encode() + b"\n")
            await pipe.drain()
        except ConnectionError as error:
            raise LinkClosedError(await self.child.end()) from error

    async def receive(self) -> bytes:
        """The program's next line."""
        _, lines = self._pipes()
        line = await lines.next()
        if not line.endswith(b"\n"):
            raise LinkClosedError(await self.child.end())
        return line

    def finish(self) -> None:
        """Ends the program's input; what it still says can be received."""
        self._pipes()[0].close()

    def _pipes(self) -> tuple[asyncio.StreamWriter, PipeLines]:
        pipes = self.child.pipes
        if pipes is None:
            raise LinkClosedError("the program was not started")
        return pipes


class Programs:
    """Starts one adapter program, as often as it is needed; see `links.Opener`."""

    def __init__(self, row: StackRow, executable: Path) -> None:
        self._command = row.command(executable)
        self._at = row.at

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
        return ProgramLink(self._command, self._at)

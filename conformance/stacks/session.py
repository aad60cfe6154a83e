"""Sessions: one real stack, kept running, that runs programs one after the other.

A stack that hangs or dies ends its program, not the session: the lines so far stay, a `mark` says
what happened, and the stack is started again for the next program.
"""

from __future__ import annotations

import asyncio
import datetime
import functools
import importlib.metadata
from collections.abc import Callable
from contextlib import AsyncExitStack
from enum import StrEnum
from types import TracebackType

import msgspec

from ..programs.language import Program
from ..traces.format import VERSION, Clock, Header, Line, Mark, Peer, Stack
from .links import Link, LinkClosedError, StackError, opener
from .preparing import prepared
from .registry import StackRow
from .translating import Translator
from .wire import (
    Began,
    Ended,
    Failed,
    Hello,
    Message,
    Options,
    Order,
    ProtocolError,
    Unsupported,
    decoded,
)

Out = Callable[[Program, Line], None]
"""Is told each line as it comes."""


class Outcome(StrEnum):
    """How a program's recording ended."""

    COMPLETE = "complete"
    UNSUPPORTED = "unsupported"
    HUNG = "hung"
    DIED = "died"
    FAILED = "failed"


class Recording(msgspec.Struct, frozen=True):
    """What was recorded of a program; only a complete recording has seen its end.

    `detail` tells which calls are unsupported, or what happened. Without support there are no
    lines. `FAILED` means that the recorder itself is broken, not the stack.
    """

    program: Program
    lines: tuple[Line, ...]
    outcome: Outcome = Outcome.COMPLETE
    detail: str = ""


class Settings(msgspec.Struct, frozen=True):
    """How long to wait, in seconds, for a program and for the stack to start.

    `timeout` must leave room for the patience of `options`, or a promise that never settles looks
    like a stack that hangs.
    """

    timeout: float = 60.0
    start: float = 60.0
    options: Options = Options()


class _Taker:
    """Takes the messages of one program and tells its lines."""

    def __init__(self, program: Program, header: Header, out: Out | None) -> None:
        self._program = program
        self._header = header
        self._out = out
        self._translator = Translator({})
        self._seen = (0, 0.0)
        self.lines: list[Line] = []
        self.outcome: Outcome | None = None
        self.detail = ""

    def take(self, message: Message) -> None:
        """Takes one message; `outcome` is set when it was the last one."""
        match message:
            case Hello():
                raise ProtocolError("a recorder said hello in the middle of a program")
            case Began(streams=streams):
                self._translator = Translator(streams)
                self._tell(self._header)
            case Ended():
                self.outcome = Outcome.COMPLETE
            case Unsupported(what=what):
                self.outcome, self.detail = Outcome.UNSUPPORTED, ", ".join(what)
            case Failed(error=error):
                self.end(Outcome.FAILED, error)
            case _:
                self._seen = (message.n, message.t)
                for line in self._translator.lines(message):
                    self._tell(line)

    def end(self, outcome: Outcome, detail: str) -> None:
        """Ends the recording before its time, with a mark where there are lines."""
        self.outcome, self.detail = outcome, detail
        if self.lines:
            n, t = self._seen
            peer = self._program.peers[0]
            self._tell(Mark(n=n + 1, t=t, peer=peer, text=f"recorder: {outcome}: {detail}"))

    def recording(self) -> Recording:
        """What was recorded."""
        outcome = self.outcome or Outcome.FAILED
        return Recording(self._program, tuple(self.lines), outcome, self.detail)

    def _tell(self, line: Line) -> None:
        self.lines.append(line)
        if self._out is not None:
            self._out(self._program, line)


class Session:
    """An asynchronous context manager: a stack that runs one program after the other."""

    def __init__(self, row: StackRow, settings: Settings | None = None) -> None:
        self._row = row
        self._settings = settings or Settings()
        self._closing = AsyncExitStack()
        self._running: AsyncExitStack | None = None
        self._link: Link | None = None
        self._hello: Hello | None = None

    async def __aenter__(self) -> Session:
        executable = self._row.located()
        self._stack: Stack = await asyncio.to_thread(self._row.stack)
        made = opener(self._row, executable)
        self._opener = await self._closing.enter_async_context(made)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._stop()
        finally:
            await self._closing.aclose()

    async def run(
        self, program: Program, out: Out | None = None, *, seed: int | None = None
    ) -> Recording:
        """Runs the program. `seed` is what it was generated from, for the header.

        A ProgramError says that the program is wrong in itself, a StackError that the stack does
        not start.
        """
        order = prepared(program, self._settings.options)
        link = await self._started()
        taker = _Taker(program, self._header(program, seed), out)
        try:
            async with asyncio.timeout(self._settings.timeout):
                await _converse(link, order, taker)
        except TimeoutError:
            taker.end(Outcome.HUNG, f"no end within {self._settings.timeout:g} s")
        except LinkClosedError as error:
            taker.end(Outcome.DIED, str(error))
        except ProtocolError as error:
            taker.end(Outcome.FAILED, str(error))
        except BaseException:
            # Nobody takes the rest of this program's messages: the next one needs a new recorder.
            await self._stop()
            raise
        if taker.outcome not in (Outcome.COMPLETE, Outcome.UNSUPPORTED):
            await self._stop()
        return taker.recording()

    @property
    def process(self) -> int | None:
        """The id of the stack's process and process group, while it is running."""
        return None if self._link is None else self._link.process

    async def _started(self) -> Link:
        if self._link is None:
            try:
                await self._start(self._opener.link())
            except BaseException:
                await self._stop()
                raise
        assert self._link is not None
        return self._link

    async def _start(self, link: Link) -> None:
        self._running = AsyncExitStack()
        self._link = link
        await self._running.enter_async_context(link)
        title = self._row.title
        try:
            async with asyncio.timeout(self._settings.start):
                hello = decoded(await link.first())
        except (TimeoutError, LinkClosedError) as error:
            raise StackError(
                f"{title} did not {link.opening} within {self._settings.start:g} s; "
                f"it said: {link.last_words() or 'nothing'}"
            ) from error
        except ProtocolError as error:
            raise StackError(f"{title} did not say hello but {error}") from error
        if not isinstance(hello, Hello):
            raise StackError(f"{title} did not say hello but {hello!r}")
        self._hello = hello

    async def _stop(self) -> None:
        running, self._running = self._running, None
        self._link = None
        if running is not None:
            await running.aclose()

    def _header(self, program: Program, seed: int | None) -> Header:
        hello = self._hello or Hello("")
        peer = Peer(
            self._stack,
            recorder=f"negotiation-{self._row.recorder} {_own_version()}",
            profile=self._row.profile,
            clock=Clock(hello.resolution),
            configuration=hello.configuration,
        )
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        peers = dict.fromkeys(program.peers, peer)
        return Header("negotiation-trace", VERSION, now, peers, program=program.name, seed=seed)


async def _converse(link: Link, order: Order, taker: _Taker) -> None:
    await link.send(msgspec.json.encode(order).decode())
    while taker.outcome is None:
        taker.take(decoded(await link.receive()))


@functools.cache
def _own_version() -> str:
    try:
        return importlib.metadata.version("negotiation")
    except importlib.metadata.PackageNotFoundError:
        return "unreleased"

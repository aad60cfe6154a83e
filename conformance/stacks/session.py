"""Sessions: one real stack, kept running, that runs programs one after the other.

A stack that hangs or dies ends its program, not the session: the lines so far stay, a `mark` says
what happened (`Mark.trouble`), and the stack is started again for the next program. So it is when
its memory has grown too much, or when its process is to be no older.
"""

from __future__ import annotations

import asyncio
import datetime
import math
import time
from contextlib import AsyncExitStack
from types import TracebackType

import msgspec
from msgspec.structs import replace

from ..programs.language import Program
from ..release import tool_version
from ..traces.format import VERSION, Clock, Header, Peer, Stack
from .links import Announce, Link, LinkClosedError, StackError, opener
from .measuring import MIB, Growth, usage
from .preparing import prepared
from .registry import StackRow, version_in
from .taking import Out, Outcome, Recording, Taker
from .wire import Hello, Options, Order, ProtocolError, decoded

__all__ = ["Out", "Outcome", "Recording", "Session", "Settings"]

_GLANCE = 0.2
"""Seconds for which a stack that hangs is looked at: is it busy, or does it wait?"""


class Settings(msgspec.Struct, frozen=True):
    """How long to wait, in seconds, and how much to bear; None is without a bound.

    `timeout` is for a program. It must leave room for the patience of `options`, or a promise that
    never settles looks like a stack that hangs. `start` is for the stack to start, `batch` for the
    whole session: programs that come later are skipped. A process that is older than `process`
    makes way for a fresh one before the next program, and so does one whose memory has grown by
    more than `memory` bytes. `most` bounds the observations of a program.
    `announce` is told the address of a page that somebody has to open. `first` is a script that
    runs in the recorder's page before its own (the shim, to see that it changes nothing); stacks
    that are no browsers have no page.
    """

    timeout: float = 60.0
    start: float = 60.0
    batch: float | None = None
    process: float | None = None
    memory: int = 1024 * MIB
    most: int = 100_000
    options: Options = Options()
    announce: Announce = lambda address: None
    first: str = ""

    @property
    def over(self) -> str:
        """That the time of the session is over, in words."""
        return f"the {self.batch:g} s for all programs are over"


class Session:
    """An asynchronous context manager: a stack that runs one program after the other."""

    def __init__(self, row: StackRow, settings: Settings | None = None) -> None:
        self._row = row
        self._settings = settings or Settings()
        self._closing = AsyncExitStack()
        self._running: AsyncExitStack | None = None
        self._link: Link | None = None
        self._hello: Hello | None = None
        self._began = self._born = time.monotonic()
        self._growth = Growth(self._settings.memory)

    async def __aenter__(self) -> Session:
        self._began = time.monotonic()
        executable = self._row.located()
        self._stack: Stack = await asyncio.to_thread(self._row.stack)
        given = self._settings
        made = opener(self._row, executable, given.announce, given.first)
        self._opener = await self._closing.enter_async_context(made)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self.stop()
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
        left = self.time_left()
        if left <= 0:
            return Recording(program, (), Outcome.SKIPPED, self._settings.over)
        link = await self.link()
        peers = dict.fromkeys(program.peers, self.peer())
        taker = Taker(program, header_of(program, peers, seed), out, self._settings.most)
        try:
            await self._converse(link, order, taker, left)
            grown = self.growth(program) if taker.outcome is Outcome.COMPLETE else None
            if grown is not None:
                taker.leak(grown)
        except BaseException:
            # Nobody takes the rest of this program's messages: the next one needs a new recorder.
            await self.stop()
            raise
        if taker.leaked or taker.outcome not in (Outcome.COMPLETE, Outcome.UNSUPPORTED):
            await self.stop()
        return taker.recording()

    async def _converse(self, link: Link, order: Order, taker: Taker, left: float) -> None:
        """Gives the order and takes what comes, to its end or to the end of the time for it."""
        timeout = self._settings.timeout
        # A stack is not to blame for what a closed page, or another machine, may have done.
        hung, died = (Outcome.HUNG, Outcome.DIED) if link.is_ours else (Outcome.CUT, Outcome.CUT)
        try:
            async with asyncio.timeout(min(timeout, left)):
                await link.send(msgspec.json.encode(order).decode())
                while taker.outcome is None:
                    taker.take(decoded(await link.receive()))
        except TimeoutError:
            if left < timeout:
                taker.end(Outcome.CUT, self._settings.over)
            else:
                taker.end(hung, f"no end within {timeout:g} s{await doing(link)}")
        except LinkClosedError as error:
            taker.end(died, str(error))
        except ProtocolError as error:
            taker.end(Outcome.FAILED, str(error))

    def growth(self, program: Program) -> str | None:
        """How the stack's memory has grown, after this program, if that is beyond the bound."""
        used = usage(self.process)
        return None if used is None else self._growth.after(program.name, used.memory)

    def time_left(self) -> float:
        """Seconds that the session may still last."""
        batch = self._settings.batch
        return math.inf if batch is None else self._began + batch - time.monotonic()

    @property
    def process(self) -> int | None:
        """The id of the stack's process and process group, while it is running."""
        return None if self._link is None else self._link.process

    async def link(self) -> Link:
        """The link to the running stack, started if it is not; a StackError says why it is not.

        One that has run before is tried twice: it was running, so it can.
        """
        too_old = self._settings.process
        if too_old is not None and time.monotonic() - self._born > too_old:
            await self.stop()
        if self._link is not None:
            return self._link
        try:
            return await self._start(self._opener.link())
        except StackError:
            await self.stop()
            if self._hello is None:
                raise
        return await self._start(self._opener.link())

    async def _start(self, link: Link) -> Link:
        try:
            self._hello = await self._greeted(link)
        except BaseException:
            await self.stop()
            raise
        return link

    async def _greeted(self, link: Link) -> Hello:
        """Starts the stack and waits for its recorder's hello."""
        self._running = AsyncExitStack()
        self._link = link
        self._born, self._growth = time.monotonic(), Growth(self._settings.memory)
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
        return hello

    async def stop(self) -> None:
        """Ends the stack; it is started again when it is needed."""
        running, self._running = self._running, None
        self._link = None
        if running is not None:
            await running.aclose()

    def peer(self) -> Peer:
        """A peer of the running stack, as traces tell it."""
        hello = self._hello or Hello("")
        stack = self._stack
        if not stack.version:
            stack = replace(stack, version=version_in(hello.agent))
        return Peer(
            stack,
            recorder=f"negotiation-{self._row.recorder} {tool_version()}",
            profile=self._row.profile,
            clock=Clock(hello.resolution),
            configuration=hello.configuration,
        )


def header_of(program: Program, peers: dict[str, Peer], seed: int | None = None) -> Header:
    """The header of a recording that begins now."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return Header("negotiation-trace", VERSION, now, peers, program=program.name, seed=seed)


async def doing(link: Link) -> str:
    """Whether a stack that hangs is busy, in words."""
    before = usage(link.process)
    await asyncio.sleep(_GLANCE)
    after = usage(link.process)
    if before is None or after is None:
        return ""
    if after.time > before.time:
        return ", and it is busy"
    return ", and it uses no processor: it waits, or is deadlocked"

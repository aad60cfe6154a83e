"""Interworking: a program whose peers are in different stacks, which exchange real descriptions.

Each recorder has the part of the program that its own peer does. The conductor asks for one step
after the other, passes on what is sent, and makes one trace of what all of them tell:

* observations are numbered in the order in which they come in, which the checker makes nothing of
  between peers; calls get ids of their own, and streams the names that their own peer has for them;
* the times of a recorder count from when it said that it began, on the conductor's clock, so that
  those of one peer are as far apart as it told;
* what a peer sends is passed on when it comes in: before the next step begins, if it was sent
  within a step.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any

import msgspec
from msgspec.structs import replace

from ..programs.language import Program
from ..traces.format import AnyObservation, Call, Event, Idle, Reject, Resolve, Return, Send, Throw
from .links import Link, LinkClosedError
from .parts import Part, crossings, settled
from .preparing import prepared
from .registry import StackRow
from .session import Session, Settings, doing, header_of
from .taking import Out, Outcome, Recording, Taker
from .wire import (
    Began,
    Command,
    Did,
    Ended,
    Failed,
    Message,
    Options,
    Order,
    ProtocolError,
    Unsupported,
    decoded,
)


class _Player:
    """One peer's stack in a program: its part, its link, and how its observations are told."""

    def __init__(self, part: Part, link: Link, shared: _Shared) -> None:
        self.part = part
        self.link = link
        self.began: Began | None = None
        self.unsupported: tuple[str, ...] = ()
        self._shared = shared
        self._names: dict[int, int] = {}
        self._offset = 0.0

    def order(self, options: Options) -> Order:
        """The order to do its part, step by step."""
        return replace(prepared(self.part.program, options), conducted=True)

    def begin(self, message: Message, t: float) -> None:
        """Takes the answer to the order, which came at that time in seconds."""
        match message:
            case Began():
                self.began = message
                self._offset = t * 1000
                self._shared.streams.update(message.streams)
            case Unsupported(what=what):
                self.unsupported = what
            case _:
                self._refuse(message)

    @property
    def streams(self) -> dict[str, str]:
        """The names of the streams of all peers, by their ids."""
        return self._shared.streams

    async def send(self, told: Order | Command) -> None:
        """Tells the recorder something."""
        await self.link.send(msgspec.json.encode(told).decode())

    async def receive(self) -> Message:
        """What the recorder says next."""
        return decoded(await self.link.receive())

    def observation(self, message: Message, n: int) -> AnyObservation:
        """An observation as the trace of all peers has it; what else it is, is out of place."""
        match message:
            case Call(id=id):
                self._names[id] = self._shared.next_call()
                told: Any = replace(message, id=self._names[id])
            case Return(call=call) | Throw(call=call) | Resolve(call=call) | Reject(call=call):
                told = replace(message, call=self._name(call))
            case Idle(pending=pending):
                told = replace(message, pending=tuple(map(self._name, pending)))
            case Event(streams=tuple(streams)):
                named = tuple(self._shared.streams.get(id, id) for id in streams)
                told = replace(message, streams=named)
            case Began() | Did() | Ended() | Unsupported() | Failed():
                self._refuse(message)
            case _:
                told = message
        observation: AnyObservation = replace(told, n=n, t=round(told.t + self._offset, 3))
        return observation

    def _name(self, call: int) -> int:
        if call not in self._names:
            raise ProtocolError(f"field `call`: there is no call {call} so far", "calls")
        return self._names[call]

    def _refuse(self, message: Message) -> None:
        if isinstance(message, Failed):
            raise ProtocolError(message.error, "failed")
        kind = message.__struct_config__.tag
        raise ProtocolError(f"{kind} is out of place: it does not do steps as asked", "sequence")


class _Shared:
    """What the peers of one program have in common: ids of calls, names of streams by their ids."""

    def __init__(self) -> None:
        self.streams: dict[str, str] = {}
        self._last = 0

    def next_call(self) -> int:
        """The id of the next call."""
        self._last += 1
        return self._last


class Conductor:
    """An asynchronous context manager: several stacks, each with one peer of a program.

    The first has the program's first peer. It is used as a `Session` is.
    """

    def __init__(self, rows: Sequence[StackRow], settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._sessions = [Session(row, self._settings) for row in rows]
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Conductor:
        try:
            for session in self._sessions:
                await self._running.enter_async_context(session)
        except BaseException:
            await self._running.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._running.aclose()

    @property
    def process(self) -> int | None:
        """The id of the first stack's process, while it is running."""
        return self._sessions[0].process

    async def run(
        self, program: Program, out: Out | None = None, *, seed: int | None = None
    ) -> Recording:
        """Runs the program, as `Session.run` does.

        What it cannot be because of its peers is unsupported: another number of them, or one that
        reads of another what only messages could tell.
        """
        refused = _refusal(program, len(self._sessions))
        if refused:
            return Recording(program, (), Outcome.UNSUPPORTED, refused)
        left = self._sessions[0].time_left()
        if left <= 0:
            return Recording(program, (), Outcome.SKIPPED, self._settings.over)
        whole = settled(program)
        playing = await self._players(whole)
        peers = {
            player.part.peer: session.peer()
            for player, session in zip(playing, self._sessions, strict=True)
        }
        taker = Taker(program, header_of(program, peers, seed), out, self._settings.most)
        try:
            await _Performance(whole, playing, taker, self._settings).run(left)
            if taker.outcome is Outcome.COMPLETE:
                self._weigh(program, taker)
        except BaseException:
            await self._stop()
            raise
        if taker.leaked or taker.outcome not in (Outcome.COMPLETE, Outcome.UNSUPPORTED):
            await self._stop()
        return taker.recording()

    def _weigh(self, program: Program, taker: Taker) -> None:
        grown = [session.growth(program) for session in self._sessions]
        for peer, told in zip(program.peers, grown, strict=True):
            if told is not None and not taker.leaked:
                taker.leak(told, peer)

    async def _players(self, whole: Program) -> list[_Player]:
        shared = _Shared()
        links = await asyncio.gather(*(session.link() for session in self._sessions))
        return [
            _Player(Part(whole, peer), link, shared)
            for peer, link in zip(whole.peers, links, strict=True)
        ]

    async def _stop(self) -> None:
        for session in self._sessions:
            await session.stop()


def _refusal(program: Program, stacks: int) -> str:
    if len(program.peers) != stacks:
        return f"it has {len(program.peers)} peers, and there are {stacks} stacks"
    return "; ".join(crossings(program))


class _Performance:
    """One program, performed to its end."""

    def __init__(
        self, whole: Program, playing: Sequence[_Player], taker: Taker, settings: Settings
    ) -> None:
        self._heard: asyncio.Queue[tuple[_Player, Message | Exception]] = asyncio.Queue()
        self._whole = whole
        self._playing = playing
        self._taker = taker
        self._settings = settings
        self._n = 0
        self._now = playing[0]
        """The player that is waited for, or listened to: what goes wrong now is its doing."""

    async def run(self, left: float) -> None:
        """Performs it, in at most so many seconds; the taker has the outcome."""
        timeout = self._settings.timeout
        listening = [asyncio.create_task(self._listen(player)) for player in self._playing]
        try:
            async with asyncio.timeout(min(timeout, left)):
                await self._perform()
        except TimeoutError:
            link = self._now.link
            if left < timeout:
                self._end(Outcome.CUT, self._settings.over)
            else:
                told = f"no end within {timeout:g} s{await doing(link)}"
                self._end(Outcome.HUNG if link.is_ours else Outcome.CUT, told)
        except LinkClosedError as error:
            self._end(Outcome.DIED if self._now.link.is_ours else Outcome.CUT, str(error))
        except ProtocolError as error:
            self._end(Outcome.FAILED, str(error))
        finally:
            for each in listening:
                each.cancel()
            await asyncio.gather(*listening, return_exceptions=True)

    def _end(self, outcome: Outcome, detail: str) -> None:
        self._taker.end(outcome, detail, self._now.part.peer)

    async def _listen(self, player: _Player) -> None:
        """Puts down what a player says, as far as the end of the program."""
        message: Message | None = None
        try:
            while not isinstance(message, Ended | Failed | Unsupported):
                message = await player.receive()
                await self._heard.put((player, message))
        except (LinkClosedError, ProtocolError) as error:
            await self._heard.put((player, error))

    async def _perform(self) -> None:
        await self._begin()
        missing = {what for player in self._playing for what in player.unsupported}
        if not missing:
            self._taker.take(Began(self._playing[0].streams))
            for number, step in enumerate(self._whole.steps):
                asked = [one for one in self._playing if step.settle or one.part.peer == step.peer]
                for player in asked:
                    await self._tell(player, Command(step=player.part.numbers[number]))
                await self._until(Did, asked)
        begun = [player for player in self._playing if player.began is not None]
        for player in begun:
            await self._tell(player, Command(end=True))
        await self._until(Ended, begun)
        self._taker.take(Unsupported(tuple(sorted(missing))) if missing else Ended())

    async def _begin(self) -> None:
        """Gives the orders, and waits until each has begun, or is unsupported."""
        since = time.monotonic()
        for player in self._playing:
            await self._tell(player, player.order(self._settings.options))
        waiting = list(self._playing)
        while waiting:
            self._now = waiting[0]
            player, message = await self._hear()
            player.begin(message, time.monotonic() - since)
            waiting.remove(player)

    async def _until(self, kind: type[Did | Ended], asked: Sequence[_Player]) -> None:
        """Takes what is told until each of the players has said this."""
        waiting = list(asked)
        while waiting:
            self._now = waiting[0]
            player, message = await self._hear()
            if isinstance(message, kind) and player in waiting:
                waiting.remove(player)
            else:
                await self._take(player, message)

    async def _hear(self) -> tuple[_Player, Message]:
        player, heard = await self._heard.get()
        self._now = player  # as long as what it says is dealt with
        if isinstance(heard, Exception):
            raise heard
        return player, heard

    async def _take(self, player: _Player, message: Message) -> None:
        self._n += 1
        observation = player.observation(message, self._n)
        self._taker.take(observation)
        if isinstance(observation, Send):
            command = Command(message=observation.message, description=observation.description)
            for other in self._playing:
                if other is not player:
                    await self._tell(other, command)

    async def _tell(self, player: _Player, told: Order | Command) -> None:
        self._now = player
        await player.send(told)

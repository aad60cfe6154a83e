"""Scripts: the lists of a program's steps and handlers, done one item after the other."""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Sequence
from typing import Any

from ..scripting import items
from ..scripting.items import Running, all_hold, make_call, rejected, returned, settled
from .awaiting import Begun
from .running import Fields, Peer, Run


class Promise:
    """A call whose end is waited for; it is recorded whoever awaits it."""

    def __init__(self, run: Run, peer: Peer, call: int, item: Fields, awaitable: Any) -> None:
        self._run = run
        self._peer = peer
        self._call = call
        self._item = item
        self._begun = Begun(awaitable)
        self.fulfilled = False
        peer.pending[call] = None

    def go_on(self) -> None:
        """Lets the call go on; to be called once, when its return was recorded."""
        if self._begun.over:
            self._run.react_later(self._react)
        elif not self._item.get("wait"):
            self._run.begin(self._follow())

    async def settled(self) -> bool:
        """Waits until the call has settled; whether it was fulfilled. For a call with `wait`."""
        if not self._begun.over:
            return await self._follow()
        await asyncio.sleep(0)
        if isinstance(self._begun.error, asyncio.CancelledError):
            await _never()
        return self.fulfilled

    async def _follow(self) -> bool:
        try:
            value = await self._begun.rest()
        except asyncio.CancelledError:
            if not self._peer.run.over:
                await _never()
            raise
        except Exception as error:
            self._rejected(error)
        else:
            self._resolved(value)
        return self.fulfilled

    def _react(self) -> None:
        if self._begun.error is None:
            self._resolved(self._begun.value)
        elif not isinstance(self._begun.error, asyncio.CancelledError):
            self._rejected(self._begun.error)

    def _resolved(self, value: Any) -> None:
        self.fulfilled = True
        settled(self._peer, self._item, self._call, value)

    def _rejected(self, error: BaseException) -> None:
        rejected(self._peer, self._call, error)


async def _never() -> None:
    await asyncio.get_running_loop().create_future()


def _call(run: Run, peer: Peer, item: Fields, script: Running) -> Promise | None:
    """Makes one call and records it; gives what to wait for, if there is something."""
    made = make_call(peer, item, script)
    if made is None:
        return None
    call, value = made
    promise = Promise(run, peer, call, item, value) if inspect.isawaitable(value) else None
    returned(peer, item, call, value)
    if promise is not None:
        promise.go_on()
    return promise


async def perform(run: Run, peer: Peer, listed: Sequence[Fields], script: Running) -> None:
    """Does a list, at once as far as its first await.

    A rejection does not end it: a program says what to do and not what should happen.
    """
    peer.hold()
    peer.scripts += 1
    try:
        await _perform(run, peer, listed, script)
    finally:
        peer.scripts -= 1


async def _perform(run: Run, peer: Peer, listed: Sequence[Fields], script: Running) -> None:
    call = functools.partial(_call, run)
    for item in listed:
        if run.over or script.abandoned:
            return
        does = all_hold(peer, script, item.get("when", ()))
        if does and item.get("end"):
            break
        promise = items.perform(peer, item, script, call) if does else None
        if item.get("wait") and promise is not None:
            script.rejected = False
            run.react()
            script.rejected = not await promise.settled()
    run.react()

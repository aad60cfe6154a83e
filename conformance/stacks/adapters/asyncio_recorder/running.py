"""A running program in asyncio's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..scripting import peers
from ..scripting.media import Media
from ..scripting.peers import Fields, Method, Peer, Stack
from .awaiting import start

__all__ = ["Fields", "Method", "Peer", "Run", "Stack"]


class Run(peers.Run):
    """What all peers of a running program share, and the coroutines that run for them."""

    def __init__(
        self,
        stack: Stack,
        program: Fields,
        media: Media,
        send: Callable[[Fields], None],
        options: Fields,
    ) -> None:
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._depth = 0
        self._reactions: list[Callable[[], None]] = []
        self._kept: set[asyncio.Future[Any]] = set()
        super().__init__(stack, program, media, send, options)

    def begin(self, coroutine: Any) -> asyncio.Future[Any]:
        """Begins a coroutine of the recorder's; reacts to what ended in it when it suspends."""
        self._depth += 1
        try:
            future = start(coroutine)
        finally:
            self._depth -= 1
        self._kept.add(future)
        future.add_done_callback(self._ended)
        return future

    def react_later(self, reaction: Callable[[], None]) -> None:
        """Does `reaction` when the code that runs now is over, or awaits."""
        self._reactions.append(reaction)

    def react(self) -> None:
        """Does what was left for later, unless other code is still to go on."""
        while self._reactions and self._depth == 0:
            self._reactions.pop(0)()

    async def end(self) -> None:
        """Closes the connections and ends what still runs."""
        self.over = True
        for peer in self.peers.values():
            if peer.connection is not None:
                self.stack.methods["close"](peer.connection, {})
        left = list(self._kept)
        for future in left:
            future.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _ended(self, future: asyncio.Future[Any]) -> None:
        self._kept.discard(future)
        if future.cancelled():
            return
        error = future.exception()
        if error is not None and not self.broken.done():
            self.broken.set_exception(error)

"""A running program whose connections have threads of their own."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Generator, Sequence
from typing import Any, Protocol

from ..scripting import items, peers
from ..scripting.items import Running, all_hold, make_call, rejected, returned, settled
from ..scripting.media import Media
from ..scripting.peers import Fields, Peer, Stack

Outcome = Callable[[Any, "BaseException | None"], None]
"""Is told how a promise ended: the value, and the error or None."""


class Reply(Protocol):
    """What a method returns that promises something."""

    def then(self, outcome: Outcome) -> None:
        """Tells the end, now if it has come already, in the thread of the connection."""


class Run(peers.Run):
    """What all peers of a running program share. `changed` is to be held for all that is done."""

    def __init__(
        self,
        stack: Stack,
        program: Fields,
        media: Media,
        send: Callable[[Fields], None],
        options: Fields,
    ) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.broken = ""
        self._depth = 0
        self._reactions: list[Callable[[], None]] = []
        super().__init__(stack, program, media, send, options)

    def callback(self, body: Callable[[], None]) -> None:
        """Does `body`, which the stack has called; what goes wrong in it breaks the run."""
        with self.changed:
            if self.over:
                return
            self._depth += 1
            try:
                body()
            except Exception:
                # Nobody above would be told: the caller is the stack.
                self.broken = self.broken or traceback.format_exc()
            finally:
                self._depth -= 1
            self._react()
            self.changed.notify_all()

    def listen(self, connection: Any, event: str, handler: Callable[[Any], None]) -> None:
        """Registers a handler after those that there are."""

        def happened(told: Any) -> None:
            self.callback(lambda: handler(told))

        self.stack.listen(connection, event, happened)

    def react(self, reaction: Callable[[], None]) -> None:
        """Does `reaction` at once, or when the script that runs is over or awaits."""
        self._reactions.append(reaction)
        self._react()

    def _react(self) -> None:
        while self._reactions and self._depth == 0:
            reaction = self._reactions.pop(0)
            self.callback(reaction)


class Promise:
    """A call whose end is waited for; it is recorded whoever awaits it."""

    def __init__(self, run: Run, peer: Peer, call: int, item: Fields) -> None:
        self._run = run
        self._peer = peer
        self._call = call
        self._item = item
        self._go_on: Callable[[], None] | None = None
        self.over = self.fulfilled = False
        peer.pending[call] = None

    def ended(self, value: Any, error: BaseException | None) -> None:
        """Is told by the stack."""
        with self._run.changed:
            if not self._run.over:
                self._run.react(lambda: self._settle(value, error))

    def when_over(self, go_on: Callable[[], None]) -> None:
        """Calls `go_on` when the settlement has been recorded."""
        if self.over:
            self._run.react(go_on)
        else:
            self._go_on = go_on

    def _settle(self, value: Any, error: BaseException | None) -> None:
        self.over, self.fulfilled = True, error is None
        if error is None:
            settled(self._peer, self._item, self._call, value)
        else:
            rejected(self._peer, self._call, error)
        if self._go_on is not None:
            self._go_on()


def _call(run: Run, peer: Peer, item: Fields, script: Running) -> Promise | None:
    """Makes one call and records it; gives what to wait for, if there is something."""
    made = make_call(peer, item, script)
    if made is None:
        return None
    call, value = made
    promise = Promise(run, peer, call, item) if hasattr(value, "then") else None
    returned(peer, item, call, value)
    if promise is not None:
        value.then(promise.ended)
    return promise


def _perform(
    run: Run, peer: Peer, listed: Sequence[Fields], script: Running
) -> Generator[Promise, None, None]:
    """Does a list, and yields what it awaits.

    A rejection does not end it: a program says what to do and not what should happen.
    """

    def call(peer: Peer, item: Fields, script: Running) -> Promise | None:
        return _call(run, peer, item, script)

    for item in listed:
        if run.over or script.abandoned:
            return
        does = all_hold(peer, script, item.get("when", ()))
        if does and item.get("end"):
            return
        promise = items.perform(peer, item, script, call) if does else None
        if item.get("wait") and promise is not None:
            script.rejected = False
            yield promise
            script.rejected = not promise.fulfilled


class Script:
    """A script that is done, from callback to callback; `over`: to its end."""

    def __init__(self, run: Run, peer: Peer, listed: Sequence[Fields], running: Running) -> None:
        self._run = run
        self._steps = _perform(run, peer, listed, running)
        self.over = False

    def go_on(self) -> None:
        """Goes on as far as the next await; to be called in a callback."""
        promise = next(self._steps, None)
        if promise is None:
            self.over = True
        else:
            promise.when_over(self.go_on)

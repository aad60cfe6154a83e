"""Stacks that are kept for as long as the process lives: a test runner has no other frame.

Each is in a thread of its own. Leaving the network (`isolation`) is done by threads, and nothing
else in the process should have to live without it; and the runner's signals stay its own.
"""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from multiprocessing.util import Finalize

import msgspec

from ..programs.language import Program
from .playing import Played, Player

Open = Callable[[], AbstractContextManager[Player]]
"""Starts what is played on; the context's end ends it."""

PATIENCE = 20.0
"""Seconds for which the end of the process waits for a stack to end."""


class _Request(msgspec.Struct, frozen=True):
    program: Program
    answer: Future[Played]


class Kept:
    """A player that starts at first use and ends with the process, or with `close`.

    A process that was forked from this one starts its own.
    """

    def __init__(self, open: Open) -> None:
        self._open = open
        self._process: int | None = None

    def start(self) -> None:
        """Starts it, unless it is there. Raises what starting raises."""
        if self._process == os.getpid():
            return
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        started: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._serve, args=(self._requests, started), name="fuzzed stack", daemon=True
        )
        self._thread.start()
        started.result()
        self._process = os.getpid()
        # Unlike atexit it is heeded by the processes of multiprocessing, too.
        self._end = Finalize(None, self.close, exitpriority=10)

    def play(self, program: Program) -> Played:
        """As `Player.play`."""
        self.start()
        answer: Future[Played] = Future()
        self._requests.put(_Request(program, answer))
        return answer.result()

    def close(self) -> None:
        """Ends it, if it is there; the next use starts it again."""
        if self._process == os.getpid():
            self._process = None
            self._end.cancel()
            self._requests.put(None)
            self._thread.join(PATIENCE)

    def _serve(self, requests: queue.SimpleQueue[_Request | None], started: Future[None]) -> None:
        try:
            with self._open() as player:
                started.set_result(None)
                while (request := requests.get()) is not None:
                    _answer(player, request)
        except BaseException as error:
            if not started.done():
                started.set_exception(error)


def _answer(player: Player, request: _Request) -> None:
    try:
        request.answer.set_result(player.play(request.program))
    except BaseException as error:
        request.answer.set_exception(error)

"""Programs as they come from the state machine, made while the stack is busy with the last one.

A round is one run of Hypothesis with one aim; programs of a round are all as long, more or less:
short ones first, which meet one fault at a time.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count, cycle

import msgspec
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from negotiation.model import Specification

from ..programs.language import Program
from .machine import Writer, machine

ROUND = 200
"""Programs of a round."""

LENGTHS = (5, 8, 14, 6, 10, 24)
"""The most steps of a program, round by round."""

AHEAD = 8
"""How many programs are made before they are needed."""


class _EnoughError(BaseException):
    """Nobody wants more: no Exception, so that Hypothesis does not shrink it."""


class Generated:
    """A context manager: the programs that follow from a seed, made in a thread of their own.

    `seconds` is how long making them took so far.
    """

    def __init__(
        self,
        seed: int,
        *,
        apart: bool = False,
        specification: Callable[[], Specification] | None = None,
    ) -> None:
        self._seed = seed
        self._apart = apart
        self._specification = specification
        self._made: queue.Queue[Program | BaseException] = queue.Queue(AHEAD)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="generating", daemon=True)
        self._since = 0.0
        self.seconds = 0.0

    def __enter__(self) -> Iterator[Program]:
        self._thread.start()
        return self._programs()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        while self._thread.is_alive():
            try:
                self._made.get(timeout=0.05)
            except queue.Empty:
                continue
        self._thread.join()

    def _programs(self) -> Iterator[Program]:
        while True:
            made = self._made.get()
            if isinstance(made, BaseException):
                raise made
            yield made

    def _run(self) -> None:
        try:
            for number, length in zip(count(), cycle(LENGTHS), strict=False):
                self._since = time.thread_time()
                self._round(number, length)
        except _EnoughError:
            return
        except BaseException as error:
            self._put(error)

    def _round(self, number: int, length: int) -> None:
        writer: type[Writer] = machine(
            self._take, apart=self._apart, specification=self._specification
        )
        seeded = seed(self._seed * 1_000_003 + number)(writer)
        run_state_machine_as_test(  # type: ignore[no-untyped-call]
            seeded,
            settings=settings(
                max_examples=ROUND,
                stateful_step_count=length,
                phases=(Phase.generate, Phase.target),
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )

    def _take(self, program: Program) -> None:
        now = time.thread_time()
        self.seconds += now - self._since
        self._put(program)
        self._since = time.thread_time()

    def _put(self, made: Program | BaseException) -> None:
        while not self._over.is_set():
            try:
                self._made.put(made, timeout=0.2)
            except queue.Full:
                continue
            return
        raise _EnoughError

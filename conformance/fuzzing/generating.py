"""Programs as they come from the state machine, made while the stack is busy with the last one.

Programs of a round are about as long; short ones come first, as they meet one fault at a time. Most
rounds are drawn without Hypothesis's engine, which is faster and repeats itself less. Now and then
Hypothesis makes one: it is told how rare is what a program covers (`target`), and makes more like
those that went where few did.
"""

from __future__ import annotations

import queue
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count, cycle

from hypothesis import HealthCheck, Phase, seed, settings, target
from hypothesis.stateful import run_state_machine_as_test

from ..coverage.counting import Coverage
from ..coverage.items import Items
from ..coverage.running import as_stack
from ..programs.language import Program
from .drawing import draw, rules_of
from .machine import Writer, machine
from .vocabulary import METHODS

ROUND = 200
"""Programs of a round."""

LENGTHS = (5, 8, 14, 6, 10, 24)
"""The most steps of a program, round by round."""

AHEAD = 8
"""How many programs are made before they are needed."""


SWITCHING = 0.0005
"""Seconds after which a thread lets another one run: whoever waits for the stack must not wait for
the next program, too."""

AIMED = 13
"""One round of so many is Hypothesis's: no multiple of how many lengths there are, nor of a factor
of that, so that it comes to each length.

Of 2400 programs it found a fifth of what drawn ones newly cover, at three times their time.
"""

AIMS = 4
"""How many of the rarest methods a round aims at."""


class _EnoughError(BaseException):
    """Nobody wants more: no Exception, so that Hypothesis does not shrink it."""


class Generated:
    """A context manager: the programs that follow from a seed, made in a thread of their own.

    `coverage` is what those that were given out cover of the model, `seconds_each` the CPU time
    that making one took. `a_round` is how many programs a round has.
    """

    def __init__(
        self, seed: int, *, apart: bool = False, aimed: bool = True, a_round: int = ROUND
    ) -> None:
        self._seed = seed
        self._a_round = a_round
        self._apart = apart
        self._aimed = aimed
        self._specification = as_stack()
        self._rare: Items = frozenset()
        self.coverage = Coverage()
        self._covered = Coverage()
        self._ahead: queue.Queue[tuple[Program, Items] | BaseException] = queue.Queue(AHEAD)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="generating", daemon=True)
        self._since = 0.0
        self._seconds = 0.0
        self._made = 0

    def __enter__(self) -> Iterator[Program]:
        self._switching = sys.getswitchinterval()
        sys.setswitchinterval(SWITCHING)
        self._thread.start()
        return self._programs()

    def __exit__(self, *error: object) -> None:
        self._over.set()
        while self._thread.is_alive():
            try:
                self._ahead.get(timeout=0.05)
            except queue.Empty:
                continue
        self._thread.join()
        sys.setswitchinterval(self._switching)

    @property
    def seconds_each(self) -> float:
        """The CPU time that making a program took, on average."""
        return self._seconds / max(self._made, 1)

    def _programs(self) -> Iterator[Program]:
        while True:
            made = self._ahead.get()
            if isinstance(made, BaseException):
                raise made
            program, items = made
            self.coverage.add(items)
            yield program

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
        aimed = self._aimed and number % AIMED == AIMED - 1
        self._rare = self._covered.rare() if aimed else frozenset()
        writer: type[Writer] = machine(
            self._take,
            apart=self._apart,
            specification=self._specification,
            aims=self._aims() if self._aimed else (),
        )
        seeding = self._seed * 1_000_003 + number
        if aimed:
            self._aimed_round(writer, seeding, length)
            return
        rules, rng = rules_of(writer), random.Random(seeding)
        for _ in range(self._a_round):
            draw(writer, rules, rng, length)

    def _aimed_round(self, writer: type[Writer], seeding: int, length: int) -> None:
        seeded = seed(seeding)(writer)
        run_state_machine_as_test(
            seeded,
            settings=settings(
                max_examples=self._a_round,
                stateful_step_count=length,
                phases=(Phase.generate, Phase.target),
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )

    def _aims(self) -> tuple[str, ...]:
        """The methods whose calls came after the fewest different things."""
        before = Counter(one.detail for one in self._covered.counts if one.kind == "pair")
        return tuple(sorted(METHODS, key=lambda method: before[f"call {method}"])[:AIMS])

    def _take(self, program: Program, items: Items) -> None:
        self._covered.add(items)
        if self._rare:
            target(float(len(self._rare & items)), label="rare items")
        now = time.thread_time()
        self._seconds += now - self._since
        self._made += 1
        self._put((program, items))
        self._since = time.thread_time()

    def _put(self, made: tuple[Program, Items] | BaseException) -> None:
        while not self._over.is_set():
            try:
                self._ahead.put(made, timeout=0.2)
            except queue.Full:
                continue
            return
        raise _EnoughError

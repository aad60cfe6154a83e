"""What programs have shown, remembered: Hypothesis plays a failing one again and again.

It takes a test that fails once and then passes for a broken test, and says so instead of what was
found. A stack may show a fault only now and then; so a program that showed one counts as showing
it, and each time it is asked for again tells how often it truly does.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

import msgspec

from ..programs.language import Program
from .cases import Fault
from .playing import Played, Player, contents

T = TypeVar("T")

MOST = 20_000
"""Programs that showed nothing new, as far as they are remembered."""

MOST_SHOWN = 500
"""Programs that did, as far as they are remembered."""


class Shown(msgspec.Struct):
    """The first run of a program, and of how many runs how many showed each of its faults."""

    played: Played
    runs: int = 1
    times: dict[Fault, int] = {}

    def add(self, played: Played) -> None:
        """One more run."""
        self.runs += 1
        for fault in played.faults:
            self.times[fault] = self.times.get(fault, 0) + 1

    def often(self, fault: Fault) -> str:
        """How often it was shown, in words; "" where it was always."""
        times = self.times[fault]
        return "" if times == self.runs else f"in {times} of {self.runs} runs of this program"


class Remembered:
    """Plays programs; one that is known says what it said before. `wanted` is what is new."""

    def __init__(self, player: Player, wanted: Callable[[Fault], bool]) -> None:
        self._player = player
        self._wanted = wanted
        self._shown: OrderedDict[bytes, Shown] = OrderedDict()
        self._others: OrderedDict[bytes, None] = OrderedDict()

    def show(self, program: Program) -> Shown | None:
        """What the program showed when it was first played; None for nothing new."""
        key = _key(program)
        if key in self._others:
            return None
        shown = self._shown.get(key)
        if shown is not None:
            shown.add(self._player.play(program))
            return shown
        played = self._player.play(program)
        if not any(map(self._wanted, played.faults)):
            _keep(self._others, key, None, MOST)
            return None
        shown = Shown(played, 1, dict.fromkeys(played.faults, 1))
        _keep(self._shown, key, shown, MOST_SHOWN)
        return shown


def _key(program: Program) -> bytes:
    return hashlib.blake2b(contents(program), digest_size=16).digest()


def _keep(kept: OrderedDict[bytes, T], key: bytes, value: T, most: int) -> None:
    kept[key] = value
    if len(kept) > most:
        kept.popitem(last=False)

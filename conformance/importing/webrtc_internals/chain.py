"""Which calls of one connection have not settled yet, and what waits for them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from ..entries import Settled
from .names import CHAINED


class Chain:
    """The calls that are open, by method, in the order in which they were told."""

    def __init__(self) -> None:
        self._open: dict[str, deque[int]] = {method: deque() for method in CHAINED}
        self._waiting: deque[tuple[int, Settled]] = deque()
        self._calls = 0

    def begin(self, method: str) -> None:
        """A call was made."""
        self._calls += 1
        self._open[method].append(self._calls)

    def is_open(self, method: str) -> bool:
        """Whether a call of this method is open."""
        return bool(self._open[method])

    def is_busy(self) -> bool:
        """Whether any call is open."""
        return any(self._open.values())

    def wait(self, settled: Settled) -> None:
        """Something that settles when all calls have that were made before."""
        self._waiting.append((self._calls, settled))

    def end(self, method: str) -> Iterator[Settled]:
        """The earliest call of the method has settled: what waited for it and for no other."""
        if self._open[method]:
            self._open[method].popleft()
        first = min((calls[0] for calls in self._open.values() if calls), default=self._calls + 1)
        while self._waiting and self._waiting[0][0] < first:
            yield self._waiting.popleft()[1]

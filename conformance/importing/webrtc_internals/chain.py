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

    def begin(self, method: str) -> str:
        """A call was made; what it is called."""
        self._calls += 1
        self._open[method].append(self._calls)
        return str(self._calls)

    def latest(self, method: str) -> str | None:
        """What the latest open call of this method is called; None: none is open."""
        return str(self._open[method][-1]) if self._open[method] else None

    def is_busy(self) -> bool:
        """Whether any call is open."""
        return any(self._open.values())

    def wait(self, settled: Settled) -> None:
        """Something that settles when all calls have that were made before."""
        self._waiting.append((self._calls, settled))

    def end(self, method: str, name: str | None = None) -> Iterator[Settled]:
        """A call of the method has settled, the earliest or the one of that name: what waited for
        it and for no other."""
        if name is not None:
            self._open[method].remove(int(name))
        elif self._open[method]:
            self._open[method].popleft()
        first = min((calls[0] for calls in self._open.values() if calls), default=self._calls + 1)
        while self._waiting and self._waiting[0][0] < first:
            yield self._waiting.popleft()[1]

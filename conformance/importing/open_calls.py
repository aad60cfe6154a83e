"""Which calls of a connection have not settled yet, and which of them a settlement ends."""

from __future__ import annotations

from collections import deque

from .entries import Called, Settled


class OpenCalls:
    """The open calls of one connection, by method and by the dump's own key, earliest first."""

    def __init__(self) -> None:
        self._calls: dict[str, dict[str | None, deque[int]]] = {}

    def begin(self, called: Called, id: int) -> None:
        """A call was made."""
        self._calls.setdefault(called.method, {}).setdefault(called.key, deque()).append(id)

    def end(self, settled: Settled) -> int | None:
        """The id of the call that this settles; None: it is none of these."""
        of_method = self._calls.get(settled.method, {})
        key = settled.key if settled.key is not None else next(iter(of_method), None)
        ids = of_method.get(key)
        if ids is None:
            return None
        id = ids.popleft()
        if not ids:
            del of_method[key]
        return id

    def is_open(self, methods: tuple[str, ...]) -> bool:
        """Whether a call of one of these methods is open."""
        return any(self._calls.get(method) for method in methods)

"""Which calls of a connection have not settled yet, and which of them a settlement ends."""

from __future__ import annotations

from collections import deque

from .entries import Called, Settled

_Calls = dict[str, dict[str | None, deque[int]]]


class OpenCalls:
    """The open calls of one connection, by method and by the dump's own key, earliest first.

    What is open when the connection is closed stays so for ever, by the specification: where a
    settlement names no call, it is that of one made later, if there is one.
    """

    def __init__(self) -> None:
        self._calls: _Calls = {}
        self._left: _Calls = {}

    def begin(self, called: Called, id: int) -> None:
        """A call was made."""
        if called.method == "close" and not self._left:
            self._left, self._calls = self._calls, {}
        self._calls.setdefault(called.method, {}).setdefault(called.key, deque()).append(id)

    def end(self, settled: Settled) -> int | None:
        """The id of the call that this settles; None: it is none of these."""
        found = _taken(self._calls, settled)
        return _taken(self._left, settled) if found is None else found

    def is_open(self, methods: tuple[str, ...]) -> bool:
        """Whether a call of one of these methods is open."""
        return any(self._calls.get(method) for method in methods)


def _taken(calls: _Calls, settled: Settled) -> int | None:
    of_method = calls.get(settled.method, {})
    key = settled.key if settled.key is not None else next(iter(of_method), None)
    ids = of_method.get(key)
    if ids is None:
        return None
    id = ids.popleft()
    if not ids:
        del of_method[key]
    return id

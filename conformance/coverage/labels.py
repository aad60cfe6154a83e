"""What one peer shows, one thing after the other, as it is counted: in words without numbers."""

from __future__ import annotations

from functools import cache

from ..traces import format
from .items import Item, pair_item

UNKNOWN = "?"
"""The method of a call that was not recorded."""


class Labels:
    """What one peer showed last, and the methods of its calls."""

    def __init__(self) -> None:
        self._last: str | None = None
        self._methods: dict[int, str] = {}

    def take(self, told: format.Observation) -> Item | None:
        """The pair that the observation makes with what was shown before it, if it does."""
        words = self._words(told)
        if words is None:
            return None
        last, self._last = self._last, words
        return None if last is None else pair_item(last, words)

    def method(self, call: int) -> str:
        """The method of a call that was recorded."""
        return self._methods.get(call, UNKNOWN)

    def _words(self, told: format.Observation) -> str | None:
        match told:
            case format.Call():
                self._methods[told.id] = told.method
                return _words("call", told.method)
            case format.Return():
                return _words("return", self.method(told.call))
            case format.Throw() | format.Reject():
                return _words(_KINDS[type(told)], self.method(told.call), told.error)
            case format.Resolve():
                return _words("resolve", self.method(told.call))
            case format.Event():
                return _words("event", told.name)
        return None


_KINDS = {format.Throw: "throw", format.Reject: "reject"}


@cache
def _words(*words: str) -> str:
    return " ".join(words)

"""Strings of a page by their place: what many things say is there once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable


class Strings:
    """The strings in the order of their first use; None has the place -1.

    `bytes` is how many they take in the page. `shown` makes of a string what is shown of it.
    """

    def __init__(self, shown: Callable[[str], str] = str) -> None:
        self.places: dict[str, int] = {}
        self.bytes = 0
        self._shown = shown

    def place(self, told: str | None) -> int:
        """The place of a string."""
        if told is None:
            return -1
        text = self._shown(told)
        if text not in self.places:
            self.places[text] = len(self.places)
            self.bytes += len(json.dumps(text)) + 1
        return self.places[text]

    def each(self, told: Iterable[str]) -> list[int]:
        """The places of several."""
        return [self.place(one) for one in told]

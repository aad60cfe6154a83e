"""Texts packed: told once and named by their place, the numbers in them apart.

"call createOffer #17" and "call createOffer #18" are one text with a slot, and two numbers. So a
long recording has few texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..paper import plain

SLOT = "\x00"
"""Where a number goes: no plain text has this sign."""

_NUMBER = re.compile(r"(?<![\w.])(?:0|[1-9][0-9]{0,8})(?![\w.])|(?<=\bs)[1-9][0-9]{0,8}(?!\w)")
"""A number by itself, or that of an SDP text ("s12"): one that is the same when written again."""

LONGEST = 600
"""Signs of one text; of a longer one the beginning is told, and how much is missing."""

SHORTEST = 80
"""Signs of one text when there are so many that the page would grow without end."""

MOST = 12_000_000
"""Signs of all texts, beyond which they are told shortly."""


class Texts:
    """The texts of a page, in the order of their first use; a place of -1 is no text."""

    def __init__(self, most: int = MOST) -> None:
        self.places: dict[str, int] = {}
        self._left = most

    def place(self, told: str | None) -> int:
        """The place of a text as it is; -1 for none."""
        return -1 if told is None else self._place(self._short(told))

    def each(self, told: Iterable[str]) -> list[int]:
        """The places of several."""
        return [self.place(one) for one in told]

    def slotted(self, told: str) -> tuple[int, list[int]]:
        """The place of a text with slots, and the numbers that go into them."""
        short = self._short(told)
        numbers = [int(one) for one in _NUMBER.findall(short)]
        return self._place(_NUMBER.sub(SLOT, short)), numbers

    def _place(self, text: str) -> int:
        known = self.places.get(text)
        if known is None:
            known = self.places[text] = len(self.places)
            self._left -= len(text)
        return known

    def _short(self, told: str) -> str:
        return shortened(told, LONGEST if self._left > 0 else SHORTEST)


def shortened(told: str, longest: int = LONGEST) -> str:
    """The text in printable signs, and no longer than it may be."""
    if len(told) <= longest:
        return plain(told)
    return f"{plain(told[:longest])}... ({len(told) - longest} more)"

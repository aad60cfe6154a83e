"""Many small decisions out of one drawn number: a generated step costs one draw, not ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

LARGEST = 2**24

NUMBERS = st.integers(0, LARGEST - 1)
"""What picks are made of. Beyond 24 bits Hypothesis prefers small numbers."""


class Pick:
    """The digits of a number, each in the base of the options that it picks from; 0 is simplest."""

    def __init__(self, number: int) -> None:
        self._left = number

    def of(self, options: Sequence[T]) -> T:
        """One of the options."""
        self._left, index = divmod(self._left, len(options))
        return options[index]

    def below(self, bound: int) -> int:
        """A number from 0."""
        self._left, digit = divmod(self._left, bound)
        return digit

    def whether(self, one_in: int = 2) -> bool:
        """True in one of so many cases."""
        return self.below(one_in) == one_in - 1

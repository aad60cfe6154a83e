"""Mappings that only grow: they say what a dictionary of the same says, and equal ones are one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.checking.grown import Grown

GROWTHS = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1)), max_size=8), max_size=6
)


def grown(beginning: Grown[int, int], steps: list[tuple[int, int]]) -> Grown[int, int]:
    """What came of it; a key that is known is left as it is."""
    here = beginning
    for key, value in steps:
        if here.get(key) is None:
            here = here.with_(key, value)
    return here


def as_dictionary(steps: list[tuple[int, int]]) -> dict[int, int]:
    known: dict[int, int] = {}
    for key, value in steps:
        known.setdefault(key, value)
    return known


@given(GROWTHS)
def test_each_says_what_was_put_into_it_whatever_others_grew_to(
    growths: list[list[tuple[int, int]]],
) -> None:
    beginning: Grown[int, int] = Grown()
    made = [grown(beginning, steps) for steps in growths]
    for one, steps in zip(made, growths, strict=True):
        known = as_dictionary(steps)
        assert len(one) == len(known)
        assert [one.get(key) for key in range(7)] == [known.get(key) for key in range(7)]


@given(GROWTHS)
def test_equal_ones_are_one_object(growths: list[list[tuple[int, int]]]) -> None:
    beginning: Grown[int, int] = Grown()
    made = [(grown(beginning, steps), list(as_dictionary(steps).items())) for steps in growths]
    for one, first in made:
        for other, second in made:
            assert (one is other) == (first == second)

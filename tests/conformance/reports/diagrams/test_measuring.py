"""Boxes, and the ways that go through them."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from negotiation.conformance.reports.diagrams.measuring import Box, Point

BOX = Box(0, 0, 10, 4)
POINTS = st.tuples(st.integers(-12, 12), st.integers(-8, 8))


@pytest.mark.parametrize(
    ("way", "is_through"),
    [
        ([(-20.0, 0.0), (20.0, 0.0)], True),
        ([(-20.0, -9.0), (20.0, 9.0)], True),
        ([(0.0, -20.0), (0.0, 20.0)], True),
        ([(1.0, 1.0), (2.0, 1.0)], True),
        ([(-20.0, 3.0), (20.0, 3.0)], False),
        ([(-7.0, -1.0), (-3.0, -6.0)], False),
        ([(5.0, -9.0), (5.0, 9.0)], False),
        ([(-20.0, 3.0), (20.0, 3.0), (20.0, -20.0), (0.0, -20.0), (0.0, 0.0)], True),
    ],
)
def test_a_way_is_seen_between_its_points(way: list[Point], is_through: bool) -> None:
    assert BOX.is_crossed_by(way) is is_through
    assert BOX.is_crossed_by(way[::-1]) is is_through


@given(POINTS, POINTS)
def test_a_line_through_a_box_has_a_point_in_it(start: Point, end: Point) -> None:
    assume(start != end)
    parts = [number / 64 for number in range(65)]
    points = [tuple(a + (b - a) * part for a, b in zip(start, end, strict=True)) for part in parts]
    inside = any(BOX.left < x < BOX.right and BOX.top < y < BOX.bottom for x, y in points)
    # A corner may be cut between two of the points: then the line is through all the same.
    assert BOX.is_crossed_by([start, end]) or not inside

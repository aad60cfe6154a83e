"""The laws of bisecting: it finds the boundary, and asks for few versions."""

from __future__ import annotations

from math import ceil, log2

from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.bisecting import Change, Walk, between


def ladder(size: int) -> list[str]:
    return [str(100 + number) for number in range(size)]


@given(st.integers(2, 400), st.data())
def test_the_boundary_of_a_monotone_function_is_found_soon(size: int, data: st.DataObject) -> None:
    versions = ladder(size)
    first_after = data.draw(st.integers(1, size - 1))
    walk = Walk(versions, lambda version: versions.index(version) >= first_after)
    assert walk.boundary() == Change(versions[first_after - 1], versions[first_after])
    assert len(walk.seen) <= ceil(log2(size)) + 2
    assert walk.changes() == [walk.boundary()]


@given(st.integers(1, 60), st.data())
def test_versions_that_cannot_be_told_are_passed_over(size: int, data: st.DataObject) -> None:
    versions = ladder(size)
    first_after = data.draw(st.integers(0, size))
    untold = data.draw(st.sets(st.sampled_from(versions)))

    def behaves(version: str) -> bool | None:
        return None if version in untold else versions.index(version) >= first_after

    walk = Walk(versions, behaves)
    found = walk.boundary()
    told = [version for version in versions if version not in untold]
    before = [one for one in told if not behaves(one)]
    after = [one for one in told if behaves(one)]
    if not before or not after:
        assert found is None
    else:
        assert found is not None
        assert (found.before, found.after) == (before[-1], after[0])
        assert set(found.untold) <= untold
    assert len(walk.seen) <= ceil(log2(size)) + 2 + len(untold)


@given(st.lists(st.integers(0, 2), min_size=2, max_size=40))
def test_whatever_the_function_a_change_is_found_where_the_ends_differ(values: list[int]) -> None:
    versions = ladder(len(values))
    walk = Walk(versions, lambda version: values[versions.index(version)])
    found = walk.boundary()
    assert (found is None) == (values[0] == values[-1])
    if found is not None:
        low = versions.index(found.before)
        assert found.after == versions[low + 1]
        assert values[low] == values[0] != values[low + 1]
    walk.look_at(versions)
    there = [one for one in range(len(values) - 1) if values[one] != values[one + 1]]
    assert [versions.index(one.before) for one in walk.changes()] == there


def test_nothing_is_asked_twice() -> None:
    asked: list[str] = []

    def behaves(version: str) -> int:
        asked.append(version)
        return int(version) // 105

    walk = Walk(ladder(9), behaves)
    walk.boundary()
    walk.look_at(ladder(9))
    walk.boundary()
    assert sorted(asked) == ladder(9)


def test_a_ladder_of_which_nothing_can_be_told() -> None:
    walk: Walk[bool] = Walk(ladder(5), lambda version: None)
    assert walk.boundary() is None
    assert walk.changes() == []


def test_between_versions_that_are_named_by_some_of_their_numbers() -> None:
    versions = ["0.9", "67.0.1", "92.0", "106.0.5249.0", "153.7.0esr", "156.0"]
    assert between(versions, "80", "153") == ["92.0", "106.0.5249.0", "153.7.0esr"]
    assert between(versions, "67", "67.0") == ["67.0.1"]
    assert between(versions, "106.0.5249", "200") == versions[3:]

"""Versions: ranges, names that stand for several releases, major versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.versions import is_within, major_of


@pytest.mark.parametrize(
    ("version", "versions", "within"),
    [
        ("118.0.5", ">=106,<150", True),
        ("106", ">=106,<150", True),
        ("150.0", ">=106,<150", False),
        ("150.1", ">=106,<150", False),
        ("105.9", ">=106", False),
        ("118.0.5", "118.0.5", True),
        ("118.0", "118", True),
        ("118.0.5", "118", True),
        ("156.0.8078.79", "156", True),
        ("156.0.8078.79", "156.0.8078", True),
        ("156.0.8078.79", "156.0.8077", False),
        ("1560.0", "156", False),
        ("15", "156", False),
        ("156", "156.0", True),
        ("156", "156.0.1", False),
        ("153.7.0esr", "153.7", True),
        ("153.7.0esr", "153.7.0", True),
        ("153.7.0", "153.7.0esr", False),
        ("153.7.1esr", "153.7.0esr", False),
        ("", "156", False),
        ("156.0.1", ">=106,156", True),
        ("118.0.5", "==118", False),
        ("118.0", "==118", True),
        ("118", ">118", False),
        ("118.0.1", "<=118.0.1", True),
        ("153.7.0esr", ">=153,<154", True),
        ("153.7.0esr", "153.7.0esr", True),
        ("", ">=1", False),
        ("unknown", "<9", False),
        ("9", "<10", True),
    ],
)
def test_versions(version: str, versions: str, within: bool) -> None:
    assert is_within(version, versions) is within


@pytest.mark.parametrize("versions", ["", "new", ">=", "1 2", ">=1,", "=>1", "~=1"])
def test_no_versions(versions: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it carries the part that is wrong, only
        is_within("1", versions)


@pytest.mark.parametrize(
    ("version", "major"),
    [
        ("156.0.8078.79", "156"),
        ("153.7.0esr", "153"),
        ("156", "156"),
        ("0.1.4", "0.1"),
        ("0.12", "0.12"),
        ("1.2 beta", "1"),
        ("1a2dfb478b3e", "1a2dfb478b3e"),
        ("unknown", None),
        ("", None),
        ("9 beta", None),
        ("9,5", None),
    ],
)
def test_major_versions(version: str, major: str | None) -> None:
    assert major_of(version) == major


@given(st.from_regex(r"\A[0-9]{1,4}(\.[0-9]{1,4}){0,3}(esr)?\Z") | st.text(max_size=8))
def test_a_version_is_of_its_major_version(version: str) -> None:
    major = major_of(version)
    assert major is None or is_within(version, major)

"""A test's folder is named after it: short, safe, and no other test's."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.plugin.settings import folder_name


@given(st.text())
def test_any_test_has_a_name_that_is_safe(nodeid: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,80}", folder_name(nodeid))


@given(st.text(), st.text())
def test_two_tests_have_two_names(one: str, other: str) -> None:
    assert (folder_name(one) == folder_name(other)) == (one == other)


def test_it_can_be_read() -> None:
    told = folder_name("tests/test_call.py::TestCall::test_glare[chromium-2]")
    assert re.fullmatch(r"test_call\.py-TestCall-test_glare-chromium-2-[0-9a-f]{8}", told)

"""What the checker remembers makes it fast, and decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from negotiation.conformance.checking.judging import Checker

TRACES = Path(__file__).parents[3] / "traces"
BOUND = 240
RECORDINGS = [
    str(TRACES / stack / f"{program}.jsonl.gz")
    for program in ("rollback-of-a-local-offer", "data-channels-of-two-peers")
    for stack in ("wrtc/0.1.0", "libdatachannel/0.33.4", "chromium/106.0.5249.0")
]


@pytest.mark.parametrize("most_states", [1, 50, 200])
def test_a_forgetful_checker_says_the_same(most_states: int) -> None:
    forgetful, usual = Checker(most_states=most_states), Checker()
    for source in (*RECORDINGS, *RECORDINGS):
        forgetful.forget_recordings()
        assert forgetful.judge(source) == usual.judge(source)


def test_all_profiles_are_bounded_in_sum() -> None:
    """Each of them alone stays below the bound; together they would be far beyond it."""
    checker = Checker(most_states=BOUND)
    for source in RECORDINGS:
        checker.judge(source)
        each = [places.frontiers.remembered for places in checker._places.values()]
        assert max(each) < BOUND
        assert sum(each) < 2 * BOUND

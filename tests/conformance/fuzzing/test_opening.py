"""What judges generated programs: as the checker does, but for what would cost too much."""

from __future__ import annotations

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.opening import judge
from negotiation.conformance.fuzzing.playing import faults_in

AFTER_CLOSE = "traces/werift/0.25.2/calls-after-close.jsonl.gz"
"""A recording in which close() itself shows two faults, and most calls behind it one more."""


def test_what_comes_behind_known_faults_is_found() -> None:
    found = faults_in(judge().judge(AFTER_CLOSE))
    assert found == faults_in(Checker().judge(AFTER_CLOSE))
    assert len(found) > 10


def test_a_finding_that_leaves_many_states_ends_the_judging_and_says_so() -> None:
    verdict = Checker(most_after=1).judge(AFTER_CLOSE)
    assert len(verdict.findings) == 2
    (reason,) = verdict.undecided
    assert reason.endswith("possible states after a finding; the rest is not judged")

"""What judges generated programs: as the checker does, but for what would cost too much."""

from __future__ import annotations

from msgspec.structs import replace

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.fuzzing.guide import program_of
from negotiation.conformance.fuzzing.opening import judge
from negotiation.conformance.fuzzing.playing import OnModel, faults_in
from negotiation.conformance.programs.language import Do, Step
from negotiation.conformance.programs.model_stack import AS_STACK
from negotiation.conformance.stacks.taking import Outcome
from negotiation.model import Connection, Description, Specification

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


class Unsayable(Specification):
    """Its offers are what no text can say."""

    def generate_offer(self, connection: Connection, *, ice_restart: bool) -> Description:
        offer = super().generate_offer(connection, ice_restart=ice_restart)
        return replace(offer, problem="invalid")


def test_a_model_whose_descriptions_no_text_can_say_fails_and_ends_nothing() -> None:
    does = [Do(call="addTransceiver", args={"kind": "audio"})], [Do(call="createOffer")]
    steps = tuple(Step(peer="A", do=tuple(one)) for one in does)
    program = program_of(("A",), (), steps, "unsayable")
    assert OnModel(judge(), seed=1).play(program).outcome is Outcome.COMPLETE
    played = OnModel(judge(), lambda: Unsayable(AS_STACK), seed=1).play(program)
    assert played.outcome is Outcome.FAILED
    assert "cannot bind the names" in played.detail

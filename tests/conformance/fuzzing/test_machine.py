"""The state machine: what it writes can be run everywhere, and the model never departs."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.coverage.items import Items
from negotiation.conformance.fuzzing.generating import Generated
from negotiation.conformance.fuzzing.guide import Guide
from negotiation.conformance.fuzzing.machine import machine
from negotiation.conformance.fuzzing.playing import OnModel
from negotiation.conformance.fuzzing.vocabulary import METHODS
from negotiation.conformance.programs.language import (
    DescriptionSource,
    Do,
    Handler,
    Program,
    SectionText,
    Step,
)
from negotiation.conformance.stacks.parts import crossings
from negotiation.conformance.stacks.preparing import METHODS as ALL_METHODS
from negotiation.conformance.stacks.preparing import prepared
from negotiation.conformance.traces.format import Call, Reject, Resolve

SETTING = ("setLocalDescription", "setRemoteDescription")


def made(number: int, *, seed: int = 1, apart: bool = False) -> list[Program]:
    with Generated(seed, apart=apart) as programs:
        return list(islice(programs, number))


@pytest.fixture(scope="module")
def many() -> list[Program]:
    return made(400)


def test_every_program_can_be_given_to_a_recorder(many: list[Program]) -> None:
    for program in many:
        prepared(program)


def test_the_same_seed_makes_the_same_programs(many: list[Program]) -> None:
    assert made(30) == many[:30]
    assert made(30, seed=2) != many[:30]


def test_every_method_is_called_and_every_event_handled(many: list[Program]) -> None:
    scripts = [one.do for program in many for one in program.steps]
    scripts += [one.do for program in many for one in program.handlers]
    called = Counter(item.call for script in scripts for item in script)
    assert set(ALL_METHODS) <= set(called)
    assert set(METHODS) <= set(ALL_METHODS)
    events = {one.event for program in many for one in program.handlers}
    assert events == {"negotiationneeded", "signalingstatechange", "track"}
    assert any(item.collect for script in scripts for item in script)
    assert {len(program.peers) for program in many} == {1, 2}


def test_most_of_what_is_described_means_something(many: list[Program]) -> None:
    """On the model, most descriptions that are set are taken, and some are refused."""
    ended = Counter[str]()
    for program in many[:150]:
        lines = OnModel(Checker()).play(program).lines
        setting = {one.id for one in lines if isinstance(one, Call) and one.method in SETTING}
        ended.update(
            type(one).__name__
            for one in lines
            if isinstance(one, Resolve | Reject) and one.call in setting
        )
    share = ended["Resolve"] / ended.total()
    assert 0.4 < share < 0.95


def test_the_model_never_departs(many: list[Program]) -> None:
    player = OnModel(Checker(), seed=4)
    for program in many[:120]:
        assert not player.play(program).faults


def test_peers_in_two_stacks_know_of_each_other_by_messages_only() -> None:
    programs = made(150, apart=True)
    assert any("receive" in str(one) for one in programs)
    for program in programs:
        assert program.peers == ("A", "B")
        assert not [*crossings(program)], program


def test_under_pytest_a_finding_fails_and_hypothesis_shrinks_it() -> None:
    shown: list[Program] = []

    def play(program: Program, items: Items) -> None:
        calls = [item.call for step in program.steps for item in step.do]
        if "restartIce" in calls:
            shown.append(program)
            raise AssertionError("restartIce was called")

    with pytest.raises(AssertionError, match="restartIce was called"):
        run_state_machine_as_test(
            machine(play),
            settings=settings(
                database=None,
                deadline=None,
                max_examples=300,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
                print_blob=False,
            ),
        )
    assert sum(len(step.do) for step in shown[-1].steps) <= 4


def test_what_the_model_cannot_name_is_left_out() -> None:
    """A known limit of the names that the model chooses: a campaign goes on all the same."""

    def remote(type: str, *kinds: str, rejected: bool = False) -> Do:
        sections = tuple(SectionText(kind=kind, rejected=rejected) for kind in kinds)
        return Do(
            call="setRemoteDescription", description=DescriptionSource(type=type, sections=sections)
        )

    local = Do(call="setLocalDescription")
    handler = Handler("A", "signalingstatechange", (remote("offer", "audio", rejected=True),))
    guide = Guide(("A",), (handler,))
    for script in (
        (Do(call="addTransceiver", args={"kind": "video"}),),
        *((local,),) * 3,
        (remote("answer", "video"),),
        (remote("offer", "video", "audio"), local),
        (Do(call="createDataChannel", args={"label": "x"}),),
    ):
        guide.goes_on(Step(peer="A", do=script))
    assert guide.goes_on(Step(settle=True))

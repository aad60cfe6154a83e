"""The harness under pytest: what is found, told apart, tolerated, shrunk, and handed on."""

from __future__ import annotations

import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dying import Dying
from hypothesis import HealthCheck, Phase, settings
from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    InMemoryExampleDatabase,
    MultiplexedDatabase,
    ReadOnlyDatabase,
)
from hypothesis.stateful import RuleBasedStateMachine
from msgspec.structs import replace

from negotiation.conformance.cli import main
from negotiation.conformance.errors import UsageError
from negotiation.conformance.fuzzing import harness
from negotiation.conformance.fuzzing.cases import Fault, read_case
from negotiation.conformance.fuzzing.guide import program_of
from negotiation.conformance.fuzzing.harness import FaultFound, state_machine
from negotiation.conformance.fuzzing.remembering import Remembered
from negotiation.conformance.programs.language import Do, Program, Step

SKIPPED = "return_to_stable/skipped"


def of(*items: Do) -> Program:
    return program_of(("A",), (), (Step(peer="A", do=items),))


def ran(machine: type[RuleBasedStateMachine], given: settings | None = None) -> None:
    """Runs the machine's test as pytest does; raises what it raises."""
    case = (given(machine) if given is not None else machine).TestCase()
    case.debug()


def bounded(examples: int, database: ExampleDatabase | None = None, **more: Any) -> settings:
    derandomize = database is None
    return settings(
        max_examples=examples,
        stateful_step_count=8,
        database=database,
        derandomize=derandomize,
        print_blob=False,
        **more,
    )


def faults(machine: type[RuleBasedStateMachine], given: settings) -> dict[Fault, FaultFound]:
    """What a run of the machine finds."""
    try:
        ran(machine, given)
    except FaultFound as error:
        return {error.fault: error}
    except BaseExceptionGroup as group:
        found = group.exceptions
        assert all(isinstance(one, FaultFound) for one in found), found
        return {one.fault: one for one in found if isinstance(one, FaultFound)}
    return {}


def test_a_mutation_is_found_and_shrunk_and_its_case_replays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    machine = state_machine("model", mutation=SKIPPED, cases=tmp_path)
    found = faults(machine, bounded(100))
    missed = next(one for one in found if one.id == "NN-MISSED")
    (case,) = [
        one
        for one in (read_case(str(file)) for file in tmp_path.glob("*.case.json"))
        if one.fault == missed
    ]
    assert sum(len(step.do) for step in case.program.steps) <= 6
    assert found[missed].message.startswith("NN-MISSED")
    replay = next(
        note.removeprefix("It replays: negotiation ")
        for note in found[missed].__notes__
        if note.startswith("It replays")
    )
    assert main(replay.split()) == 1
    assert "It shows the fault" in capsys.readouterr().out


@pytest.fixture
def dying(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Dying]:
    """Makes the model's place one that dies."""

    def put(every: int = 1) -> Dying:
        player = Dying("createOffer", "setRemoteDescription", every=every)
        monkeypatch.setattr(harness, "on_model", lambda mutation, seed: player)
        return player

    return put


def test_distinct_faults_are_told_apart_and_each_is_shrunk(
    dying: Callable[..., Dying], tmp_path: Path
) -> None:
    dying()
    found = faults(state_machine("model", cases=tmp_path), bounded(150))
    assert {one.id for one in found} == {"STACK-DIED", "STACK-HUNG"}
    assert len({type(one) for one in found.values()}) == 2
    cases = [read_case(str(file)) for file in tmp_path.glob("*.case.json")]
    assert {case.fault for case in cases} == set(found)
    for case in cases:
        assert sum(len(step.do) for step in case.program.steps) <= 3


def test_what_is_tolerated_passes_and_the_next_fault_is_found(
    dying: Callable[..., Dying], tmp_path: Path
) -> None:
    dying()
    both = faults(state_machine("model", cases=None), bounded(150))
    died = next(one for one in both if one.id == "STACK-DIED")
    rest = faults(state_machine("model", tolerated=[died], cases=tmp_path), bounded(150))
    assert {one.id for one in rest} == {"STACK-HUNG"}
    assert len(list(tmp_path.glob("*.case.json"))) == 1
    ran(state_machine("model", tolerated=lambda fault: fault in both, cases=None), bounded(50))


def test_what_comes_only_now_and_then_is_told_as_that(
    dying: Callable[..., Dying], tmp_path: Path
) -> None:
    """And not as Hypothesis's Flaky, which would tell nothing of the stack."""
    dying(every=2)
    found = faults(state_machine("model", cases=tmp_path), bounded(80))
    assert found
    assert any("runs of this program" in one.message for one in found.values())
    cases = [read_case(str(file)) for file in tmp_path.glob("*.case.json")]
    assert any(case.found.confirmed < case.found.repeated for case in cases)


def test_a_program_that_showed_nothing_new_is_not_played_again(
    dying: Callable[..., Dying],
) -> None:
    player = dying()
    played = Remembered(player, lambda fault: fault.id == "STACK-DIED")
    for call in ("addIceCandidate", "setRemoteDescription"):
        program = of(Do(call=call))
        assert played.show(program) is None
        before = player.played
        assert played.show(replace(program, name="another name")) is None
        assert player.played == before


def test_nothing_is_found_on_the_model(tmp_path: Path) -> None:
    ran(state_machine("model", cases=tmp_path / "cases"), bounded(50))
    assert not (tmp_path / "cases").exists()


def test_a_database_does_not_mix_machines_up() -> None:
    database = InMemoryExampleDatabase()
    broken = state_machine("model", mutation=SKIPPED, cases=None)
    assert faults(broken, bounded(400, database))
    other = state_machine("model", cases=None)
    with pytest.raises(unittest.SkipTest, match="told to run no"):  # it has none to try again
        ran(other, bounded(5, database, phases=[Phase.reuse]))


@pytest.mark.parametrize("shared", [False, True])
def test_a_database_finds_again_at_once(tmp_path: Path, shared: bool) -> None:
    """A folder, or a folder of another machine that is only read."""
    folder = DirectoryBasedExampleDatabase(tmp_path / "first")
    first = faults(state_machine("model", mutation=SKIPPED, cases=None), bounded(400, folder))
    assert first
    second: ExampleDatabase = folder
    if shared:
        local = DirectoryBasedExampleDatabase(tmp_path / "second")
        second = MultiplexedDatabase(local, ReadOnlyDatabase(folder))
    machine = state_machine("model", mutation=SKIPPED, cases=None)
    again = faults(machine, bounded(400, second, phases=[Phase.reuse]))
    assert set(again) == set(first)


def test_settings_of_the_test_are_kept_but_for_what_a_stack_cannot_do() -> None:
    given = settings(max_examples=7, deadline=1, suppress_health_check=[])
    machine = state_machine("model", settings=given, cases=None)
    case = machine.TestCase()
    case.setUp()
    assert case.settings.max_examples == 7
    assert case.settings.deadline is None
    assert HealthCheck.too_slow in case.settings.suppress_health_check
    assert Phase.explain not in case.settings.phases


def test_what_cannot_be_fuzzed_is_said_before_anything_runs() -> None:
    with pytest.raises(UsageError, match="no mutation 'return_to_stable/skiped'; did you mean"):
        state_machine("model", mutation="return_to_stable/skiped")
    with pytest.raises(UsageError, match="leave it out"):
        state_machine("chromium", mutation=SKIPPED)
    with pytest.raises(UsageError, match="plays alone"):
        state_machine(("model", "chromium"))
    with pytest.raises(UsageError, match="nosuch"):
        ran(state_machine("nosuch", cases=None), bounded(5))

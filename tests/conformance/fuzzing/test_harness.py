"""The harness under pytest: what is found, told apart, tolerated, shrunk, and handed on."""

from __future__ import annotations

import unittest
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.database import (
    ExampleDatabase,
)
from hypothesis.stateful import RuleBasedStateMachine

from negotiation.conformance.cli import main
from negotiation.conformance.fuzzing.cases import Fault, read_case
from negotiation.conformance.fuzzing.harness import FaultFound, state_machine

SKIPPED = "return_to_stable/skipped"


def ran(machine: type[RuleBasedStateMachine], given: settings | None = None) -> None:
    """Runs the machine as pytest would; raises what its test raises."""
    if given is not None:
        machine = given(machine)
    case = machine.TestCase()
    result = unittest.TestResult()
    with Raising(case) as raised:
        case.run(result)
    assert result.testsRun == 1
    if raised.error is not None:
        raise raised.error


class Raising:
    """unittest keeps only the text of what a test raises; this keeps it."""

    def __init__(self, case: unittest.TestCase) -> None:
        self._case = case
        self._run: Callable[[], None] = case.runTest  # type: ignore[attr-defined]
        self.error: BaseException | None = None

    def __enter__(self) -> Raising:
        self._case.runTest = self._kept  # type: ignore[attr-defined]
        return self

    def __exit__(self, *error: object) -> None:
        self._case.runTest = self._run  # type: ignore[attr-defined]

    def _kept(self) -> None:
        try:
            self._run()
        except BaseException as error:
            self.error = error


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


def test_nothing_is_found_on_the_model(tmp_path: Path) -> None:
    ran(state_machine("model", cases=tmp_path / "cases"), bounded(50))
    assert not (tmp_path / "cases").exists()

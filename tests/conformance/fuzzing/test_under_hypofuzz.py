"""The harness under HypoFuzz, as it is: found, shrunk, and found again by pytest at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from negotiation.conformance.fuzzing.cases import read_case

pytest.importorskip("hypofuzz", reason="HypoFuzz is not installed: pip install '.[hypofuzz]'")

ROOT = Path(__file__).parents[3]
BESIDE = Path(sys.executable).parent
BOUND = 300
"""Seconds; on a machine that does nothing else it takes twenty."""

TEST = """
import os

from hypothesis import Phase, settings
from negotiation.conformance.fuzzing.harness import state_machine

settings.register_profile("again", phases=[Phase.reuse])
settings.load_profile(os.environ.get("PROFILE", "default"))

TestModel = state_machine("model", mutation="return_to_stable/skipped").TestCase
"""


def ran(folder: Path, *arguments: str, profile: str) -> str:
    """What a command says in the folder."""
    done = subprocess.run(
        [str(BESIDE / arguments[0]), *arguments[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".src"), "PROFILE": profile},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=BOUND,
    )
    return done.stdout


@pytest.mark.slow
def test_hypofuzz_finds_a_mutation_and_pytest_finds_it_again(tmp_path: Path) -> None:
    (tmp_path / "test_model.py").write_text(TEST)
    arguments = ("--no-dashboard", "-n", "1", "--", "test_model.py")
    told = ran(tmp_path, "hypothesis", "fuzz", *arguments, profile="default")
    assert "fuzz 1 test" in told, told
    assert "Found a failing input for every test" in told, told
    assert "slice_comments" not in told, told  # HypoFuzz with a Hypothesis that it does not know
    (case,) = map(read_case, map(str, (tmp_path / "cases").glob("*.case.json")))
    assert case.fault.id == "NN-MISSED"
    assert sum(len(step.do) for step in case.program.steps) <= 6
    again = ran(tmp_path, "pytest", "-q", "test_model.py", profile="again")
    assert "FaultFound_NN_MISSED" in again, again

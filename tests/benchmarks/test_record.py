"""The benchmark of the recorder, on a handful of programs: what it tells, and no time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from negotiation.conformance.stacks.registry import STACKS, StackRow

pytestmark = pytest.mark.live

ROOT = Path(__file__).parent.parent.parent
PROGRAMS = 4


@pytest.mark.parametrize("stack", STACKS, ids=lambda row: row.name)
def test_the_bare_script_makes_the_same_calls(stack: StackRow) -> None:
    if stack.executable() is None:
        pytest.skip(f"{stack.title} is not here: {stack.install}")
    command = [sys.executable, "-m", "benchmarks.record", "--stack", stack.name]
    options = ["--format", "json", "--programs", str(PROGRAMS), "--rounds", "1", "--limit", "1e6"]
    done = subprocess.run(
        [*command, *options],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    told = json.loads(done.stdout)
    assert {"limit", "rounds", "stacks", "machine", "load", "versions"} == set(told)
    (one,) = told["stacks"].values()
    assert one["programs"] == PROGRAMS
    assert one["calls"] > 0
    assert one["differing"] == {}
    assert one["ratio"] > 0
    assert one["recording_seconds"] >= one["writing_seconds"] > 0
    assert one["bare_seconds"] > 0

"""The benchmark of the checker, on a handful of programs: what it tells, and no time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FIGURES = {
    "cold_observations_per_second",
    "warm_observations_per_second",
    "megabytes_per_second",
    "memoised_share",
    "ratio_to_decoding",
}


def test_it_tells_its_figures_and_the_machine() -> None:
    command = [sys.executable, "-m", "benchmarks.check", "--format", "json"]
    size = ["--programs", "3", "--observations", "300"]
    done = subprocess.run([*command, *size], cwd=ROOT, capture_output=True, check=True, text=True)
    told = json.loads(done.stdout)
    assert all(told[name] > 0 for name in FIGURES)
    assert told["observations"] >= 300
    assert told["memoised_share"] <= 1
    assert {"processor", "cores", "platform"} == set(told["machine"])
    assert {"python", "negotiation", "msgspec"} == set(told["versions"])

"""What reading a dump costs does not grow with its statistics."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MEGABYTE = 1_000_000


@pytest.mark.slow
def test_memory_does_not_grow_with_the_statistics() -> None:
    command = [sys.executable, "-m", "benchmarks.dumps", "5", "100", "--format", "json"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".src")},
    )
    small, large = json.loads(done.stdout)
    assert large["bytes"] > 15 * small["bytes"]
    assert small["calls"] == large["calls"] == 1
    assert large["memory"] < small["memory"] + 16 * MEGABYTE

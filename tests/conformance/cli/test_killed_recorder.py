"""A recorder that is killed leaves its traces, and no process and no folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from negotiation.conformance.stacks.registry import STACKS, StackRow
from negotiation.conformance.traces.reading import read_trace

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks into /proc"),
]

LONG: dict[str, Any] = {
    "format": "negotiation-program",
    "version": 1,
    "name": "long",
    "about": "Takes some ten seconds.",
    "area": "test",
    "rule": "#dfn-chain",
    "steps": [
        {"peer": "A", "do": [{"call": "addTransceiver", "args": {"kind": "audio"}}]},
        *[{"settle": True}] * 300,
    ],
}

SLOW = 60.0


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary folders go; tmp_path would be too long for Chromium's socket."""
    with tempfile.TemporaryDirectory(prefix="neg-") as made:
        monkeypatch.setenv("TMPDIR", made)
        yield Path(made)


def wait_for(what: Callable[[], object], seconds: float = SLOW) -> bool:
    end = time.monotonic() + seconds
    while not (done := what()) and time.monotonic() < end:
        time.sleep(0.05)
    return bool(done)


def processes_of(folder: Path) -> list[str]:
    """The commands that were given a temporary folder below this one."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and f"={folder}/".encode() in (
                (process / "environ").read_bytes()
            ):
                found.append(f"{process.name} {(process / 'cmdline').read_bytes()!r}")
        except OSError:
            pass
    return found


def observations(file: Path) -> int:
    return len(read_trace(file).observations) if file.exists() and file.stat().st_size else 0


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
@pytest.mark.parametrize("row", STACKS, ids=lambda row: row.name)
def test_a_recorder_that_is_killed(
    row: StackRow, how: signal.Signals, negotiation: Run, folder: Path
) -> None:
    if row.executable() is None:
        pytest.skip(f"{row.title} is not here: {row.install}")
    Path("long.json").write_text(json.dumps(LONG))
    command = ("record", "--stack", row.name, "first-change", "long.json", "--gzip")
    recorder = subprocess.Popen(
        [sys.executable, "-m", "negotiation.conformance.cli", *command, "--output", "t"],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with recorder:
        try:
            long = Path("t/long.jsonl.gz")
            assert wait_for(lambda: observations(long) >= 5 or recorder.poll() is not None)
            assert recorder.poll() is None
            assert processes_of(folder)
        finally:
            recorder.send_signal(how)
    assert recorder.returncode == (-how if how is signal.SIGKILL else 128 + how)
    assert wait_for(lambda: not processes_of(folder), 10), processes_of(folder)
    assert wait_for(lambda: not os.listdir(folder), 10), os.listdir(folder)
    assert not read_trace("t/first-change.jsonl.gz").truncated
    cut = read_trace("t/long.jsonl.gz")
    assert cut.error is None
    assert len(cut.observations) >= 5
    assert cut.truncated == (how is signal.SIGKILL)
    told = negotiation("check", "t")
    assert told.code in (0, 1)  # read and judged, whatever the stack may do
    assert ("Cut off" in told.out) == (how is signal.SIGKILL)

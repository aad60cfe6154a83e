"""The guard: what it does when its recorder is gone, and that it does nothing otherwise."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from negotiation.conformance.stacks.guarding import Guard


@pytest.fixture
def guarded() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "60"], start_new_session=True)
    yield process
    process.kill()
    process.wait()


def recorder_that_is_killed(folder: Path, group: int | None) -> None:
    """A process with a guard, that kills itself as SIGKILL does it."""
    child = os.fork()
    if child == 0:
        guard = Guard(folder)
        if group is not None:
            guard.watch(group)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


def gone(folder: Path) -> bool:
    end = time.monotonic() + 10
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.02)
    return not folder.exists()


def test_the_group_and_the_folder_go_with_the_recorder(
    tmp_path: Path, guarded: subprocess.Popen[bytes]
) -> None:
    folder = tmp_path / "a folder; with 'signs'"
    (folder / "below").mkdir(parents=True)
    recorder_that_is_killed(folder, guarded.pid)
    assert guarded.wait(10) == -signal.SIGKILL
    assert gone(folder)


def test_a_recorder_that_is_killed_before_anything_was_started(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    recorder_that_is_killed(folder, None)
    assert gone(folder)


def test_a_guard_that_is_dismissed_does_nothing(
    tmp_path: Path, guarded: subprocess.Popen[bytes]
) -> None:
    guard = Guard(tmp_path)
    guard.watch(guarded.pid)
    guard.dismiss()
    assert guarded.poll() is None
    assert tmp_path.exists()


def test_a_guard_that_somebody_killed_is_no_obstacle(tmp_path: Path) -> None:
    guard = Guard(tmp_path)
    guard._shell.kill()
    guard._shell.wait()
    guard.watch(os.getpid())
    guard.dismiss()

"""Memory and processor time, as /proc tells them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from negotiation.conformance.stacks.measuring import MIB, WARM, Growth, descendants, usage

looks_into_proc = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks into /proc"
)


def grown(growth: Growth, *memory: int) -> list[str | None]:
    return [growth.after(f"p{number}", each * MIB) for number, each in enumerate(memory)]


def test_growth_counts_from_the_first_programs_on() -> None:
    warm = [10, 60, 100, 100, 100]
    assert len(warm) == WARM
    told = grown(Growth(50 * MIB), *warm, 110, 145, 150, 151)
    assert told[:-1] == [None] * 8
    assert told[-1] == "its memory grew from 100 MiB to 151 MiB in 4 programs, most in p6 (35 MiB)"


def test_memory_that_comes_back_is_no_growth() -> None:
    told = grown(Growth(50 * MIB), *[100] * WARM, 149, 100, 149, 100, 149)
    assert told == [None] * 10


@looks_into_proc
def test_the_usage_of_a_group() -> None:
    script = "held = bytearray(64 << 20)\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", script], start_new_session=True) as busy:
        try:
            end = time.monotonic() + 20
            while time.monotonic() < end:
                used = usage(busy.pid)
                if used is not None and used.memory > 64 * MIB and used.time > 0:
                    break
                time.sleep(0.02)
            assert used is not None
            assert used.memory > 64 * MIB
            assert used.time > 0
        finally:
            busy.kill()


def test_nothing_is_known_of_no_process() -> None:
    assert usage(None) is None
    assert usage(2**22 + 1) is None  # larger than any id
    assert descendants(None) == ()


@looks_into_proc
def test_descendants_and_whether_they_live() -> None:
    script = "sleep 60 & echo $!; wait"
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True) as shell:
        assert shell.stdout is not None
        child = int(shell.stdout.readline())
        (found,) = [each for each in descendants(os.getpid()) if each.id == child]
        while found.name != "sleep 60":  # the shell forks, and the child becomes it a moment later
            assert shell.poll() is None
            (found,) = [each for each in descendants(os.getpid()) if each.id == child]
        assert found.lives()
        found.kill()
        shell.wait(10)
    assert not found.lives()

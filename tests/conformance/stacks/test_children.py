"""Child processes: nothing of them is left, wherever it went."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from negotiation.conformance.stacks.children import Child, Manner
from negotiation.conformance.stacks.guarding import Guard
from negotiation.conformance.stacks.links import StackError

HAS_PROC = Path("/proc/self/environ").exists()
looks_into_proc = pytest.mark.skipif(not HAS_PROC, reason="looks into /proc")

LEAVES_ITS_GROUP = """
import subprocess, sys
stray = subprocess.Popen(["sleep", "60"], start_new_session=True)
print(stray.pid, flush=True)
if sys.argv[1] == "stays":
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """Where temporary folders go; whatever is left in it fails the test."""
    below = tmp_path / "temporary"
    below.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(below))
    yield below
    assert not list(below.iterdir())


def python(script: str, *arguments: str, spoken_to: bool = True) -> Child:
    command = (sys.executable, "-c", script, *arguments)
    return Child(lambda folder: command, Manner(spoken_to=spoken_to))


def is_gone(process: int) -> bool:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":  # nobody may be there to bury it
            return True
        time.sleep(0.02)
    return False


async def first_number(child: Child) -> int:
    assert child.pipes is not None
    return int(await child.pipes[1].next())


@looks_into_proc
def test_a_process_that_left_the_group_is_found_and_killed() -> None:
    async def run() -> int:
        async with python(LEAVES_ITS_GROUP, "stays") as child:
            stray = await first_number(child)
            async with asyncio.timeout(10):
                # Its environment is laid out after exec() has closed the pipe that told of it.
                while child.strays() != (stray,):
                    await asyncio.sleep(0.01)
            return stray

    assert is_gone(asyncio.run(run()))


@looks_into_proc
def test_what_an_exited_child_left_behind_is_killed_at_once() -> None:
    async def run() -> None:
        async with python(LEAVES_ITS_GROUP, "leaves") as child:
            stray = await first_number(child)
            assert await child.exit() == 0
            assert await asyncio.to_thread(is_gone, stray)

    asyncio.run(run())


@looks_into_proc
def test_the_guard_finds_what_left_the_group(folder: Path) -> None:
    guarded = folder / "guarded"
    guarded.mkdir()
    environment = {**os.environ, "TMPDIR": str(guarded)}
    stray = subprocess.Popen(["sleep", "60"], start_new_session=True, env=environment)
    recorder = os.fork()
    if recorder == 0:
        Guard(guarded)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(recorder, 0)
    assert stray.wait(10) == -signal.SIGKILL
    end = time.monotonic() + 10
    while guarded.exists() and time.monotonic() < end:
        time.sleep(0.02)


def test_its_last_words_are_the_end_of_what_it_said() -> None:
    async def run() -> str:
        script = "import sys; print('x' * 100_000, file=sys.stderr); sys.exit('good bye')"
        async with python(script) as child:
            return await child.end()

    told = asyncio.run(run())
    assert told.startswith("it exited with 1; it said: xxx")
    assert told.endswith("x\ngood bye")
    assert len(told) < 1100


def test_a_child_that_nobody_speaks_to_gets_no_input_and_is_quoted_whole() -> None:
    async def run() -> str:
        script = "import sys; print('read', repr(sys.stdin.read()), flush=True)"
        async with python(script, spoken_to=False) as child:
            assert child.pipes is None
            return await child.end()

    assert asyncio.run(run()) == "it exited with 0; it said: read ''"


def test_what_is_awaited_ends_with_the_child() -> None:
    async def run() -> None:
        async with python("raise SystemExit('no display')") as child, child.while_it_runs():
            await asyncio.sleep(60)

    with pytest.raises(StackError, match="exited with 1; it said: no display"):
        asyncio.run(run())


def test_a_child_that_cannot_be_started_leaves_nothing() -> None:
    async def run() -> None:
        async with Child(lambda folder: ("/no/such/program",), Manner()):
            raise AssertionError("it was started")

    with pytest.raises(StackError, match="/no/such/program cannot be started"):
        asyncio.run(run())


def test_it_runs_where_it_is_told(tmp_path: Path) -> None:
    async def run(manner: Manner) -> str:
        async with Child(lambda folder: ("pwd", "-P"), manner) as child:
            await child.exit()
            return child.last_words()

    assert asyncio.run(run(Manner(at=str(tmp_path)))) == str(tmp_path.resolve())
    assert Path(asyncio.run(run(Manner()))).name.startswith("negotiation-")

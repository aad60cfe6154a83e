"""Stacks that are kept: started once, in a thread of their own, and ended with the process."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from negotiation.conformance.errors import UsageError
from negotiation.conformance.fuzzing.guide import program_of
from negotiation.conformance.fuzzing.keeping import Kept
from negotiation.conformance.fuzzing.opening import on_model
from negotiation.conformance.fuzzing.playing import Played, Player
from negotiation.conformance.programs.language import Do, Program, Step

ROOT = Path(__file__).parents[3]
PROGRAM = program_of(("A",), (), (Step(peer="A", do=(Do(call="restartIce"),)),))


class Stack:
    """Something to keep that writes down what is done with it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.fails = False

    @contextlib.contextmanager
    def open(self) -> Iterator[Player]:
        self._tell("starts")
        yield self
        self._tell("ends")

    def play(self, program: Program) -> Played:
        self._tell("plays")
        if self.fails:
            raise OSError("it is lost")
        return on_model().play(program)

    def _tell(self, what: str) -> None:
        assert threading.current_thread() is not threading.main_thread()
        with self._file.open("a") as file:
            print(os.getpid(), what, file=file)

    def told(self, process: int) -> list[str]:
        lines = [line.split() for line in self._file.read_text().splitlines()]
        return [what for number, what in lines if int(number) == process]


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(tmp_path / "told")


def test_it_starts_at_first_use_and_ends_when_it_is_closed(stack: Stack) -> None:
    kept = Kept(stack.open)
    for _ in range(2):
        assert kept.play(PROGRAM).lines
    kept.close()
    kept.close()
    assert stack.told(os.getpid()) == ["starts", "plays", "plays", "ends"]
    kept.play(PROGRAM)
    kept.close()
    assert stack.told(os.getpid())[4:] == ["starts", "plays", "ends"]


def test_what_goes_wrong_is_raised_where_it_was_asked_for(stack: Stack) -> None:
    kept = Kept(stack.open)
    stack.fails = True
    with pytest.raises(OSError, match="it is lost"):
        kept.play(PROGRAM)
    stack.fails = False
    assert kept.play(PROGRAM).lines
    kept.close()
    assert stack.told(os.getpid()) == ["starts", "plays", "plays", "ends"]

    @contextlib.contextmanager
    def missing() -> Iterator[Player]:
        raise UsageError("it is not here")
        yield

    with pytest.raises(UsageError, match="it is not here"):
        Kept(missing).play(PROGRAM)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_forked_process_starts_its_own_and_ends_it(stack: Stack) -> None:
    kept = Kept(stack.open)
    kept.start()
    child = multiprocessing.get_context("fork").Process(target=kept.play, args=(PROGRAM,))
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert child.pid is not None
    assert stack.told(child.pid) == ["starts", "plays", "ends"]
    assert kept.play(PROGRAM).lines
    kept.close()
    assert stack.told(os.getpid()) == ["starts", "plays", "ends"]


@pytest.mark.live
@pytest.mark.parametrize("end", [None, signal.SIGTERM], ids=["exit", "terminated"])
def test_a_real_stack_is_gone_when_the_process_is(end: signal.Signals | None) -> None:
    pytest.importorskip("wrtc")
    program = """
import os, subprocess, sys
from negotiation.conformance.fuzzing.harness import state_machine
from hypothesis import Phase, settings

given = settings(max_examples=3, stateful_step_count=4, database=None, phases=[Phase.generate])
machine = state_machine("wrtc", tolerated=lambda fault: True, cases=None, settings=given)
for _ in range(2):
    machine.TestCase().debug()
print(subprocess.run(["ps", "-o", "pid=", "--ppid", str(os.getpid())],
                     capture_output=True, text=True).stdout)
sys.stdout.flush()
if sys.argv[1:]:
    os.kill(os.getpid(), int(sys.argv[1]))
"""
    ran = subprocess.run(
        [sys.executable, "-c", program, *([str(int(end))] if end else [])],
        env={**os.environ, "PYTHONPATH": str(ROOT / ".src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == (-end if end else 0), ran.stderr
    started = [int(one) for one in ran.stdout.split()]
    assert len(started) >= 2, "the stack, and ps"
    for process in started:
        assert ended_within(process, 10), process


def ended_within(process: int, seconds: float) -> bool:
    """Whether a process is gone, or will soon be."""
    waits = threading.Event()
    for _ in range(int(seconds * 10)):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        waits.wait(0.1)
    return False

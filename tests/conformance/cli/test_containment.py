"""A stack that hangs, dies or babbles costs its time-out, is found, and ends nothing else."""

from __future__ import annotations

import json
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tried_programs import with_steps

from negotiation.conformance.traces.format import Mark
from negotiation.conformance.traces.reading import read_trace

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run

pytestmark = pytest.mark.usefixtures("nothing_left")

DOUBLE = Path(__file__).parent.parent / "stacks" / "doubles" / "adapter.py"
TIMEOUT = 1.5
STARTING = 3.0
"""Seconds that it may take to end one process and start another, on a busy machine."""

HABITS = {
    "hangs": ("STACK-HUNG", "no end within 1.5 s"),
    "is-busy": ("STACK-HUNG", "and it is busy"),
    "stops": ("STACK-HUNG", "it waits, or is deadlocked"),
    "dies": ("STACK-DIED", "it exited with 1; it said: these are my last words"),
    "crashes": ("STACK-DIED", "it exited with -6"),
    "closes-its-output": ("STACK-HUNG", "no end within 1.5 s"),
    "answers-nonsense": ("RECORDER-FAILED", "a library says hello"),
    "lies-about-numbers": ("RECORDER-FAILED", "count observations from 1, rising"),
    "runs-backwards": ("RECORDER-FAILED", "backwards by more than the resolution"),
    "invents-a-peer": ("RECORDER-FAILED", "'Z' is unknown"),
    "uses-an-id-twice": ("RECORDER-FAILED", "is another call's"),
    "forgets-began": ("RECORDER-FAILED", "call before began"),
    "floods-without-lines": ("RECORDER-FAILED", "a line is longer than"),
    "floods-its-log": ("STACK-HUNG", "and it is busy"),
    "fails": ("RECORDER-FAILED", "RuntimeError: I am broken"),
}


def program(name: str) -> str:
    step = {"peer": "A", "do": [{"call": "close"}, {"call": "createOffer"}]}
    file = Path(f"{name}.json")
    file.write_bytes(msgspec.json.encode(with_steps(step, name=name)))
    return str(file)


def adapter(habit: str = "") -> tuple[str, ...]:
    command = shlex.join([sys.executable, str(DOUBLE), *([habit] if habit else [])])
    return "record", "--adapter", command, "--name", "double", "--output", "t"


def found(negotiation: Run, name: str) -> list[tuple[str, str]]:
    told = json.loads(negotiation("check", f"t/{name}.jsonl", "--format", "json").out)
    endings = ("STACK-", "RECORDER-")
    return [
        (one["id"], one["message"]) for one in told["findings"] if one["id"].startswith(endings)
    ]


@pytest.mark.parametrize("habit", HABITS)
def test_each_costs_its_time_out_and_nothing_else(habit: str, negotiation: Run) -> None:
    programs = [program(name) for name in ("before", habit, "after")]
    began = time.monotonic()
    ran = negotiation(*adapter(), "--timeout", str(TIMEOUT), *programs)
    took = time.monotonic() - began
    assert took < TIMEOUT + 2 * STARTING, f"it took {took:.1f} s"
    assert ran.out == "recorded 3 traces of double in t\n"
    assert len(ran.err.splitlines()) >= 1
    (finding,) = found(negotiation, habit)
    assert finding[0] == HABITS[habit][0]
    assert HABITS[habit][1] in finding[1]
    for name in ("before", "after"):
        assert not found(negotiation, name)
        assert not read_trace(f"t/{name}.jsonl").error
    trace = read_trace(f"t/{habit}.jsonl")
    assert trace.error is None
    last = trace.observations[-1][1]
    assert isinstance(last, Mark)
    assert last.trouble is not None


def test_a_leak_is_noted_and_a_fresh_process_goes_on(negotiation: Run) -> None:
    names = [f"small-{n}" for n in range(6)]
    programs = [program(name) for name in (*names, "leaks", "after")]
    ran = negotiation(*adapter(), "--memory", "24", *programs)
    assert ran.err.startswith("negotiation: leaks: its memory grew from ")
    ((id, message),) = found(negotiation, "leaks")
    assert id == "STACK-LEAKED"
    assert "MiB in 2 programs, most in leaks (" in message
    assert not read_trace("t/leaks.jsonl").truncated
    assert not found(negotiation, "after")


def test_what_comes_after_the_time_for_all_is_skipped(negotiation: Run) -> None:
    programs = [program(name) for name in ("one", "hangs", "two", "three")]
    ran = negotiation(*adapter(), "--batch-timeout", "2", *programs)
    assert ran.out == "recorded 2 traces of double in t\n"
    assert ran.err.splitlines() == [
        "negotiation: hangs: cut: the 2 s for all programs are over",
        "negotiation: two: skipped: the 2 s for all programs are over",
        "negotiation: three: skipped: the 2 s for all programs are over",
    ]
    assert not found(negotiation, "hangs")  # nobody knows whether it would have ended
    told = json.loads(negotiation("check", "t/hangs.jsonl", "--format", "json").out)
    assert told["verdicts"][0]["truncated"]


def test_a_process_that_is_old_makes_way_for_a_fresh_one(negotiation: Run) -> None:
    programs = [program(name) for name in ("one", "two")]
    ran = negotiation(*adapter(), "--process-timeout", "0.001", *programs)
    assert (ran.code, ran.err) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--adapter", "x"], "give it one with --name"),
        (["--adapter", "no-such-program", "--name", "x"], "'no-such-program' is no program that"),
        (["--adapter", "'", "--name", "x"], "--adapter: No closing quotation"),
        (["--adapter", "true", "--name", "../x"], "'../x' is no name"),
        (["--stack", "chromium", "--name", "x"], "--name is for --adapter and --stack page"),
        (["--stack", "chromium", "--listen", "x"], "--listen is for --stack page"),
        (["--stack", "page", "--listen", "0.0.0.0"], "0.0.0.0 is every address of this machine"),
        (["--stack", "page", "--listen", "a/b"], "'a/b' is no address"),
        (["--stack", "page", "--listen", "a:70000"], "'a:70000' is no address"),
        (["--stack", "page", "--listen", "192.0.2.7"], "nobody can listen on 192.0.2.7:0"),
        (["--stack", "model", "--timeout", "0"], "'0' is no positive number"),
        (["--stack", "model", "--adapter", "true"], "not allowed with argument --stack"),
    ],
)
def test_wrong_usage(arguments: list[str], says: str, negotiation: Run) -> None:
    ran = negotiation("record", *arguments, "first-change", "--output", "t")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err

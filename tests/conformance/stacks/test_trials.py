"""Trying adapters: a good one passes, and each rule has one that breaks it."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

import pytest

from negotiation.conformance.stacks.protocol_rules import CHECKS
from negotiation.conformance.stacks.trials import Adapter, Result, tried

pytestmark = [
    pytest.mark.usefixtures("nothing_left"),
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc"),
]

DOUBLE = Path(__file__).parent / "doubles" / "adapter.py"

BREAK = {
    "has-no-version": ("version", "did not print a version"),
    "says-nothing": ("hello", "it said no hello within 1 s"),
    "does-not-start": ("hello", "it exited with 1; it said: no such library"),
    "greets-in-words": ("hello", "its first line is no message"),
    "has-no-name": ("hello", "`agent` is empty"),
    "hangs": ("runs", "it did not end within 1 s (in first-change)"),
    "is-busy": ("runs", "it did not end within 1 s (in first-change)"),
    "stops": ("runs", "it did not end within 1 s (in first-change)"),
    "dies": ("runs", "it exited with 1; it said: these are my last words"),
    "crashes": ("runs", "it exited with -6"),
    "closes-its-output": ("runs", "it did not end within 1 s"),
    "fails": ("runs", "RuntimeError: I am broken"),
    "answers-nonsense": ("form", "a library says hello"),
    "floods-without-lines": ("form", "a line is longer than"),
    "forgets-began": ("sequence", "call before began"),
    "lies-about-numbers": ("numbers", "count observations from 1, rising"),
    "runs-backwards": ("times", "backwards by more than the resolution"),
    "invents-a-peer": ("peers", "'Z' is unknown"),
    "uses-an-id-twice": ("calls", "is another call's"),
    "forgets-returns": ("returns", "call 1, addTransceiver, has neither return nor throw"),
    "forgets-settlements": ("settlements", "setLocalDescription, neither settles nor is pending"),
    "is-never-idle": ("idle", "A is idle 0 times, and was asked 2 times"),
    "floods": ("flood", "more than 10000 observations"),
    "knows-everything": ("unsupported", "a program that calls noSuchCall: complete"),
    "hides-what-is-unsupported": ("unsupported", "names nothing, not noSuchCall"),
    "dies-of-wrong-orders": ("malformed", "the next program, first-change: died"),
    "waits-for-promises": ("interrupted", "hung: it did not end within 1 s"),
    "ends-early": ("conducted", "it said ended instead of did"),
    "never-ends": ("input-ends", "it is still there 1 s after its input ended"),
    "ends-badly": ("input-ends", "it exited with 3"),
    "waits-for-quiet": ("input-ends-early", "it is still there 1 s after its input ended"),
    "hides-children": ("leaves-nothing", "outlived it: sleep 63"),
}


def results(habit: str = "", timeout: float = 1.0) -> dict[str, Result]:
    command = (sys.executable, str(DOUBLE), *([habit] if habit else []))
    return {one.check.id: one for one in asyncio.run(tried(Adapter(command, timeout)))}


def wrong(told: dict[str, Result]) -> dict[str, tuple[str, ...]]:
    return {id: one.problems for id, one in told.items() if one.problems}


@pytest.mark.parametrize("habit", ["", "ignores-sigterm", "has-children"])
def test_a_good_adapter_passes(habit: str) -> None:
    told = results(habit, timeout=10.0)
    assert wrong(told) == {}
    assert all(one.passed for one in told.values())


@pytest.mark.parametrize("habit", BREAK)
def test_a_bad_habit_is_found(habit: str) -> None:
    check, says = BREAK[habit]
    began = time.monotonic()
    told = wrong(results(habit))
    assert check in told
    assert any(says in one for one in told[check]), told[check]
    # One time-out for each program and each way of trying, and no more.
    assert time.monotonic() - began < 30


def test_an_adapter_that_cannot_be_conducted_is_recorded_alone() -> None:
    told = results("cannot-be-conducted", timeout=10.0)
    assert wrong(told) == {}
    assert told["conducted"].problems is None
    assert "can only be recorded alone" in told["conducted"].reason


def test_each_rule_has_its_breaker() -> None:
    broken = {check for check, _ in BREAK.values()}
    assert broken == {check.id for check in CHECKS}

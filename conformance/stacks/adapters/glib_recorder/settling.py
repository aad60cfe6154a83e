"""When is it quiet? Measurements for `idle`, made while the connections' own threads do the work.

Quiet is never assumed from a delay alone: calls that should settle are waited for first, and a
fresh peer connection's createOffer shows that the stack's own threads get to run. How long that
canary takes tells how busy the machine is, and so how long to listen.
"""

from __future__ import annotations

import threading
import time
from typing import Any

from ..scripting.peers import Fields
from .running import Run

CANARIES_WORTH = 3
STALL = 50.0
"""Milliseconds by which a sleep may be late before the time counts as lost."""


def now() -> float:
    """The time in milliseconds."""
    return time.perf_counter() * 1000


def pause(milliseconds: float) -> None:
    """Lets the other threads go on for some time."""
    time.sleep(milliseconds / 1000)


def _canary(run: Run, longest: float) -> float | None:
    """How long a fresh connection's createOffer takes; None if it does not settle."""
    connection: Any = run.stack.connection()
    connection.begin()
    over = threading.Event()
    began = now()
    run.stack.methods["createOffer"](connection, {}).then(lambda value, error: over.set())
    is_over = over.wait(longest / 1000)
    took = now() - began
    connection.close()
    return took if is_over else None


def _listen(run: Run, seen: int, needed: float) -> tuple[int, bool]:
    """Counts turns until the time needed has passed; stops at an observation or a stall."""
    turns = run.options["turns"]
    step = run.options["quiet"] / turns
    began = now()
    turned = 0
    undisturbed = True
    while undisturbed and (turned < turns or now() - began < needed):
        before = now()
        pause(step)
        turned += 1
        undisturbed = run.count == seen and now() - before < step + STALL
    return turned, undisturbed


def measure(run: Run) -> tuple[Fields, bool]:
    """One attempt: what was measured, and whether nothing happened for as long as it takes here."""
    seen = run.count
    took = _canary(run, run.options["patience"])
    run.connections += 1
    needed = max(run.options["quiet"], CANARIES_WORTH * (took or 0.0))
    turns, undisturbed = _listen(run, seen, needed)
    sung = took is not None and run.count == seen
    silent = round((time.perf_counter() - run.last) * 1000, 3)
    return {"quiet": silent, "turns": turns, "canary": sung}, sung and undisturbed


def _calls_settled(run: Run, end: float) -> None:
    while run.should_settle() and now() < end:
        pause(1)


def settle(run: Run) -> Fields:
    """Waits until it is quiet, at most `patience` for each of calls and silence."""
    patience = run.options["patience"]
    _calls_settled(run, now() + patience)
    end = now() + patience
    measured, enough = measure(run)
    while not enough and now() < end:
        _calls_settled(run, end)
        measured, enough = measure(run)
    return measured

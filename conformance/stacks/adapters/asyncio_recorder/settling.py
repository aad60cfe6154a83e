"""When is it quiet? Measurements for `idle`, and fresh callbacks of the event loop.

Quiet is never assumed from a delay alone: calls that should settle are waited for first, and a
fresh peer connection's createOffer shows that the stack's own threads get to run. How long that
canary takes tells how busy the machine is, and so how long to listen.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from .running import Fields, Run

CANARIES_WORTH = 3
STALL = 50.0
"""Milliseconds by which a timer may be late before the time counts as lost."""


def now() -> float:
    """The time in milliseconds."""
    return time.perf_counter() * 1000


async def pause(milliseconds: float) -> None:
    """Lets the loop go on for some time."""
    await asyncio.sleep(milliseconds / 1000)


async def in_new_task(body: Callable[[], Any]) -> Any:
    """Does `body` directly in a callback of the loop, in its next turn; gives what it returns."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def run() -> None:
        try:
            done.set_result(body())
        except Exception as error:
            done.set_exception(error)

    loop.call_soon(run)
    return await done


async def _canary(run: Run, longest: float) -> float | None:
    """How long a fresh connection's createOffer takes; None if it does not settle."""
    connection = run.stack.connection()
    began = now()
    offered = asyncio.ensure_future(run.stack.methods["createOffer"](connection, {}))
    done, _ = await asyncio.wait({offered}, timeout=longest / 1000)
    took = now() - began
    if done:
        offered.exception()
    run.stack.methods["close"](connection, {})
    offered.cancel()
    return took if done else None


async def _listen(run: Run, seen: int, needed: float) -> tuple[int, bool]:
    """Counts turns until the time needed has passed; stops at an observation or a stall."""
    turns = run.options["turns"]
    step = run.options["quiet"] / turns
    began = now()
    turned = 0
    undisturbed = True
    while undisturbed and (turned < turns or now() - began < needed):
        before = now()
        await pause(step)
        turned += 1
        undisturbed = run.count == seen and now() - before < step + STALL
    return turned, undisturbed


async def measure(run: Run) -> tuple[Fields, bool]:
    """One attempt: what was measured, and whether nothing happened for as long as it takes here."""
    seen = run.count
    took = await _canary(run, run.options["patience"])
    run.connections += 1
    needed = max(run.options["quiet"], CANARIES_WORTH * (took or 0.0))
    turns, undisturbed = await _listen(run, seen, needed)
    sung = took is not None and run.count == seen
    silent = round((time.perf_counter() - run.last) * 1000, 3)
    return {"quiet": silent, "turns": turns, "canary": sung}, sung and undisturbed


async def _calls_settled(run: Run, end: float) -> None:
    while run.should_settle() and now() < end:
        await pause(1)


async def settle(run: Run) -> Fields:
    """Waits until it is quiet, at most `patience` for each of calls and silence."""
    patience = run.options["patience"]
    await _calls_settled(run, now() + patience)
    end = now() + patience
    measured, enough = await measure(run)
    while not enough and now() < end:
        await _calls_settled(run, end)
        measured, enough = await measure(run)
    return measured

"""Waiting until it is quiet, and measuring that: else nothing that is missing can be told."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from typing import Any

from ..traces.format import Idle
from .peers import Peer
from .watching import Watcher

QUIET = 250.0
"""Milliseconds without an observation."""

PATIENCE = 5_000.0
"""Milliseconds after which it is told that it did not become quiet."""

_STEP = 0.02
_TURNS = 6


async def settle(watcher: Watcher, quiet: float = QUIET, patience: float = PATIENCE) -> bool:
    """Waits until nothing happens any more, and records what was measured, of each connection.

    Whether it became quiet; nothing is waited for where all connections are closed.
    """
    open_ones = [one for one in watcher.peers if not one.is_closed]
    if not open_ones or watcher.log.ended is not None or _is_known(watcher):
        return True
    until = time.perf_counter() + patience / 1000
    measured, is_quiet = await _listened(watcher, open_ones, quiet, until)
    while not is_quiet and time.perf_counter() < until:
        measured, is_quiet = await _listened(watcher, open_ones, quiet, until)
    for peer in watcher.peers:
        peer.idle(*measured)
    return is_quiet


def _is_known(watcher: Watcher) -> bool:
    """Whether nothing happened since it was quiet the last time."""
    kept = watcher.log.kept
    last = {peer.number: observation for peer, observation in kept}
    return all(isinstance(last.get(peer.number), Idle) for peer in watcher.peers)


async def _listened(
    watcher: Watcher, open_ones: list[Peer], quiet: float, until: float
) -> tuple[tuple[float, int, bool], bool]:
    """One attempt: for how long it was quiet, in how many turns, with or without a canary's song;
    and whether that is enough."""
    while any(one.pending and not one.is_closed for one in open_ones):
        await asyncio.sleep(_STEP)
        if time.perf_counter() > until:
            break
    seen = len(watcher.log.kept)
    canary = await _canary(watcher, open_ones[0])
    turns, began = 0, time.perf_counter()
    is_quiet = len(watcher.log.kept) == seen
    while is_quiet and (turns < _TURNS or (time.perf_counter() - began) * 1000 < quiet):
        await asyncio.sleep(_STEP)
        turns += 1
        is_quiet = len(watcher.log.kept) == seen
    silent = round((time.perf_counter() - watcher.log.last) * 1000, 3)
    return (silent, turns, canary and is_quiet), is_quiet


async def _canary(watcher: Watcher, peer: Peer) -> bool:
    """Whether a fresh connection's createOffer is over within three seconds, however it ends."""
    connection: Any = None
    try:
        with watcher.canary():
            connection = peer.stack.owner(type(peer.connection))()
        offering = asyncio.ensure_future(connection.createOffer())
        done, _ = await asyncio.wait({offering}, timeout=3)
        if done:
            offering.exception()
        offering.cancel()
        return bool(done)
    except Exception:
        return False
    finally:
        with contextlib.suppress(Exception):
            closing = None if connection is None else connection.close()
            if inspect.isawaitable(closing):
                await closing

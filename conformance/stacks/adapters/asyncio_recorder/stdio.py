"""The recorder protocol over standard input and output, and the run of a program.

Whatever a library prints goes to standard error: standard output is for the protocol alone.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import AsyncIterator, Callable
from typing import Any

from ..scripting.items import Running
from ..scripting.media import Media
from ..scripting.output import protocol_output, unsupported
from .running import Fields, Peer, Run, Stack
from .scripts import perform
from .settling import in_new_task, measure, now, pause, settle

CONNECTIONS_BETWEEN_COLLECTIONS = 60
GRACE = 10.0
"""Seconds that a program may still run when nobody listens any more."""


def serve(stack: Stack) -> None:
    """Runs programs, one after the other, until standard input ends."""
    if "--version" in sys.argv:
        print(stack.agent())
        return
    asyncio.run(_serve(stack, protocol_output()))


async def _serve(stack: Stack, send: Callable[[Fields], None]) -> None:
    orders: asyncio.Queue[bytes | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    threading.Thread(target=_read, args=(loop, orders), daemon=True).start()
    resolution = time.get_clock_info("perf_counter").resolution * 1000
    hello = {"agent": stack.agent(), "configuration": stack.configuration}
    send({"kind": "hello", "resolution": resolution, **hello})
    connections = 0
    gc.collect()
    gc.freeze()  # what is there now stays, and is not to be looked at in each collection
    while True:
        order = await orders.get()
        if order is None:
            return
        try:
            connections += await run_and_tell(stack, json.loads(order), send, orders)
        except Exception:
            send({"kind": "failed", "error": traceback.format_exc()})
        if connections >= CONNECTIONS_BETWEEN_COLLECTIONS:
            gc.collect()
            connections = 0


def _read(loop: asyncio.AbstractEventLoop, orders: asyncio.Queue[bytes | None]) -> None:
    for line in sys.stdin.buffer:
        loop.call_soon_threadsafe(orders.put_nowait, line)
    loop.call_soon_threadsafe(orders.put_nowait, None)
    time.sleep(GRACE)
    os._exit(1)


async def run_and_tell(
    stack: Stack,
    order: Fields,
    send: Callable[[Fields], None],
    commands: asyncio.Queue[bytes | None],
) -> int:
    """Runs one program; gives the number of connections that it made.

    One that is conducted does a step whenever a command asks for it.
    """
    program = order["program"]
    missing = unsupported(stack, program)
    if missing:
        send({"kind": "unsupported", "what": missing})
        return 0
    media = Media(program, stack.track, stack.stream)
    try:
        send({"kind": "began", "streams": media.stream_names()})
        run = Run(stack, program, media, send, order["options"])
        steps = _asked(run, program, send, commands) if order.get("conducted") else None
        made = await run_program(run, program, steps)
        send({"kind": "ended"})
    finally:
        media.end()
    return made


async def run_program(run: Run, program: Fields, steps: AsyncIterator[Fields] | None = None) -> int:
    """Runs a program to its end; gives the number of peer connections that it made.

    It does these `steps`, or those of the program.
    """
    try:
        for handler in program.get("handlers", []):
            _handle(run, handler)
        async for each in _in_order(program) if steps is None else steps:
            doing = _settle_step(run) if each.get("settle") else _step(run, each)
            await _unless_broken(run, asyncio.ensure_future(doing))
    finally:
        await run.end()
    return run.connections


async def _in_order(program: Fields) -> AsyncIterator[Fields]:
    for each in program["steps"]:
        yield each


async def _asked(
    run: Run,
    program: Fields,
    send: Callable[[Fields], None],
    commands: asyncio.Queue[bytes | None],
) -> AsyncIterator[Fields]:
    """The steps of a conducted program, one whenever a command asks for it; see `wire.Command`."""
    while True:
        told = await commands.get()
        if told is None:
            commands.put_nowait(None)  # for whoever waits for the next order
            return
        command: Fields = json.loads(told)
        if command.get("end"):
            return
        if command.get("message"):
            run.messages[command["message"]] = {"description": command.get("description")}
            run.sent.append((None, command["message"]))
        else:
            yield program["steps"][command["step"]]
            send({"kind": "did"})


async def _unless_broken(run: Run, doing: asyncio.Future[None]) -> None:
    await asyncio.wait({doing, run.broken}, return_when=asyncio.FIRST_COMPLETED)
    if run.broken.done():
        doing.cancel()
        run.broken.result()
    doing.result()


async def _settle_step(run: Run) -> None:
    measured = await settle(run)
    for peer in run.peers.values():
        peer.saw("idle", **measured, pending=list(peer.pending))


async def _step(run: Run, step: Fields) -> None:
    peer, script = run.peers[step["peer"]], Running()

    def begin() -> Any:
        return run.begin(perform(run, peer, step.get("do", []), script))

    doing = await in_new_task(lambda: _then_react(run, lambda: run.place.new_task(begin)))
    watching = asyncio.ensure_future(_hopeless(run, peer, doing))
    await asyncio.wait({doing, watching}, return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    if not doing.done():
        script.abandoned = True
        peer.did("mark", text="step abandoned: an awaited promise did not settle")


def _then_react(run: Run, body: Callable[[], Any]) -> Any:
    result = body()
    run.react()
    return result


async def _hopeless(run: Run, peer: Peer, doing: asyncio.Future[None]) -> None:
    """Waits until the awaited call of a script can no longer be expected to settle."""
    end = now() + run.options["patience"]
    while not doing.done() and now() < end:
        if not peer.closed:
            await pause(5)
        elif (await measure(run))[1]:
            break


def _handle(run: Run, handler: Fields) -> None:
    """Registers a handler after the recorder's own listeners: the event is recorded first."""
    peer = run.peers[handler["peer"]]
    left = handler.get("times", 1)

    def begin(message: str | None) -> None:
        nonlocal left
        if run.over or left <= 0:
            return
        left -= 1
        run.begin(perform(run, peer, handler["do"], Running(message)))

    def react(event: Any) -> None:
        within = handler["event"]
        _then_react(run, lambda: run.place.during(None, within, lambda: begin(None)))

    if handler["event"] == "message":
        peer.onmessage = begin
    else:
        run.stack.listen(peer.connection, handler["event"], react)

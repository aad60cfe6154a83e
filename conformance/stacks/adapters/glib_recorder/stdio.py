"""The recorder protocol over standard input and output, and the run of a program.

The main thread reads orders, begins steps and waits; all else is done in the connections' threads.
"""

from __future__ import annotations

import gc
import json
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from ..scripting.items import Running, calls_of
from ..scripting.media import Media
from ..scripting.output import protocol_output, unsupported
from ..scripting.peers import Fields, Peer, Stack
from .running import Run, Script
from .settling import now, settle

CONNECTIONS_BETWEEN_COLLECTIONS = 60


class GlibStack(Stack, Protocol):
    """What an adapter tells of its stack.

    Connections `begin()` when their listeners are there, do a body `soon` in their thread, and
    `close()` in the main thread.
    """

    def lacks(self, item: Fields) -> str | None:
        """What of this call the stack has not, although it has the call; None: nothing."""

    def lacks_event(self, event: str) -> bool:
        """Whether the stack has no such event."""


def serve(stack: GlibStack) -> None:
    """Runs programs, one after the other, until standard input ends."""
    if "--version" in sys.argv:
        print(stack.agent())
        return
    send = protocol_output()
    resolution = time.get_clock_info("perf_counter").resolution * 1000
    hello = {"agent": stack.agent(), "configuration": stack.configuration}
    send({"kind": "hello", "resolution": resolution, **hello})
    connections = 0
    gc.collect()
    gc.freeze()  # what is there now stays, and is not to be looked at in each collection
    for line in sys.stdin.buffer:
        try:
            connections += _run_and_tell(stack, json.loads(line), send)
        except Exception:
            send({"kind": "failed", "error": traceback.format_exc()})
        if connections >= CONNECTIONS_BETWEEN_COLLECTIONS:
            gc.collect()
            connections = 0


def missing(stack: GlibStack, program: Fields) -> list[str]:
    """What the program needs and the stack has not, each once."""
    calls = unsupported(stack, program)
    parts = [stack.lacks(item) for item in calls_of(program) if item["call"] not in calls]
    events = [handler["event"] for handler in program.get("handlers", [])]
    lacking = [f"the event {event}" for event in events if stack.lacks_event(event)]
    return list(dict.fromkeys([*calls, *(part for part in parts if part), *lacking]))


def _run_and_tell(stack: GlibStack, order: Fields, send: Callable[[Fields], None]) -> int:
    """Runs one program; gives the number of connections that it made."""
    program = order["program"]
    what = missing(stack, program)
    if what:
        send({"kind": "unsupported", "what": what})
        return 0
    media = Media(program, stack.track, stack.stream)
    send({"kind": "began", "streams": media.stream_names()})
    made = run_program(Run(stack, program, media, send, order["options"]), program)
    send({"kind": "ended"})
    return made


def run_program(run: Run, program: Fields) -> int:
    """Runs a program to its end; gives the number of peer connections that it made."""
    try:
        for handler in program.get("handlers", []):
            _handle(run, handler)
        for peer in run.peers.values():
            peer.connection.begin()
        for each in program["steps"]:
            if each.get("settle"):
                _settle_step(run)
            else:
                _step(run, each)
            if run.broken:
                raise RuntimeError(run.broken)
    finally:
        with run.changed:
            run.over = True
        for peer in run.peers.values():
            peer.connection.close()
    return run.connections


def _settle_step(run: Run) -> None:
    measured = settle(run)
    with run.changed:
        for peer in run.peers.values():
            peer.saw("idle", **measured, pending=list(peer.pending))


def _step(run: Run, step: Fields) -> None:
    peer, running = run.peers[step["peer"]], Running()
    script = Script(run, peer, step.get("do", []), running)
    begin = run.place.new_task
    peer.connection.soon(lambda: run.callback(lambda: begin(script.go_on)))
    end = now() + run.options["patience"]
    with run.changed:
        while not script.over and not run.broken and now() < end:
            run.changed.wait((end - now()) / 1000)
        if not script.over and not run.broken:
            running.abandoned = True
            peer.did("mark", text="step abandoned: an awaited promise did not settle")


def _handle(run: Run, handler: Fields) -> None:
    """Registers a handler after the recorder's own listeners: the event is recorded first."""
    peer: Peer = run.peers[handler["peer"]]
    left = handler.get("times", 1)

    def begin(message: str | None) -> None:
        nonlocal left
        if left > 0:
            left -= 1
            Script(run, peer, handler["do"], Running(message)).go_on()

    def react(event: Any) -> None:
        within = handler["event"]
        run.place.during(None, within, lambda: begin(None))

    if handler["event"] == "message":
        peer.onmessage = begin
    else:
        run.listen(peer.connection, handler["event"], react)

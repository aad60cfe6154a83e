"""The bare script of `webrtcbin`: makes the calls of programs, and observes nothing.

It takes the place of the adapter. How a call is made and a connection is begun (`webrtcbin`), the
edits and the waits for quiet (`settling`) are the adapter's; what an item of a program means is
`bare_wrtc`'s. Scripts run in the connections' threads, as the adapter's do.

`record` runs it as a file, with the interpreter that has `gi`: an order is a line of its standard
input, what was done with it a line of its standard output.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
import traceback
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / ".src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import bare_wrtc as bare
from benchmarks.bare_wrtc import MissingError, Peer, Script
from negotiation.conformance.stacks.adapters.glib_recorder.settling import now, settle
from negotiation.conformance.stacks.adapters.glib_recorder.stdio import (
    CONNECTIONS_BETWEEN_COLLECTIONS,
)
from negotiation.conformance.stacks.adapters.scripting.media import Media
from negotiation.conformance.stacks.adapters.scripting.peers import Fields
from negotiation.conformance.stacks.adapters.scripting.texts import NoSuchSectionError


class Run(bare.Run):
    """A running program, of which one thread does something at a time."""

    def __init__(self, stack: Any, program: Fields, options: Fields) -> None:
        self.changed = threading.Condition(threading.RLock())
        self.broken = ""
        super().__init__(stack, program, Media(program, stack.track, stack.stream), options)

    def callback(self, body: Callable[[], None]) -> None:
        with self.changed:
            if self.over:
                return
            try:
                body()
            except Exception:
                self.broken = self.broken or traceback.format_exc()
            self.changed.notify_all()

    def close(self) -> None:
        with self.changed:
            self.over = True
        for peer in self.peers.values():
            peer.connection.close()


class Waiting:
    """A call that promises something."""

    def __init__(self, peer: Peer, item: Fields) -> None:
        self._peer = peer
        self._item = item
        self.go_on: Callable[[], None] | None = None
        self.over = self.fulfilled = False
        peer.pending += 1

    def ended(self, value: Any, error: BaseException | None) -> None:
        run: Any = self._peer.run
        run.callback(lambda: self._settle(value, error))

    def _settle(self, value: Any, error: BaseException | None) -> None:
        peer, item = self._peer, self._item
        value = SimpleNamespace(**value) if isinstance(value, dict) else value
        self.over, self.fulfilled = True, error is None
        peer.run.did("fulfilled" if self.fulfilled else "rejected")
        peer.pending -= 1
        if self.fulfilled and item.get("as"):
            peer.run.results[item["as"]] = value
        if self.fulfilled and item["call"] in ("createOffer", "createAnswer"):
            peer.kept[item["call"].replace("create", "last")] = value
        peer.keep_transceivers()
        if self.go_on is not None:
            self.go_on()


def _call(peer: Peer, item: Fields, script: Script) -> Waiting | None:
    values = bare._given(peer, item, script)
    peer.run.did("calls")
    try:
        value = peer.run.stack.methods[item["call"]](peer.connection, values)
    except Exception as error:
        if isinstance(error, MissingError):
            raise
        peer.run.did("thrown")
        return None
    peer.keep_transceivers()
    if not hasattr(value, "then"):
        return None
    waiting = Waiting(peer, item)
    value.then(waiting.ended)
    return waiting


def _perform(peer: Peer, item: Fields, script: Script) -> Waiting | None:
    try:
        if item.get("set"):
            holds = any(bare._all_hold(peer, script, each) for each in item.get("to", [[]]))
            (peer.flags.add if holds else peer.flags.discard)(item["set"])
        if item.get("send"):
            bare._send(peer, item, script)
        if item.get("deliver"):
            bare._deliver(peer)
        return _call(peer, item, script) if item.get("call") else None
    except (MissingError, NoSuchSectionError):
        return None


def _do(peer: Peer, items: Sequence[Fields], script: Script) -> Generator[Waiting, None, None]:
    for item in items:
        if peer.run.over or script.abandoned:
            return
        does = bare._all_hold(peer, script, item.get("when", ()))
        if does and item.get("end"):
            return
        waiting = _perform(peer, item, script) if does else None
        if item.get("wait") and waiting is not None:
            script.rejected = False
            if not waiting.over:
                yield waiting
            script.rejected = not waiting.fulfilled


class Doing:
    """A script, from callback to callback."""

    def __init__(self, peer: Peer, items: Sequence[Fields], script: Script) -> None:
        self._steps = _do(peer, items, script)
        self.over = False

    def go_on(self) -> None:
        waiting = next(self._steps, None)
        self.over = waiting is None
        if waiting is not None:
            waiting.go_on = self.go_on


def _step(run: Run, step: Fields) -> None:
    peer, script = run.peers[step["peer"]], Script()
    doing = Doing(peer, step.get("do", []), script)
    peer.connection.soon(lambda: run.callback(doing.go_on))
    end = now() + run.options["patience"]
    with run.changed:
        while not doing.over and not run.broken and now() < end:
            run.changed.wait((end - now()) / 1000)
        if not doing.over:
            script.abandoned = True
            run.wait_is_over()


def _handle(run: Run, handler: Fields) -> None:
    peer = run.peers[handler["peer"]]
    left = handler.get("times", 1)

    def react(message: str | None) -> None:
        nonlocal left
        if left > 0:
            left -= 1
            Doing(peer, handler["do"], Script(message)).go_on()

    if handler["event"] == "message":
        peer.onmessage = react
    else:
        heard = run.stack.listen
        heard(peer.connection, handler["event"], lambda event: run.callback(lambda: react(None)))


def _run(stack: Any, program: Fields, options: Fields) -> tuple[Run, float]:
    """Runs a program; gives the seconds that it took but for the waits."""
    began = time.perf_counter()
    run = Run(stack, program, options)
    waits: Any = run
    for handler in program.get("handlers", []):
        _handle(run, handler)
    for peer in run.peers.values():
        peer.connection.begin()
    for each in program["steps"]:
        if each.get("settle"):
            settle(waits)
            run.wait_is_over()
        else:
            _step(run, each)
        if run.broken:
            raise RuntimeError(run.broken)
    run.close()
    return run, time.perf_counter() - began - run.waited


def _serve() -> None:
    from negotiation.conformance.stacks.adapters.glib_recorder.webrtcbin import Webrtcbin

    stack = Webrtcbin()
    connections = 0
    print(json.dumps({"agent": stack.agent()}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        try:
            run, seconds = _run(stack, order["program"], order["options"])
            connections += run.connections
            told: Fields = {**run.made, "seconds": seconds}
        except Exception:
            told = {"failed": traceback.format_exc()}
        print(json.dumps(told), flush=True)
        if connections >= CONNECTIONS_BETWEEN_COLLECTIONS:
            gc.collect()
            connections = 0


if __name__ == "__main__":
    _serve()

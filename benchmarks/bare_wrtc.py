"""The bare script of `wrtc`: makes the calls of programs, and observes nothing.

It takes the place of the adapter. How a call is made (`wrtc`) and begun (`awaiting`), the media,
the edits (`texts`) and the waits for quiet (`settling`) are the adapter's; nothing else is. What it
keeps is what an application keeps: the objects that it was given, and which calls are pending. Of
events it notes the time: waits begin after the last.

`record` runs it as a file, with the interpreter that has `wrtc`: an order is a line of its standard
input, what was done with it a line of its standard output.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import json
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent / ".src"))

from negotiation.conformance.stacks.adapters.asyncio_recorder.awaiting import Begun, start
from negotiation.conformance.stacks.adapters.asyncio_recorder.settling import (
    in_new_task,
    measure,
    now,
    pause,
    settle,
)
from negotiation.conformance.stacks.adapters.asyncio_recorder.stdio import (
    CONNECTIONS_BETWEEN_COLLECTIONS,
)
from negotiation.conformance.stacks.adapters.scripting.media import Media
from negotiation.conformance.stacks.adapters.scripting.peers import Fields, value_of
from negotiation.conformance.stacks.adapters.scripting.texts import (
    NoSuchSectionError,
    edited,
    with_mids_of,
    with_role,
)


class MissingError(Exception):
    """What a call refers to does not exist: the call is not made."""


def _found(value: Any) -> Any:
    if value is None:
        raise MissingError
    return value


class Run:
    """A running program. `last` tells when something was last done or told, for the waits."""

    def __init__(self, stack: Any, program: Fields, media: Media, options: Fields) -> None:
        self.stack = stack
        self.media = media
        self.options = options
        self.results: dict[str, Any] = {}
        self.messages: dict[str | None, Any] = {}
        self.sent: list[tuple[Peer, str]] = []
        self.connections = len(program["peers"])
        self.count = 0
        self.last = time.perf_counter()
        self.waited = 0.0
        self.made = {"calls": 0, "thrown": 0, "fulfilled": 0, "rejected": 0}
        self.over = False
        self.names_transceivers = '"transceiver":' in json.dumps(program)
        self.running: set[asyncio.Future[Any]] = set()
        self.peers = {name: Peer(self) for name in program["peers"]}

    def did(self, what: str) -> None:
        self.made[what] += 1
        self.count += 1
        self.last = time.perf_counter()

    def happened(self, event: Any) -> None:
        self.last = time.perf_counter()

    def should_settle(self) -> bool:
        return any(peer.pending and not peer.closed for peer in self.peers.values())

    def wait_is_over(self) -> None:
        """All since the last thing that was done or told was a wait."""
        self.waited += time.perf_counter() - self.last
        self.last = time.perf_counter()

    def begin(self, coroutine: Any) -> asyncio.Future[Any]:
        future = start(coroutine)
        self.running.add(future)
        future.add_done_callback(self.running.discard)
        return future

    async def end(self) -> None:
        self.over = True
        for peer in self.peers.values():
            self.stack.methods["close"](peer.connection, {})
        left = list(self.running)
        for future in left:
            future.cancel()
        await asyncio.gather(*left, return_exceptions=True)


class Peer:
    """A peer connection, and what an application knows of it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.transceivers: list[Any] = []
        self.pending = 0
        self.flags: set[str] = set()
        self.sent = 0
        self.delivered = 0
        self.onmessage: Any = None
        self.kept: dict[str, Any] = {"lastOffer": None, "lastAnswer": None}
        self.connection = run.stack.connection()
        for event in run.stack.events:
            run.stack.listen(self.connection, event, run.happened)

    @property
    def closed(self) -> bool:
        return bool(value_of(self.connection.signalingState) == "closed")

    def keep_transceivers(self) -> None:
        """Keeps them in the order of first sight, where the program names any."""
        if not self.run.names_transceivers:
            return
        for each in self.connection.getTransceivers():
            if not any(each is known for known in self.transceivers):
                self.transceivers.append(each)

    def transceiver(self, name: str) -> Any:
        self.keep_transceivers()
        index = int(name[1:]) - 1
        if index >= len(self.transceivers):
            raise MissingError
        return self.transceivers[index]


class Script:
    """What a script knows while it runs."""

    def __init__(self, message: str | None = None) -> None:
        self.message = message
        self.rejected = False
        self.abandoned = False


def _description(peer: Peer, source: Fields, script: Script) -> Fields:
    origin = _origin(peer.run, source, script)
    kind, text = source.get("type") or origin.get("type"), origin.get("sdp")
    made: Fields = {"type": kind} if kind else {}
    if isinstance(text, str):
        made["sdp"] = edited(
            _fitted(peer.run.stack, peer.connection, source, text), source.get("edits", ())
        )
    return made


def _fitted(stack: Any, connection: Any, source: Fields, text: str) -> str:
    if not source.get("fit"):
        return text

    def sdp_of(name: str) -> str:
        description = stack.description(connection, name)
        return "" if description is None else str(description.sdp)

    is_answer = source.get("type") in ("answer", "pranswer")
    known = sdp_of("localDescription" if is_answer else "currentRemoteDescription")
    fitting = with_mids_of(text, known, source["fit"])
    if not is_answer:
        return fitting
    return with_role(fitting, sdp_of("currentRemoteDescription"), sdp_of("currentLocalDescription"))


def _origin(run: Run, source: Fields, script: Script) -> Fields:
    if source.get("result"):
        return _told(_found(run.results.get(source["result"])))
    if source.get("message"):
        name = script.message if source["message"] == "*" else source["message"]
        described: Fields = _found(run.messages.get(name))
        return described
    if source.get("of"):
        name, attribute = source["of"]
        peer: Peer = _found(run.peers.get(name))
        is_kept = attribute in peer.kept
        return _told(
            _found(
                peer.kept[attribute]
                if is_kept
                else run.stack.description(peer.connection, attribute)
            )
        )
    return {"sdp": source["sdp"]} if isinstance(source.get("sdp"), str) else {}


def _told(description: Any) -> Fields:
    return {"type": value_of(description.type), "sdp": description.sdp}


def _given(peer: Peer, item: Fields, script: Script) -> Fields:
    run = peer.run
    values = dict(item.get("args", {}))
    if values.get("transceiver"):
        values["transceiver"] = peer.transceiver(values["transceiver"])
    if values.get("track"):
        values["track"] = _found(run.media.track(values["track"]))
    if values.get("streams"):
        values["streams"] = [run.media.stream(name) for name in values["streams"]]
    if isinstance(values.get("configuration"), dict):
        values["configuration"] = {**run.stack.configuration, **values["configuration"]}
    if item.get("description") is not None:
        values["description"] = _description(peer, item["description"], script)
    return values


def _call(peer: Peer, item: Fields, script: Script) -> Begun | None:
    values = _given(peer, item, script)
    peer.run.did("calls")
    value = None
    try:
        value = peer.run.stack.methods[item["call"]](peer.connection, values)
    except Exception:
        peer.run.did("thrown")
    begun = Begun(value) if inspect.isawaitable(value) else None
    peer.run.last = time.perf_counter()
    peer.keep_transceivers()
    if begun is not None:
        peer.pending += 1
        if not item.get("wait"):
            peer.run.begin(_settled(peer, item, begun))
    return begun


async def _settled(peer: Peer, item: Fields, begun: Begun) -> bool:
    """Awaits a call; whether it was fulfilled. After close() it may never settle."""
    run = peer.run
    try:
        if begun.over:
            await asyncio.sleep(0)
        value = await begun.rest()
    except asyncio.CancelledError:
        if run.over:
            raise
        await asyncio.get_running_loop().create_future()
    except Exception:
        run.did("rejected")
    else:
        run.did("fulfilled")
        if item.get("as"):
            run.results[item["as"]] = value
        if item["call"] in ("createOffer", "createAnswer"):
            peer.kept[item["call"].replace("create", "last")] = value
        peer.pending -= 1
        peer.keep_transceivers()
        return True
    peer.pending -= 1
    return False


def _send(peer: Peer, item: Fields, script: Script) -> None:
    source = item.get("description")
    described = None if source is None else _description(peer, source, script)
    peer.sent += 1
    message = item["send"].replace("*", str(peer.sent), 1)
    peer.run.messages[message] = described
    peer.run.sent.append((peer, message))


def _deliver(peer: Peer) -> None:
    others = [message for by, message in peer.run.sent if by is not peer]
    if peer.delivered >= len(others):
        raise MissingError
    peer.delivered += 1
    if peer.onmessage is not None:
        peer.onmessage(others[peer.delivered - 1])


def _holds(peer: Peer, script: Script, condition: str) -> bool:
    if condition.startswith("!"):
        return not _holds(peer, script, condition[1:])
    what, colon, value = condition.partition(":")
    if not colon:
        return condition in peer.flags
    if what == "state":
        return bool(value_of(peer.connection.signalingState) == value)
    if what == "type":
        return (peer.run.messages.get(script.message) or {}).get("type") == value
    return script.rejected


def _all_hold(peer: Peer, script: Script, conditions: Sequence[str]) -> bool:
    return all(_holds(peer, script, each) for each in conditions)


def _perform(peer: Peer, item: Fields, script: Script) -> Begun | None:
    try:
        if item.get("set"):
            holds = any(_all_hold(peer, script, each) for each in item.get("to", [[]]))
            (peer.flags.add if holds else peer.flags.discard)(item["set"])
        if item.get("send"):
            _send(peer, item, script)
        if item.get("deliver"):
            _deliver(peer)
        return _call(peer, item, script) if item.get("call") else None
    except (MissingError, NoSuchSectionError):
        return None


async def _do(peer: Peer, items: Sequence[Fields], script: Script) -> None:
    for item in items:
        if peer.run.over or script.abandoned:
            return
        does = _all_hold(peer, script, item.get("when", ()))
        if does and item.get("end"):
            return
        begun = _perform(peer, item, script) if does else None
        if item.get("wait") and begun is not None:
            script.rejected = False
            script.rejected = not await _settled(peer, item, begun)


async def _step(run: Any, step: Fields) -> None:
    peer, script = run.peers[step["peer"]], Script()
    doing = await in_new_task(lambda: run.begin(_do(peer, step.get("do", []), script)))
    watching = asyncio.ensure_future(_hopeless(peer, doing))
    await asyncio.wait({doing, watching}, return_when=asyncio.FIRST_COMPLETED)
    watching.cancel()
    if doing.done():
        doing.result()
        return
    script.abandoned = True
    run.wait_is_over()


async def _hopeless(peer: Any, doing: asyncio.Future[None]) -> None:
    """Waits until an awaited call can no longer be expected to settle, as the adapter does."""
    end = now() + peer.run.options["patience"]
    while not doing.done() and now() < end:
        if not peer.closed:
            await pause(5)
        elif (await measure(peer.run))[1]:
            break


def _handle(run: Run, handler: Fields) -> None:
    peer = run.peers[handler["peer"]]
    left = handler.get("times", 1)

    def react(message: str | None) -> None:
        nonlocal left
        if run.over or left <= 0:
            return
        left -= 1
        run.begin(_do(peer, handler["do"], Script(message)))

    if handler["event"] == "message":
        peer.onmessage = react
    else:
        run.stack.listen(peer.connection, handler["event"], lambda event: react(None))


async def _run(stack: Any, program: Fields, options: Fields) -> tuple[Run, float]:
    """Runs a program; gives the seconds that it took but for the waits."""
    began = time.perf_counter()
    media = Media(program, stack.track, stack.stream)
    run: Any = Run(stack, program, media, options)
    for handler in program.get("handlers", []):
        _handle(run, handler)
    for each in program["steps"]:
        if each.get("settle"):
            await settle(run)
            run.wait_is_over()
        else:
            await _step(run, each)
    await run.end()
    media.end()
    return run, time.perf_counter() - began - run.waited


async def serve(stack: Any) -> None:
    """Does programs in the stack of an adapter until there are no more orders."""
    connections = 0
    print(json.dumps({"agent": stack.agent()}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        try:
            run, seconds = await _run(stack, order["program"], order["options"])
            connections += run.connections
            told: Fields = {**run.made, "seconds": seconds}
        except Exception:
            told = {"failed": traceback.format_exc()}
        print(json.dumps(told), flush=True)
        if connections >= CONNECTIONS_BETWEEN_COLLECTIONS:
            gc.collect()
            connections = 0


if __name__ == "__main__":
    from negotiation.conformance.stacks.adapters.asyncio_recorder.wrtc import Wrtc

    asyncio.run(serve(Wrtc()))

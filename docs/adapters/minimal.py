"""A minimal adapter: `python minimal.py MODULE`, where MODULE has an RTCPeerConnection in asyncio.

(`pip install wrtc`: MODULE is `webrtc`.) It sees what the profile `state-only` says.
"""

import asyncio
import importlib
import importlib.metadata
import json
import os
import sys
import threading
import time
import traceback

MODULE = sys.argv[1]
if "--version" in sys.argv:
    distribution = importlib.metadata.packages_distributions()[MODULE][0]
    sys.exit(print(importlib.metadata.version(distribution)))
PROTOCOL = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # standard output is for the protocol alone
STACK = importlib.import_module(MODULE)
PROMISED = {"createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription"}
WORDS = {"call", "args", "description", "wait", "send", "receive", "kind", "message", "of"}


def say(kind, **fields):
    print(json.dumps({"kind": kind, **fields}), file=PROTOCOL, flush=True)


def plain(one):  # a description as JSON
    return one and {"type": getattr(one.type, "value", one.type), "sdp": one.sdp}


def unknown(program):  # what of a program is not known here
    items = [item for step in program["steps"] for item in step.get("do", [])]
    calls = {item.get("call", "close") for item in items} - {*PROMISED, "addTransceiver", "close"}
    words = {w for i in items for w in (*i, *i.get("args", {}), *i.get("description", {}))} - WORDS
    unawaited = {"no wait" for i in items if i.get("call") in PROMISED and not i.get("wait")}
    return sorted(calls | words | unawaited | {"handlers"} & set(program))


class Run:
    def __init__(self, program, options):
        self.n, self.calls, self.began, self.messages = 0, 0, time.monotonic(), {}
        self.program, self.options = program, options
        self.peers = {peer: STACK.RTCPeerConnection() for peer in program["peers"]}
        for peer, connection in self.peers.items():
            event = {"peer": peer, "name": "signalingstatechange"}
            connection.on(event["name"], lambda *_, event=event: self.saw("event", **event))

    def did(self, kind, peer, **fields):
        self.n += 1
        say(kind, n=self.n, t=(time.monotonic() - self.began) * 1000, peer=peer, **fields)

    def saw(self, kind, peer, **fields):  # what is seen comes with what can be read right now
        state = self.peers[peer].signalingState
        self.did(kind, peer, state={"signalingState": getattr(state, "value", state)}, **fields)

    async def call(self, peer, method, args, description):
        self.calls += 1
        call = self.calls
        told = {**args, **({"description": plain(description)} if description else {})}
        self.did("call", peer, id=call, method=method, args=told)
        try:
            given = [*args.values(), *([description] if description else [])]
            value = getattr(self.peers[peer], method)(*given)
        except Exception as error:
            return self.saw("throw", peer, call=call, error=type(error).__name__)
        self.saw("return", peer, call=call)
        if method in PROMISED:
            try:
                await asyncio.wait_for(value, self.options["patience"] / 1000)
                self.saw("resolve", peer, call=call)
            except Exception as error:
                self.saw("reject", peer, call=call, error=type(error).__name__)
        return None

    async def perform(self, peer, call=None, args=None, description=None, send="", receive="", **_):
        source = description or {}
        described = self.messages.get(source.get("message"))
        if "of" in source:
            described = getattr(self.peers[source["of"][0]], source["of"][1])
        if source and described is None:  # said, never guessed
            return self.did("mark", peer, text=f"skipped {call or send}: no such description")
        if send:
            self.messages[send] = described
            self.did("send", peer, message=send, description=plain(described))
        if receive:
            self.did("receive", peer, message=receive)
        if call:
            await self.call(peer, call, args or {}, described)
        return None

    async def settle(self):
        quiet, seen = max(self.options["quiet"], 200), -1  # so much is enough without a canary
        while seen != self.n:
            seen = self.n
            await asyncio.sleep(quiet / 1000)
        for peer in self.peers:
            self.saw("idle", peer, quiet=quiet)

    async def run(self):
        for step in self.program["steps"]:
            for item in step.get("do", []):
                await self.perform(step["peer"], **item)
            if step.get("settle"):
                await self.settle()


async def obey(program, options):
    if what := unknown(program):
        return say("unsupported", what=what)
    say("began")
    running = Run(program, options)
    await running.run()
    say("ended")
    for connection in running.peers.values():
        connection.remove_all_listeners()
        connection.close()
    return None


async def main():
    loop, orders = asyncio.get_running_loop(), asyncio.Queue()

    def read():
        for line in sys.stdin:
            loop.call_soon_threadsafe(orders.put_nowait, line)
        loop.call_soon_threadsafe(orders.put_nowait, "")
        time.sleep(3)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    say("hello", agent=MODULE)
    while line := await orders.get():
        try:
            order = json.loads(line)
            await obey(order["program"], order["options"])
        except Exception:
            say("failed", error=traceback.format_exc())


asyncio.run(main())

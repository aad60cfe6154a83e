"""An adapter of no stack at all, which keeps to the protocol but for one bad habit.

`python adapter.py HABIT`; without one it is good. A program named after a habit has it, too.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any

PROMISED = {
    *("createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription"),
    *("addIceCandidate", "replaceTrack", "setParameters"),
}
KNOWN = {
    *PROMISED,
    *("addTransceiver", "addTrack", "createDataChannel", "close", "restartIce"),
}
HABIT = next((each for each in sys.argv[1:] if each != "--version"), "")


def say(kind: str, **fields: Any) -> None:
    sys.stdout.write(json.dumps({"kind": kind, **fields}) + "\n")
    sys.stdout.flush()


class Program:
    def __init__(self, order: dict[str, Any]) -> None:
        self.program = program = order["program"]
        self.options = order["options"]
        self.habits = {HABIT, program["name"]}
        self.n = 0
        self.calls = 0
        self.messages: list[dict[str, Any]] = []
        self.began = time.monotonic()

    def has(self, habit: str) -> bool:
        return habit in self.habits

    def observed(self, kind: str, peer: str, **fields: Any) -> None:
        self.n += 1
        n = 1 if self.has("lies-about-numbers") else self.n
        t = (time.monotonic() - self.began) * 1000
        if self.has("runs-backwards"):
            t = 1000.0 - self.n
        peer = "Z" if self.has("invents-a-peer") else peer
        say(kind, n=n, t=t, peer=peer, **fields)

    def run(self) -> None:
        if not self.has("forgets-began"):
            say("began", streams={})
        for step in self.program["steps"]:
            self.step(step)
        say("ended")

    def be_conducted(self) -> None:
        say("began", streams={f"id-of-{each}": each for each in self.program["peers"]})
        for line in sys.stdin:
            told = json.loads(line)
            if told.get("end"):
                break
            if told.get("message"):
                self.messages.append(told)
            else:
                self.step(self.program["steps"][told["step"]])
                say("ended" if self.has("ends-early") else "did")
        say("ended")

    def step(self, step: dict[str, Any]) -> None:
        if step.get("settle"):
            self.settle()
        for item in step.get("do", []):
            if item.get("call"):
                self.call(step["peer"], item["call"])
            if item.get("send"):
                description = {"type": "offer", "sdp": f"v=0 by {step['peer']}"}
                self.observed("send", step["peer"], message=item["send"], description=description)
            if item.get("receive") and item["receive"] in [one["message"] for one in self.messages]:
                self.observed("receive", step["peer"], message=item["receive"])
                streams = ["id-of-A", "id-of-nobody"]
                self.observed(
                    "event", step["peer"], name="track", transceiver="t1", streams=streams
                )

    def call(self, peer: str, method: str) -> None:
        self.calls += 1
        call = 1 if self.has("uses-an-id-twice") else self.calls
        self.observed("call", peer, id=call, method=method)
        self.misbehave()
        if not self.has("forgets-returns"):
            self.observed("return", peer, call=call)
        if method in PROMISED and not self.has("forgets-settlements"):
            self.observed("resolve", peer, call=call)

    def settle(self) -> None:
        for peer in self.program["peers"]:
            if self.has("waits-for-quiet"):
                time.sleep(self.options["quiet"] / 1000)
            if not self.has("is-never-idle"):
                self.observed("idle", peer, quiet=30, turns=6, canary=True)

    def misbehave(self) -> None:
        if self.has("hangs"):
            time.sleep(60)
        if self.has("waits-for-promises") and self.has("close-while-awaiting"):
            time.sleep(60)
        if self.has("is-busy"):
            while True:
                pass
        if self.has("stops"):
            os.kill(os.getpid(), signal.SIGSTOP)
        if self.has("dies"):
            sys.exit("these are my last words")
        if self.has("crashes"):
            os.kill(os.getpid(), signal.SIGABRT)
        if self.has("answers-nonsense"):
            print("a library says hello", flush=True)
        if self.has("closes-its-output"):
            os.close(1)
            time.sleep(60)
        while self.has("floods"):
            self.observed("mark", "A", text="more " * 100)
        while self.has("floods-without-lines"):
            sys.stdout.write("x" * 65536)
        while self.has("floods-its-log"):
            sys.stderr.write("x" * 65536)
        if self.has("fails"):
            raise RuntimeError("I am broken")
        if self.has("leaks"):
            HELD.append(bytearray(os.urandom(1)) * (48 << 20))


HELD: list[bytearray] = []


def obey(line: str) -> None:
    order = json.loads(line)
    program = Program(order)
    called = {item.get("call") for step in order["program"]["steps"] for item in step.get("do", [])}
    unknown = sorted(called - KNOWN - {None})
    if unknown and HABIT != "knows-everything":
        say("unsupported", what=[] if HABIT == "hides-what-is-unsupported" else unknown)
        return
    if order.get("conducted") and HABIT != "cannot-be-conducted":
        program.be_conducted()
    else:
        program.run()


def start() -> None:
    if HABIT == "ignores-sigterm":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if HABIT == "has-children":
        subprocess.Popen(["sleep", "61"])
        subprocess.Popen(["sleep", "62"], start_new_session=True)
    if HABIT == "hides-children":
        subprocess.Popen(["sleep", "63"], start_new_session=True, env={"PATH": os.environ["PATH"]})
    if HABIT == "greets-in-words":
        print("Hello!", flush=True)
    if HABIT == "does-not-start":
        sys.exit("no such library")
    if HABIT == "says-nothing":
        time.sleep(60)
    say("hello", agent="" if HABIT == "has-no-name" else "double 1.0", resolution=0.001)


def read() -> None:
    for line in sys.stdin:
        try:
            obey(line)
        except Exception as error:
            if HABIT == "dies-of-wrong-orders":
                raise
            say("failed", error=f"{type(error).__name__}: {error}")


def main() -> None:
    if "--version" in sys.argv:
        if HABIT != "has-no-version":
            print("double 1.0")
        return
    start()
    if HABIT == "never-ends":
        threading.Thread(target=time.sleep, args=[60]).start()
    if HABIT == "ends-badly":
        read()
        sys.exit(3)
    read()


if __name__ == "__main__":
    main()

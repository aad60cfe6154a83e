"""The recorder protocol's way out, and what is said before a program begins.

Whatever a library prints goes to standard error: standard output is for the protocol alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable

from .items import calls_of
from .peers import Fields, Stack


def protocol_output() -> Callable[[Fields], None]:
    """What sends a message, from now on the only way to standard output."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    encode = json.JSONEncoder(check_circular=False, separators=(",", ":")).encode

    def send(message: Fields) -> None:
        out.write(encode(message).encode() + b"\n")
        out.flush()

    return send


def unsupported(stack: Stack, program: Fields) -> list[str]:
    """What the program needs and the stack lacks, each once: events, calls, parts of calls."""
    there = {*stack.events, "message"}
    handled = [each["event"] for each in program.get("handlers", [])]
    events = [f"{event} event" for event in handled if event not in there]
    items = list(calls_of(program))
    calls = [item["call"] for item in items if item["call"] not in stack.methods]
    parts = [stack.lacks(item) for item in items if item["call"] in stack.methods]
    return list(dict.fromkeys([*events, *calls, *(part for part in parts if part is not None)]))

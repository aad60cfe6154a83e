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
    """The calls of the program that the stack lacks."""
    called = dict.fromkeys(item["call"] for item in calls_of(program))
    return [method for method in called if method not in stack.methods]

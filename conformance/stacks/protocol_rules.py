"""The rules of the recorder protocol, as an adapter is tried by them (`trials`)."""

from __future__ import annotations

import msgspec


class Check(msgspec.Struct, frozen=True):
    """A rule of the protocol: what is asked for, and what to do when it is broken."""

    id: str
    asks: str
    todo: str


CHECKS = (
    Check(
        "version",
        "with --version it prints a version and exits",
        "Print one line with the stack's version, such as 1.2.3, and exit before anything else.",
    ),
    Check(
        "hello",
        "it says hello when it has started",
        "Write the hello message, with `agent`, as the first line, and flush standard output.",
    ),
    Check(
        "runs",
        "it runs programs to their end",
        "Answer each order with began, observations and ended. Write its traceback in `failed`.",
    ),
    Check(
        "form",
        "it writes nothing but messages to standard output",
        "Give the protocol a copy of standard output, and direct standard output itself to "
        "standard error before the stack's library is loaded. See conformance/stacks/schema.json.",
    ),
    Check(
        "sequence",
        "it says began, then observations, then ended",
        "Say began once before the first observation, and hello only when you start.",
    ),
    Check(
        "numbers",
        "observations are numbered from 1, rising",
        "Count the observations of each program from 1, all peers together.",
    ),
    Check(
        "times",
        "the times of a peer do not run backwards",
        "Take `t` from a monotonic clock, in milliseconds since the program began.",
    ),
    Check(
        "peers",
        "observations name the program's peers",
        "Use the names in the program's `peers`.",
    ),
    Check(
        "calls",
        "what ends a call names one that was made, by the same peer, and ends it once",
        "Give each call an id of its own (counted over all peers), and say call before it is made.",
    ),
    Check(
        "returns",
        "each call returns or throws",
        "Write return or throw directly after the call came back, before anything else can run.",
    ),
    Check(
        "settlements",
        "each promise settles, or is told to be pending",
        "Write resolve or reject in the first reaction; list the rest in `pending` of idle.",
    ),
    Check(
        "idle",
        "each peer is idle once for each settle",
        "For a step with `settle` wait until it is quiet, then write one idle for each peer.",
    ),
    Check(
        "flood",
        "it does not tell without end",
        "A program has an end: stop observing when it was reached.",
    ),
    Check(
        "unsupported",
        "it says unsupported for a call that it does not know, and goes on",
        "Look for unknown calls before you begin a program, and answer with unsupported instead.",
    ),
    Check(
        "malformed",
        "it survives an order that is none",
        "Answer with failed, or with nothing, and wait for the next order.",
    ),
    Check(
        "interrupted",
        "it ends a program whose promises never settle, and runs the next one",
        "Give up waiting after `patience`, tell the pending calls in idle, and close everything.",
    ),
    Check(
        "conducted",
        "it does the steps of a conducted program one by one, as they are asked for",
        "Say did after each step, and do the next one only when a command asks for it.",
    ),
    Check(
        "input-ends",
        "it ends when its standard input ends",
        "Leave the loop at the end of standard input, and exit with 0.",
    ),
    Check(
        "input-ends-early",
        "it ends when its standard input ends within a program",
        "Read standard input while a program runs, too, and exit a few seconds after its end.",
    ),
    Check(
        "leaves-nothing",
        "all that it started ends with it when it is killed",
        "Start processes in your own process group, and leave TMPDIR in their environment.",
    ),
)
"""All rules, in the order in which they are tried."""

"""The programs by which adapters are tried: what a recorder has to know, from the simplest on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from ..programs.language import Program
from ..programs.library import load

Do = dict[str, Any]

_ADD: Do = {"call": "addTransceiver", "args": {"kind": "audio"}}
_SET_LOCAL: Do = {"call": "setLocalDescription", "wait": True}

_LIBRARY = (
    "first-change",
    "change-inside-the-handler",
    "offer-and-answer-of-two-peers",
    "data-channels-of-two-peers",
    "wrong-calls-in-stable",
    "perfect-negotiation-without-glare",
)
"""Programs that use tasks, handlers, tracks, channels, errors and an application's own logic."""


def programs() -> Iterator[Program]:
    """The programs that an adapter is given one after the other."""
    yield load(_LIBRARY[0])
    yield PLAIN
    yield from map(load, _LIBRARY[1:])


def _program(name: str, about: str, *, peers: str, steps: list[Do], **more: Any) -> Program:
    told = {"format": "negotiation-program", "version": 1, "name": name, "about": about}
    told |= {"rule": "#set-description", "area": "recorder", "peers": list(peers), "steps": steps}
    return msgspec.convert({**told, **more}, Program)


def _sends(peer: str, message: str) -> Do:
    return {"send": message, "description": {"of": [peer, "localDescription"]}}


def _takes(message: str) -> list[Do]:
    given = {"message": message}
    return [
        {"receive": message},
        {"call": "setRemoteDescription", "description": given, "wait": True},
    ]


PLAIN = _program(
    "a-plain-offer-and-answer",
    "One transceiver, an offer and an answer: nothing that a small stack has not.",
    peers="AB",
    steps=[
        {"peer": "A", "do": [_ADD, _SET_LOCAL, _sends("A", "offer")]},
        {"peer": "B", "do": [*_takes("offer"), _SET_LOCAL, _sends("B", "answer")]},
        {"peer": "A", "do": _takes("answer")},
        {"settle": True},
    ],
)

INTERRUPTED = _program(
    "close-while-awaiting",
    "A handler closes the connection, so that an awaited promise never settles.",
    peers="A",
    steps=[
        {"peer": "A", "do": [_ADD]},
        {"settle": True},
        {"peer": "A", "do": [_SET_LOCAL]},
    ],
    handlers=[{"peer": "A", "event": "signalingstatechange", "do": [{"call": "close"}]}],
)
"""A program in which an awaited promise never settles."""

"""Witnesses: by which line of a script's log a fault is seen, and what it should have been."""

from __future__ import annotations

from typing import Literal

import msgspec

from .wording import Line


class Outcome(msgspec.Struct, frozen=True):
    """How a call ended: "returns", "throws X", "resolves", "rejects with X", "does not settle".

    `specified` are the outcomes that are allowed; "rejects" and "throws" are so with any error.
    """

    call: Line
    specified: tuple[str, ...]


class Count(msgspec.Struct, frozen=True):
    """How often a line came before another one: `at` "most" or "least" so many times.

    `until_called`: the other line is there only for this, and says that a call is made. `late`: it
    came after all, behind the other line.
    """

    text: str
    until: Line
    at: Literal["most", "least"]
    times: int
    until_called: bool = False
    late: bool = False


Aspect = Literal[
    "signalingState",
    "transceivers",
    "names of transceivers",
    "directions",
    "currentDirections",
    "mids",
    "currentLocalDescription",
    "currentRemoteDescription",
    "pendingLocalDescription",
    "pendingRemoteDescription",
    "type",
    "m-sections",
    "kinds of m-sections",
    "rejected m-sections",
    "mids of m-sections",
    "directions of m-sections",
    "msids",
]
"""What can be read. Those of m-sections are of the description that the line is about."""


class Reading(msgspec.Struct, frozen=True):
    """What could be read when a line came: aspects, and the values of each that are allowed.

    There is one aspect, unless each by itself is allowed. None is null.
    """

    peer: str
    when: Line
    aspects: tuple[Aspect, ...]
    specified: tuple[tuple[str | None, ...], ...]


class Survival(msgspec.Struct, frozen=True):
    """The stack neither dies nor hangs: the script comes to its end at all."""


Witness = Outcome | Count | Reading | Survival

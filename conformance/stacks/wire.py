"""The recorder protocol: what a recorder that runs elsewhere is told, and what it tells.

It is JSON, one message each: over a WebSocket, or one a line over standard input and output. The
recorder says `hello`, once. Then it is sent `{"program": ..., "options": ...}`, again and again,
and answers with `began`, then observations, then `ended`; or with `unsupported`, when the stack
lacks a call that the program makes; or with `failed`, when the recorder itself is broken.

Where the peers of a program are in several stacks, the order is `conducted`: the recorder begins,
and does a step only when a `Command` asks for it, and says `did` when it is over.

Observations are those of the trace format but for two fields, which a recorder tells as they are:
`sdp` of a description is the text, not its id, and `usernameFragment` of a candidate is the ufrag.

docs/adapters.md tells it with examples, for those who write an adapter; schema.json beside this
file is generated from these types.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..traces.format import AnyObservation, DescriptionRef


class Hello(msgspec.Struct, frozen=True, tag_field="kind", tag="hello"):
    """A recorder is there. `agent` is its user agent, `resolution` its clock's, in ms.

    `configuration` is the RTCConfiguration that it makes peer connections with.
    """

    agent: str
    resolution: float = 0.0
    configuration: dict[str, Any] = {}


class Began(msgspec.Struct, frozen=True, tag_field="kind", tag="began"):
    """A program begins. `streams` maps MediaStream ids to the program's names of the streams."""

    streams: dict[str, str] = {}


class Did(msgspec.Struct, frozen=True, tag_field="kind", tag="did"):
    """The step that a command asked for is over."""


class Ended(msgspec.Struct, frozen=True, tag_field="kind", tag="ended"):
    """The program is over."""


class Unsupported(msgspec.Struct, frozen=True, tag_field="kind", tag="unsupported"):
    """The program was not begun, because the stack lacks these calls."""

    what: tuple[str, ...]


class Failed(msgspec.Struct, frozen=True, tag_field="kind", tag="failed"):
    """The recorder itself failed; the stack is not to blame."""

    error: str


class Options(msgspec.Struct, frozen=True):
    """How a recorder waits.

    Quiet is `quiet` milliseconds without an observation, in at least `turns` turns of the event
    loop. `patience` bounds, in milliseconds, the wait for promises that do not settle and for a
    program that does not become quiet.
    """

    quiet: float = 30.0
    turns: int = 6
    patience: float = 3000.0


class Order(msgspec.Struct, frozen=True):
    """What a recorder is told to do: a program, prepared by `preparing.prepared`.

    `conducted`: its steps are done one by one, as commands ask for them.
    """

    program: dict[str, Any]
    options: Options = Options()
    conducted: bool | msgspec.UnsetType = msgspec.UNSET


class Command(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a recorder is told within a conducted program; one of the three, in their order.

    `step` is the number of the program's step to do now, from 0. `message` names what a peer in
    another stack has sent, with its `description`: from now on it is under way to this recorder's
    peers. `end` ends the program.
    """

    step: int | None = None
    message: str | None = None
    description: DescriptionRef | None = None
    end: bool = False


Message = AnyObservation | Hello | Began | Did | Ended | Unsupported | Failed

_DECODER = msgspec.json.Decoder(Message)


class ProtocolError(Exception):
    """A recorder sent what the protocol does not allow.

    `about` is the rule that it breaks: "form" (it is no message at all), "sequence", "numbers",
    "times", "peers", "calls" or "flood".
    """

    def __init__(self, message: str, about: str = "form") -> None:
        super().__init__(message)
        self.about = about


def decoded(data: str | bytes) -> Message:
    """The message; a ProtocolError tells what is wrong with it."""
    try:
        message: Message = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        start = data[:200] if isinstance(data, str) else data[:200].decode("utf-8", "replace")
        raise ProtocolError(f"{error}: {start!r}") from error
    return message

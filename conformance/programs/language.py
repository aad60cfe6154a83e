"""The program language: what to do to one or two peer connections, as data.

A program is JSON, so that any recorder can run it: the model, a page in a browser, an adapter in
any language. Nothing in it names a stack. `docs/programs.md` tells it with examples.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

FORMAT = "negotiation-program"
VERSION = 1


class Edit(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One change to an SDP text, in the order of the fields; sections are counted from 0.

    `reject` sets the section's port to 0, `direction` replaces the direction of a section, `remove`
    drops the section, `unmux` drops its a=rtcp-mux line, `append` adds a line to the end.
    """

    reject: int | None = None
    direction: tuple[int, str] | None = None
    remove: int | None = None
    unmux: int | None = None
    append: str | None = None


class SectionText(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """An m-section of a description that the program itself invents."""

    kind: Literal["audio", "video", "application"]
    mid: str | None = None
    direction: Literal["sendrecv", "sendonly", "recvonly", "inactive"] = "sendrecv"
    rejected: bool = False
    msids: tuple[str, ...] = ()


class DescriptionSource(
    msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True
):
    """Where the description of a call comes from: at most one of `result`, `of`, `message`, `sdp`
    and `sections`; with none of them the sdp is left out (a rollback, or an implicit description).

    * `result`: what the call named so ("as") resolved with;
    * `of`: [peer, attribute], attribute being localDescription, pendingLocalDescription,
      currentLocalDescription, remoteDescription, lastOffer or lastAnswer (what the peer's last
      createOffer or createAnswer resolved with);
    * `message`: the description in the message of that name;
    * `sdp`: this text; `sections`: a text made of these, with the ICE credentials named `ice`.

    `type` overrides the source's own type; `edits` change the text.
    """

    type: Literal["offer", "pranswer", "answer", "rollback"] | None = None
    result: str | None = None
    of: tuple[str, str] | None = None
    message: str | None = None
    sdp: str | None = None
    sections: tuple[SectionText, ...] | None = None
    ice: str = "remote1"
    edits: tuple[Edit, ...] = ()


class Do(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing to do in a script: a call, a message sent or received, a remark.

    `wait` awaits the call's promise before going on with the rest of the script; `as` names what it
    resolves with. `send` names a message with the description told by `description`; `receive`
    tells that the message of that name has arrived here.
    """

    call: str | None = None
    args: dict[str, Any] = {}
    description: DescriptionSource | None = None
    wait: bool = False
    name: str | None = msgspec.field(default=None, name="as")
    send: str | None = None
    receive: str | None = None
    mark: str | None = None


class Step(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Either `do` these in one new task of `peer`, or wait until everything is quiet (`settle`).

    The step ends when the last awaited promise has settled. What is not awaited goes on.
    """

    peer: str | None = None
    do: tuple[Do, ...] = ()
    settle: bool = False


class Handler(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A script that runs inside an event's handler.

    `via` "property" sets the peer connection's handler attribute, "listener" calls
    addEventListener; `times` bounds how often it runs its script (later events do nothing).
    """

    peer: str
    event: str
    do: tuple[Do, ...]
    via: Literal["property", "listener"] = "property"
    times: int = 1


class Program(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A program. `rule` is the anchor of the rule that it is for, `area` groups programs."""

    format: Literal["negotiation-program"]
    version: Literal[1]
    name: str
    about: str
    rule: str
    area: str
    steps: tuple[Step, ...]
    peers: tuple[str, ...] = ("A",)
    handlers: tuple[Handler, ...] = ()

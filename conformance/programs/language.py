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

    `type` overrides the source's own type; `edits` change the text. `message` "*" is the message
    that was delivered to the script.

    In `sections` that setRemoteDescription is given, those without a mid take the mid that the
    section of their index has: in an answer that of the localDescription, in an offer that of the
    currentRemoteDescription; where there is none, the index. An answer keeps the DTLS role that
    its end has already (a=setup). `fit` is for recorders, never in a program: the indices of these
    sections, when `sections` were made the text `sdp` for them.
    """

    type: Literal["offer", "pranswer", "answer", "rollback"] | None = None
    result: str | None = None
    of: tuple[str, str] | None = None
    message: str | None = None
    sdp: str | None = None
    sections: tuple[SectionText, ...] | None = None
    ice: str = "remote1"
    edits: tuple[Edit, ...] = ()
    fit: tuple[int, ...] | None = None


class Do(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing to do in a script: a call, a message sent or received, a remark; or of an
    application's own logic: a flag set, the script's end, a message delivered.

    `wait` awaits the call's promise before going on with the rest of the script; `as` names what it
    resolves with. `send` names a message with the description told by `description`, "*" in the
    name being the number of the peer's messages so far; `receive` tells that the message of that
    name has arrived here, "*" being the one that was delivered to this script.

    `when`: it is done only if all these conditions hold, which are looked at when its turn comes.
    A condition is "state:STATE" (the signaling state), "type:TYPE" (of the message delivered to
    this script), "last:rejected" (the promise awaited last was rejected), else the name of a flag
    of the peer; with "!" before it, its opposite. `set` gives the flag the value of `to`: whether
    one of its lists holds (true when left out, false when there are none). `end` ends the script.

    `deliver`: the oldest message of another peer that was not yet delivered arrives here: the
    peer's handler of "message" runs now, as far as its first await.

    `collect`: the garbage collector is asked to run, now and again when the script is over; nothing
    is observed. `drops` is for recorders, never in a program: nothing in the rest of the program
    refers to the connection but what its own events hand over, so that it is to be let go.
    """

    call: str | None = None
    args: dict[str, Any] = {}
    description: DescriptionSource | None = None
    wait: bool = False
    name: str | None = msgspec.field(default=None, name="as")
    send: str | None = None
    receive: str | None = None
    mark: str | None = None
    when: tuple[str, ...] = ()
    set: str | None = None
    to: tuple[tuple[str, ...], ...] = ((),)
    end: bool = False
    deliver: bool = False
    collect: bool = False
    drops: bool = False


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
    The event "message" is that of the application's signaling channel: see `Do.deliver`.
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

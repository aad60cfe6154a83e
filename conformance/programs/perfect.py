"""Perfect negotiation as an application of the program language, and orders of its messages.

The specification's example (#perfect-negotiation-example) becomes handlers: flags are its
variables, conditions its `if`s, and `deliver` is where a message arrives. A schedule then says
which end changes what and when each message arrives; everything else the application decides, in
whatever stack it runs.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import msgspec

from .language import DescriptionSource, Do, Handler, Program, Step

RULE = "#perfect-negotiation-example"
AREA = "perfect negotiation"
PEERS = ("A", "B")
ALWAYS = 999

SETTLE = Step(settle=True)
DELIVER = Do(deliver=True)

_READY = (("!makingOffer", "state:stable"), ("!makingOffer", "isSettingRemoteAnswerPending"))


def application(peer: str) -> tuple[Handler, Handler]:
    """The example's two handlers at one peer, line by line; it is polite if the flag is set."""
    offering = (
        Do(set="makingOffer"),
        Do(call="setLocalDescription", wait=True),
        _sent(peer),
        Do(set="makingOffer", to=()),
    )
    receiving = (
        Do(receive="*"),
        Do(set="readyForOffer", to=_READY),
        Do(set="ignoreOffer", to=(("!polite", "type:offer", "!readyForOffer"),)),
        Do(end=True, when=("ignoreOffer",)),
        Do(set="isSettingRemoteAnswerPending", to=(("type:answer",),)),
        Do(
            call="setRemoteDescription",
            description=DescriptionSource(message="*"),
            wait=True,
        ),
        Do(end=True, when=("last:rejected",)),
        Do(set="isSettingRemoteAnswerPending", to=()),
        Do(end=True, when=("!type:offer",)),
        Do(call="setLocalDescription", wait=True),
        _sent(peer),
    )
    return (
        Handler(peer, "negotiationneeded", offering, times=ALWAYS),
        Handler(peer, "message", receiving, times=ALWAYS),
    )


def _sent(peer: str) -> Do:
    source = DescriptionSource(of=(peer, "localDescription"))
    return Do(send=f"{peer}*", description=source, when=("!last:rejected",))


def program(
    name: str,
    about: str,
    schedule: Iterable[Step],
    *,
    polite: str = "B",
    handlers: Iterable[Handler] = (),
) -> Program:
    """The application at both peers, run by a schedule.

    `handlers` are more of them, called after the application's: deliveries and changes at a moment
    that no task of its own could hit.
    """
    both = (handler for peer in PEERS for handler in application(peer))
    return Program(
        format="negotiation-program",
        version=1,
        name=name,
        about=about,
        rule=RULE,
        area=AREA,
        peers=PEERS,
        steps=(Step(polite, (Do(set="polite"),)), *schedule),
        handlers=(*both, *handlers),
    )


def delivery(peer: str, messages: int = 1) -> Step:
    """So many messages arrive at the peer, in one task."""
    return Step(peer, (DELIVER,) * messages)


def change(peer: str, *calls: tuple[str, dict[str, Any]]) -> Step:
    """Changes that the rest of the application makes, in one task: (method, arguments)."""
    return Step(peer, tuple(Do(call=method, args=args) for method, args in calls))


MOST_ACTS = 8
DRAINED = 8
"""So many rounds of deliveries are enough for every exchange that `MOST_ACTS` can start."""

# No stop(): that of a transceiver without a section asks for negotiation for ever, as specified.
_CHANGES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("addTransceiver", {"kind": "audio"}),
    ("addTransceiver", {"kind": "video"}),
    ("createDataChannel", {"label": "data"}),
    ("restartIce", {}),
    ("direction", {"transceiver": "t1", "direction": "inactive"}),
    ("removeTrack", {"transceiver": "t1"}),
)
_MOMENTS = ("negotiationneeded", "signalingstatechange", "track")


def generated(seed: int) -> Program:
    """A generated order of changes and messages, with every message delivered in the end.

    Messages of one direction keep their order, as on any signaling channel; those of the two
    directions, and the changes, come in any. Some arrive inside an event's handler.
    """
    rng = random.Random(seed)
    schedule = [_act(rng, number) for number in range(rng.randint(2, MOST_ACTS))]
    handlers = [
        Handler(rng.choice(PEERS), event, (DELIVER,), via="listener", times=rng.randint(1, 2))
        for event in _MOMENTS
        if rng.random() < 1 / 3
    ]
    rounds = [step for peer in PEERS for step in (delivery(peer), SETTLE)] * DRAINED
    return program(
        f"perfect-negotiation-generated-{seed}",
        f"Perfect negotiation, with the order of changes and messages that seed {seed} picks.",
        (*schedule, SETTLE, *rounds),
        polite=rng.choice(PEERS),
        handlers=handlers,
    )


def _act(rng: random.Random, number: int) -> Step:
    peer = rng.choice(PEERS)
    drawn = rng.random()
    if drawn < 1 / 3:
        return SETTLE
    if drawn < 2 / 3:
        return delivery(peer)
    if rng.random() < 1 / 2:
        kind = rng.choice(("audio", "video"))
        return change(peer, ("addTrack", {"track": f"{kind}:{peer}{number}", "streams": [peer]}))
    return change(peer, rng.choice(_CHANGES))


def as_json(program: Program) -> bytes:
    """A program as a file of its own."""
    return msgspec.json.format(msgspec.json.encode(program), indent=2) + b"\n"

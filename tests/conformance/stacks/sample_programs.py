"""Programs that make the recorder show everything that it can see.

No step begins while another one's work is under way: what comes first would then be a matter of
luck, and these programs are run twice and compared.
"""

from __future__ import annotations

from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program

SETTLE: dict[str, Any] = {"settle": True}


def program(name: str, steps: list[dict[str, Any]], **more: Any) -> Program:
    told = {
        "format": "negotiation-program",
        "version": 1,
        "name": name,
        "about": "",
        "rule": "#dfn-operations-chain",
        "area": "recorder",
        "steps": steps,
        **more,
    }
    return msgspec.convert(told, Program)


def do(peer: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"peer": peer, "do": list(items)}


def call(method: str, **more: Any) -> dict[str, Any]:
    return {"call": method, **{name.rstrip("_"): value for name, value in more.items()}}


def add(kind: str = "audio", **more: Any) -> dict[str, Any]:
    return call("addTransceiver", args={"kind": kind, **more})


def set_local(**description: Any) -> dict[str, Any]:
    more = {"description": description} if description else {}
    return call("setLocalDescription", wait=True, **more)


def set_remote(**description: Any) -> dict[str, Any]:
    return call("setRemoteDescription", wait=True, description=description)


def send(name: str, peer: str) -> dict[str, Any]:
    return {"send": name, "description": {"of": [peer, "localDescription"]}}


NEGOTIATION = [
    do("A", set_local(), send("m1", "A")),
    do("B", {"receive": "m1"}, set_remote(message="m1"), set_local(), send("m2", "B")),
    do("A", {"receive": "m2"}, set_remote(message="m2")),
]

TRANSCEIVER = program("transceiver", [do("A", add()), SETTLE])

OFFER_ANSWER = program(
    "offer-answer",
    [
        do(
            "A",
            call("addTrack", args={"track": "audio:mic", "streams": ["cam", "mix"]}),
            call("addTrack", args={"track": "video:face", "streams": ["cam"]}),
        ),
        SETTLE,
        *NEGOTIATION,
        SETTLE,
    ],
    peers=["A", "B"],
)

GLARE = program(
    "glare",
    [
        do("A", add(), set_local(), send("m1", "A")),
        do("B", add("video"), set_local(), send("m2", "B")),
        do("A", {"receive": "m2"}, set_remote(message="m2"), set_local(), send("m3", "A")),
        SETTLE,
        do("B", {"receive": "m1"}, set_remote(type="rollback"), {"receive": "m3"}),
        do("B", set_local(result="nothing"), set_remote(message="m1"), set_local()),
        SETTLE,
    ],
    peers=["A", "B"],
)

HANDLER = program(
    "handler",
    [do("A", add(direction="sendonly"), add("video")), SETTLE],
    handlers=[
        {
            "peer": "A",
            "event": "negotiationneeded",
            "do": [set_local(), send("m1", "A")],
        },
        {
            "peer": "A",
            "event": "signalingstatechange",
            "via": "listener",
            "do": [call("createOffer")],
        },
    ],
)

UNAWAITED = program(
    "unawaited",
    [
        do(
            "A",
            add(),
            call("createOffer", as_="one"),
            call("setLocalDescription"),
            call("setLocalDescription", description={"type": "rollback"}),
            call("createOffer", as_="two", args={"options": {"iceRestart": True}}),
        ),
        SETTLE,
        do("A", add("video")),
        SETTLE,
        do("A", call("restartIce")),
        SETTLE,
    ],
)

CLOSE = program(
    "close",
    [
        do("A", add(), call("createOffer"), call("createOffer", wait=True)),
        SETTLE,
        do("A", call("createOffer"), call("setLocalDescription"), call("close")),
        do("A", call("createOffer", wait=True), add()),
        SETTLE,
    ],
)

CLOSE_WHILE_AWAITING = program(
    "close-while-awaiting",
    [do("A", add()), SETTLE, do("A", call("setLocalDescription", wait=True), {"mark": "after"})],
    handlers=[{"peer": "A", "event": "signalingstatechange", "do": [call("close")]}],
)

CHANNEL = program(
    "channel",
    [
        do("A", call("createDataChannel", args={"label": "chat", "init": {"ordered": False}})),
        SETTLE,
        do("A", call("createDataChannel", args={"label": "x", "init": {"negotiated": True}})),
        *NEGOTIATION,
        SETTLE,
    ],
    peers=["A", "B"],
)

SENDERS = program(
    "senders",
    [
        do("A", add(), call("replaceTrack", args={"transceiver": "t1", "track": "audio:mic"})),
        SETTLE,
        do("A", call("setStreams", args={"transceiver": "t1", "streams": ["cam"]})),
        do("A", call("setParameters", args={"transceiver": "t1"}, wait=True)),
        do("A", call("replaceTrack", args={"transceiver": "t1", "track": "video:face"})),
        do("A", call("removeTrack", args={"transceiver": "t1"})),
        do("A", call("direction", args={"transceiver": "t1", "direction": "inactive"})),
        do("A", call("stop", args={"transceiver": "t1"})),
        do("A", call("stop", args={"transceiver": "t9"})),
        SETTLE,
    ],
)

ERRORS = program(
    "errors",
    [
        do("A", call("createAnswer", wait=True)),
        do("A", set_remote(type="offer", sdp="garbage")),
        do("A", call("setRemoteDescription", description={"sdp": "v=0"}, wait=True)),
        do("A", call("addTransceiver", args={"kind": "banana"})),
        do("A", call("addIceCandidate", args={"candidate": {"candidate": "x"}}, wait=True)),
        do("A", set_remote(type="answer", sections=[{"kind": "audio"}])),
        do("A", set_remote(message="never")),
        do("A", call("setConfiguration", args={"configuration": {"bundlePolicy": "max-bundle"}})),
        SETTLE,
    ],
)

SECTIONS = program(
    "sections",
    [
        do(
            "A",
            set_remote(
                type="offer",
                sections=[
                    {"kind": "audio", "msids": ["far"]},
                    {"kind": "video", "direction": "recvonly"},
                    {"kind": "application"},
                ],
                edits=[{"direction": [1, "inactive"]}],
            ),
            set_local(),
        ),
        SETTLE,
    ],
)

ALL = (
    TRANSCEIVER,
    OFFER_ANSWER,
    GLARE,
    HANDLER,
    UNAWAITED,
    CLOSE,
    CLOSE_WHILE_AWAITING,
    CHANNEL,
    SENDERS,
    ERRORS,
    SECTIONS,
)

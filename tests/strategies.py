"""Hypothesis strategies that several tests share: programs, and schedules for them."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from negotiation.conformance.programs.language import Program

TRANSCEIVERS = st.sampled_from(["t1", "t2", "t3"])
STREAMS = st.lists(st.sampled_from(["s1", "s2"]), max_size=2, unique=True)
DIRECTIONS = st.sampled_from(["sendrecv", "sendonly", "recvonly", "inactive"])
TRACKS = st.sampled_from(["audio:a1", "audio:a2", "video:v1"])
CANDIDATE = "candidate:1 1 udp 2113937151 192.0.2.1 54400 typ host"


def _call(method: str, **args: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"call": st.just(method), "args": st.fixed_dictionaries(args)})


def _with(
    call: st.SearchStrategy[dict[str, Any]], **more: st.SearchStrategy[Any]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda one, other: {**one, **other}, call, st.fixed_dictionaries(more))


CHANGES = st.one_of(
    _call("addTransceiver", kind=st.sampled_from(["audio", "video"])),
    _call(
        "addTransceiver",
        kind=st.sampled_from(["audio", "video"]),
        direction=DIRECTIONS,
        streams=STREAMS,
    ),
    _call("addTrack", track=TRACKS, streams=STREAMS),
    _call("removeTrack", transceiver=TRANSCEIVERS),
    _call("direction", transceiver=TRANSCEIVERS, direction=DIRECTIONS),
    _call("stop", transceiver=TRANSCEIVERS),
    _call("setStreams", transceiver=TRANSCEIVERS, streams=STREAMS),
    _call("replaceTrack", transceiver=TRANSCEIVERS, track=TRACKS),
    _call("setParameters", transceiver=TRANSCEIVERS),
    _call("createDataChannel", label=st.just("chat")),
    _call("restartIce"),
)

SECTIONS = st.lists(
    st.fixed_dictionaries(
        {"kind": st.sampled_from(["audio", "video"]), "direction": DIRECTIONS},
        optional={"rejected": st.booleans(), "msids": st.just(["r1"])},
    ),
    min_size=1,
    max_size=2,
)


def _own(peer: str, other: str) -> st.SearchStrategy[dict[str, Any]]:
    """Calls with descriptions: mostly meaningful, some illegal on purpose."""
    local = st.sampled_from(
        [
            {"call": "setLocalDescription"},
            {"call": "setLocalDescription", "description": {"type": "rollback"}},
            {"call": "setLocalDescription", "description": {"of": [peer, "lastOffer"]}},
            {"call": "setLocalDescription", "description": {"of": [peer, "lastAnswer"]}},
            {
                "call": "setLocalDescription",
                "description": {"of": [peer, "lastAnswer"], "type": "pranswer"},
            },
            {"call": "createOffer"},
            {"call": "createOffer", "args": {"options": {"iceRestart": True}}},
            {"call": "createOffer", "args": {"options": {"offerToReceiveAudio": True}}},
            {"call": "createAnswer"},
        ]
    )
    remote = st.sampled_from(
        [
            {"of": [other, "localDescription"]},
            {"of": [other, "pendingLocalDescription"]},
            {"of": [other, "currentLocalDescription"]},
            {"of": [other, "lastOffer"]},
            {"of": [other, "lastAnswer"]},
            {"type": "rollback"},
        ]
    )
    invented = st.builds(
        lambda sections, type: {"type": type, "sections": sections},
        SECTIONS,
        st.sampled_from(["offer", "offer", "answer", "pranswer"]),
    )
    described = st.one_of(remote, remote, invented) if other != peer else invented
    set_remote = st.builds(
        lambda description: {"call": "setRemoteDescription", "description": description}, described
    )
    candidate = _call(
        "addIceCandidate",
        candidate=st.sampled_from(
            [{}, {"candidate": CANDIDATE, "sdpMid": "0"}, {"candidate": CANDIDATE}]
        ),
    )
    return st.one_of(local, local, set_remote, set_remote, candidate)


def _do(peer: str, other: str) -> st.SearchStrategy[dict[str, Any]]:
    rare = st.just({"call": "close"})
    kinds = [CHANGES] * 6 + [_own(peer, other)] * 8 + [rare]
    return _with(st.sampled_from(kinds).flatmap(lambda one: one), wait=st.booleans())


def _script(peer: str, other: str, most: int = 4) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(_do(peer, other), min_size=1, max_size=most)


def _step(peers: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    scripts = [
        st.builds(lambda do, peer=peer: {"peer": peer, "do": do}, _script(peer, other))
        for peer, other in zip(peers, reversed(peers), strict=True)
    ]
    return st.one_of(*scripts, st.just({"settle": True}))


def _handler(peers: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(peers).flatmap(
        lambda peer: st.fixed_dictionaries(
            {
                "peer": st.just(peer),
                "event": st.sampled_from(["negotiationneeded", "signalingstatechange", "track"]),
                "do": _script(peer, peers[-1] if peer == peers[0] else peers[0], most=2),
                "times": st.integers(1, 2),
            }
        )
    )


def programs(most_steps: int = 6) -> st.SearchStrategy[Program]:
    """Programs of one or two peers: most calls meaningful, in any task, handler or state."""

    def build(peers: tuple[str, ...]) -> st.SearchStrategy[Program]:
        return st.builds(
            _program,
            st.just(peers),
            st.lists(_step(peers), min_size=1, max_size=most_steps),
            st.lists(_handler(peers), max_size=2),
        )

    return st.sampled_from([("A",), ("A", "B"), ("A", "B")]).flatmap(build)


def _program(
    peers: tuple[str, ...], steps: list[dict[str, Any]], handlers: list[dict[str, Any]]
) -> Program:
    return msgspec.convert(
        {
            "format": "negotiation-program",
            "version": 1,
            "name": "generated",
            "about": "generated",
            "rule": "#generated",
            "area": "generated",
            "peers": peers,
            "steps": steps,
            "handlers": handlers,
        },
        Program,
    )


SEEDS = st.integers(0, 2**32 - 1)

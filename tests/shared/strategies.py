"""Hypothesis strategies that several tests share: programs, and schedules for them."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
from hypothesis import strategies as st

from negotiation.conformance.programs.language import Program

TRANSCEIVERS = st.sampled_from(["t1", "t1", "t1", "t2", "t2", "t3"])
STREAMS = st.lists(st.sampled_from(["s1", "s2"]), max_size=2, unique=True)
DIRECTIONS = st.sampled_from(["sendrecv", "sendonly", "recvonly", "inactive"])
TRACKS = st.sampled_from(["audio:a1", "audio:a2", "video:v1"])
CANDIDATE = "candidate:1 1 udp 2113937151 192.0.2.1 54400 typ host"


def _call(method: str, **args: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"call": st.just(method), "args": st.fixed_dictionaries(args)})


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


def _applied(peer: str, other: str) -> list[list[dict[str, Any]]]:
    """Scripts with descriptions, as applications make them: each may be a step of its own."""
    local: dict[str, Any] = {"call": "setLocalDescription"}
    remote: dict[str, Any] = {"call": "setRemoteDescription"}
    rollback = {"description": {"type": "rollback"}}
    given = {"description": {"of": [peer, "lastOffer"]}}
    answer = {"description": {"of": [peer, "lastAnswer"]}}
    pranswer = {"description": {"of": [peer, "lastAnswer"], "type": "pranswer"}}
    take = {**remote, "description": {"of": [other, "localDescription"]}}
    offered = {**remote, "description": {"of": [other, "pendingLocalDescription"]}}
    answered = {**remote, "description": {"of": [other, "currentLocalDescription"]}}
    wait = {"wait": True}
    return [
        [{**local, **wait}],
        [{**take, **wait}],
        [{**offered, **wait}, {**local, **wait}],
        [offered, local],
        [{**answered, **wait}],
        [{"call": "createOffer", **wait}, {**local, **given, **wait}],
        [{"call": "createOffer"}, {**local, **given}],
        [{"call": "createOffer", "args": {"options": {"iceRestart": True}}, **wait}],
        [{"call": "createOffer", "args": {"options": {"offerToReceiveAudio": True}}}, local],
        [{"call": "createAnswer", **wait}, {**local, **answer, **wait}],
        [{"call": "createAnswer", **wait}, {**local, **pranswer, **wait}],
        [{**local, **given}],
        [{**local, **rollback, **wait}],
        [{**remote, **rollback}],
        [{**local, "description": {"type": "pranswer"}, **wait}],
    ]


def _odd(peer: str, other: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Calls that are mostly illegal, or about descriptions that nobody sent."""
    invented = st.builds(
        lambda sections, type: {
            "call": "setRemoteDescription",
            "description": {"type": type, "sections": sections},
        },
        SECTIONS,
        st.sampled_from(["offer", "offer", "answer", "pranswer"]),
    )
    candidate = _call(
        "addIceCandidate",
        candidate=st.sampled_from(
            [{}, {"candidate": CANDIDATE, "sdpMid": "0"}, {"candidate": CANDIDATE}]
        ),
    )
    stale = [
        {"call": "setRemoteDescription", "description": {"of": [other, "lastAnswer"]}},
        {"call": "setRemoteDescription", "description": {"of": [other, "lastOffer"]}},
        {"call": "setLocalDescription", "description": {"of": [peer, "lastAnswer"]}},
        {"call": "createAnswer"},
    ]
    return st.one_of(invented, candidate, st.sampled_from(stale)).map(lambda one: [one])


def _script(peer: str, other: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    changes = st.lists(CHANGES, min_size=1, max_size=2)
    applied = st.sampled_from(_applied(peer, other))
    both = st.builds(
        lambda one, more, turned: more + one if turned else one + more,
        changes,
        applied,
        st.booleans(),
    )
    close = st.just([{"call": "close"}])
    weighted = [changes] * 5 + [applied] * 12 + [both] * 4 + [_odd(peer, other)] * 3 + [close]
    return st.sampled_from(weighted).flatmap(lambda one: one)


def _steps(peers: tuple[str, ...], most: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    scripts = [
        st.builds(lambda do, peer=peer: {"peer": peer, "do": do}, _script(peer, other))
        for peer, other in zip(peers, reversed(peers), strict=True)
    ]
    settle = st.just({"settle": True})
    first = _call("addTransceiver", kind=st.just("audio")) | _call("addTrack", track=TRACKS)
    start = st.builds(
        lambda one, peer: [{"peer": peer, "do": [one]}], first, st.sampled_from(peers)
    )
    whole = st.sampled_from([*_negotiations(peers)]) if len(peers) == 2 else start
    one = st.one_of(*(scripts * 3), settle).map(lambda step: [step])
    blocks = st.lists(st.one_of(one, one, one, one, whole), min_size=3, max_size=most)
    return st.builds(lambda begin, rest: begin + list(chain(*rest)), start, blocks)


def _negotiations(peers: tuple[str, ...]) -> list[list[dict[str, Any]]]:
    """Whole negotiations, either way round."""
    found: list[list[dict[str, Any]]] = []
    for peer, other in (peers, peers[::-1]):
        ours, theirs = _applied(peer, other), _applied(other, peer)
        found.append(
            [
                {"peer": peer, "do": ours[0]},
                {"peer": other, "do": theirs[2]},
                {"peer": peer, "do": ours[4]},
                {"settle": True},
            ]
        )
    return found


def _handler(peers: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(peers).flatmap(
        lambda peer: st.fixed_dictionaries(
            {
                "peer": st.just(peer),
                "event": st.sampled_from(["negotiationneeded", "signalingstatechange", "track"]),
                "do": _script(peer, peers[-1] if peer == peers[0] else peers[0]),
                "times": st.integers(1, 2),
            }
        )
    )


def programs(most_steps: int = 7) -> st.SearchStrategy[Program]:
    """Programs of one or two peers: most calls meaningful, in any task, handler or state."""

    def build(peers: tuple[str, ...]) -> st.SearchStrategy[Program]:
        return st.builds(
            _program,
            st.just(peers),
            _steps(peers, most_steps),
            st.lists(_handler(peers), max_size=1),
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

"""Generated programs, and recordings of them: what the benchmark of the checker judges.

A program is drawn from a seed: mostly whole negotiations of two peers, with changes, glare,
rollbacks and calls that are wrong in between. The model plays the stack, on a schedule that another
seed picks, and what it shows is written as a recorder writes it.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import run_scheduled, trace_of
from negotiation.conformance.traces import format
from negotiation.conformance.traces.finding_files import find_traces

replace = msgspec.structs.replace

Item = dict[str, Any]

_KINDS = ("audio", "video")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_TRACKS = ("audio:a1", "audio:a2", "video:v1")
_TRANSCEIVERS = ("t1", "t1", "t1", "t2", "t2", "t3")
_STREAMS = ((), ("s1",), ("s2",), ("s1", "s2"))


def program_of(seed: int) -> Program:
    """The program of a seed: the same one for the same seed, whatever else was drawn."""
    rng = random.Random(f"program {seed}")
    steps: list[Item] = [_step("A", [_first_change(rng)])]
    for _ in range(rng.randint(3, 8)):
        steps += _block(rng)
    steps.append({"settle": True})
    handlers = [_handler(rng)] if rng.random() < 0.3 else []
    told = {
        "format": "negotiation-program",
        "version": 1,
        "name": f"generated-{seed}",
        "about": "drawn for the benchmark",
        "rule": "#dom-rtcpeerconnection",
        "area": "generated",
        "peers": ("A", "B"),
        "steps": steps,
        "handlers": handlers,
    }
    return msgspec.convert(told, Program)


def _step(peer: str, script: list[Item]) -> Item:
    return {"peer": peer, "do": script}


def _other(peer: str) -> str:
    return "B" if peer == "A" else "A"


def _first_change(rng: random.Random) -> Item:
    if rng.random() < 0.5:
        return {"call": "addTransceiver", "args": {"kind": rng.choice(_KINDS)}}
    return {"call": "addTrack", "args": {"track": rng.choice(_TRACKS)}}


def _change(rng: random.Random) -> Item:
    transceiver = {"transceiver": rng.choice(_TRANSCEIVERS)}
    streams = {"streams": rng.choice(_STREAMS)}
    track = {"track": rng.choice(_TRACKS)}
    direction = {"direction": rng.choice(_DIRECTIONS)}
    method, args = rng.choice(
        (
            ("addTransceiver", {"kind": rng.choice(_KINDS)}),
            ("addTransceiver", {"kind": rng.choice(_KINDS), **direction, **streams}),
            ("addTrack", {**track, **streams}),
            ("removeTrack", transceiver),
            ("direction", {**transceiver, **direction}),
            ("stop", transceiver),
            ("setStreams", {**transceiver, **streams}),
            ("replaceTrack", {**transceiver, **track}),
            ("createDataChannel", {"label": "chat"}),
            ("restartIce", {}),
        )
    )
    return {"call": method, "args": args}


def _local(**description: Any) -> Item:
    told = {"description": description} if description else {}
    return {"call": "setLocalDescription", "wait": True, **told}


def _remote(**description: Any) -> Item:
    return {"call": "setRemoteDescription", "wait": True, "description": description}


def _taken(peer: str, attribute: str) -> Item:
    return _remote(of=[_other(peer), attribute])


def _negotiation(peer: str) -> list[Item]:
    other = _other(peer)
    return [
        _step(peer, [_local()]),
        _step(other, [_taken(other, "pendingLocalDescription"), _local()]),
        _step(peer, [_taken(peer, "currentLocalDescription")]),
    ]


def _glare(polite: str) -> list[Item]:
    impolite = _other(polite)
    return [
        _step(polite, [_local()]),
        _step(impolite, [_local()]),
        _step(polite, [_taken(polite, "pendingLocalDescription"), _local()]),
        _step(impolite, [_taken(impolite, "currentLocalDescription")]),
    ]


def _rollback(peer: str) -> list[Item]:
    return [_step(peer, [_local(), _local(type="rollback")])]


def _refused(rng: random.Random, peer: str) -> list[Item]:
    wrong = (
        {"call": "createAnswer"},
        _remote(type="rollback"),
        _remote(of=[_other(peer), "lastAnswer"]),
        {"call": "addIceCandidate", "args": {"candidate": {"candidate": ""}}},
    )
    return [_step(peer, [rng.choice(wrong)])]


def _block(rng: random.Random) -> list[Item]:
    peer = rng.choice("AB")
    drawn = rng.random()
    if drawn < 0.4:
        return [*_negotiation(peer), {"settle": True}]
    if drawn < 0.43:
        return [*_glare(peer), {"settle": True}]
    if drawn < 0.51:
        return _rollback(peer)
    if drawn < 0.57:
        return _refused(rng, peer)
    if drawn < 0.59:
        return [_step(peer, [{"call": "close"}])]
    return [_step(peer, [_change(rng) for _ in range(rng.randint(1, 2))])]


def _handler(rng: random.Random) -> Item:
    script = rng.choice(([_local()], [{"call": "createOffer", "wait": True}], [_change(rng)]))
    peer = rng.choice("AB")
    return {"peer": peer, "event": "negotiationneeded", "do": script, "times": rng.randint(1, 2)}


VARIETY = 0.002
"""How often, where the specification leaves the order open, it is drawn and not as usual.

Real stacks have habits: of 801 programs that were recorded twice, 1 to 3 differed. With one draw in
five hundred, about one recording in ten does.
"""

Recorded = tuple[str, bytes]
"""The name of a recording, and its lines."""

_FILLER = (
    "a=rtcp-fb:96 transport-cc",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=fmtp:97 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "a=rtpmap:98 rtx/90000",
    "a=ssrc:1001 cname:4TOk42mSjXCkVIa6",
)
"""What browsers write into an m-section and negotiation does not read."""


def recordings_of(program: Program, seeds: Iterable[int], lengths: Sequence[int]) -> list[Recorded]:
    """Recordings of a program, one for each schedule; `lengths` are those of real SDP texts."""
    return [(f"{program.name}-{seed}", recording_of(program, seed, lengths)) for seed in seeds]


def recording_of(program: Program, seed: int, lengths: Sequence[int]) -> bytes:
    """The lines that a recorder page would write, with SDP texts as long as real ones."""
    rng = random.Random(f"recording {program.name} {seed}")

    def choose(options: int) -> int:
        return rng.randrange(options) if rng.random() < VARIETY else 0

    lines = trace_of(program, run_scheduled(program, choose), profile="page", seed=seed)
    t = 0.0
    told = []
    for line in lines:
        if isinstance(line, format.Sdp):
            line = replace(line, text=_as_long(line.text, rng.choice(lengths), rng))
        elif not isinstance(line, format.Header):
            t = round(t + rng.expovariate(2.0), 3)
            line = replace(line, t=t)
        told.append(msgspec.json.encode(line))
    return b"\n".join(told) + b"\n"


def _as_long(text: str, length: int, rng: random.Random) -> str:
    """The text with other session and ICE names, and so many lines more that it is as long."""
    named = text.replace("o=- 1 ", f"o=- {rng.getrandbits(62)} ", 1)
    more = []
    missing = length - len(named)
    while missing > 0:
        more.append(rng.choice(_FILLER))
        missing -= len(more[-1]) + 2
    return named + "".join(f"{line}\r\n" for line in more)


class Shape(msgspec.Struct, frozen=True):
    """How much SDP there is in recordings: texts for each observation, and their lengths."""

    bytes_per_observation: float
    texts_per_observation: float
    share_of_bytes: float
    lengths: tuple[int, ...]


def shape_of(recordings: Iterable[bytes]) -> Shape:
    """The shape of these recordings."""
    observations = size = of_texts = 0
    lengths: list[int] = []
    for recording in recordings:
        for text in recording.splitlines():
            line = _LINE.decode(text)
            size += len(text)
            if isinstance(line, format.Sdp):
                lengths.append(len(line.text))
                of_texts += len(text)
            elif not isinstance(line, format.Header):
                observations += 1
    return Shape(size / observations, len(lengths) / observations, of_texts / size, tuple(lengths))


def committed() -> Iterator[bytes]:
    """The recordings of real stacks that come along."""
    for name in find_traces([str(Path(__file__).parent.parent / "traces")]):
        data = Path(name).read_bytes()
        yield gzip.decompress(data) if name.endswith(".gz") else data


_LINE: msgspec.json.Decoder[format.Line] = msgspec.json.Decoder(format.Line)

"""An example of each finding: a program on the model, and one thing falsified in its recording.

The examples are data. They are run when they are told, so they cannot differ from what the checker
says today.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..checking.findings import Finding
from ..checking.judging import Checker, Pass
from ..programs.language import Program
from ..programs.library import load
from ..programs.model_stack import run_program, trace_of
from ..traces import format
from .falsifying import (
    Edit,
    altered,
    dropped,
    ended,
    inserted,
    moved,
    read_otherwise,
    repeated,
    unchanged,
)
from .judged import Judged, quoted_lines

DATE = "2026-01-01"

Fields = dict[str, Any]


class Example(msgspec.Struct, frozen=True):
    """A recording of the model; `does` tells in words how it was falsified, or what is wrong in it.

    `program` is the name of one that comes along, or a program.
    """

    program: str | Program
    does: str
    edit: Edit = unchanged
    seed: int = 0
    profile: str = "page"

    def lines(self) -> list[format.Line]:
        """The trace, with what is falsified in it."""
        program = load(self.program) if isinstance(self.program, str) else self.program
        emissions = run_program(program, seed=self.seed)
        lines = trace_of(program, emissions, seed=self.seed, profile=self.profile, date=DATE)
        return self.edit(lines)


def show(id: str) -> tuple[Example, Finding, Judged] | None:
    """The example of a finding, the finding in it, and the trace as it was judged."""
    example = EXAMPLES.get(id)
    if example is None:
        return None
    lines = example.lines()
    header = lines[0]
    assert isinstance(header, format.Header), "a trace begins with its header"
    pass_ = Pass(Checker(), header)
    for number, line in enumerate(lines, start=1):
        pass_.take_line(number, line)
    verdict = pass_.verdict(f"{header.program}.jsonl")
    finding = next((one for one in verdict.findings if one.id == id), None)
    if finding is None:
        return None
    return example, finding, Judged(verdict, header, quoted_lines(pass_, verdict))


def _two_peers(name: str, about: str, *steps: tuple[str, list[dict[str, Any]]]) -> Program:
    told = [{"peer": peer, "do": do} for peer, do in steps]
    given = {
        "format": "negotiation-program",
        "version": 1,
        "name": name,
        "about": about,
        "rule": "#perfect-negotiation-example",
        "area": "two peers",
        "peers": ["A", "B"],
        "steps": told,
    }
    return msgspec.convert(given, Program)


def _offers(peer: str, message: str) -> tuple[str, list[dict[str, Any]]]:
    sends = {"send": message, "description": {"of": [peer, "localDescription"]}}
    adds = {"call": "addTransceiver", "args": {"kind": "audio"}}
    return peer, [adds, {"call": "setLocalDescription", "wait": True}, sends]


def _takes(message: str) -> list[dict[str, Any]]:
    given = {"message": message}
    return [
        {"receive": message},
        {"call": "setRemoteDescription", "description": given, "wait": True},
    ]


def _one_peer(name: str, about: str, *scripts: list[dict[str, Any]]) -> Program:
    """What one peer does, script after script, with time for all that follows from each."""
    steps = [one for do in scripts for one in ({"peer": "A", "do": do}, {"settle": True})]
    given = {
        "format": "negotiation-program",
        "version": 1,
        "name": name,
        "about": about,
        "rule": "#dfn-update-the-negotiation-needed-flag",
        "area": "the negotiation-needed flag",
        "peers": ["A"],
        "steps": steps,
    }
    return msgspec.convert(given, Program)


AUDIO: list[dict[str, Any]] = [{"kind": "audio"}]
ADDS: dict[str, Any] = {"call": "addTransceiver", "args": {"kind": "audio"}}
OFFERS: dict[str, Any] = {"call": "setLocalDescription", "wait": True}


def _sets(type: str, sections: list[dict[str, Any]]) -> dict[str, Any]:
    described = {"type": type, "sections": sections}
    return {"call": "setRemoteDescription", "description": described, "wait": True}


NEEDED: Fields = {"kind": "event", "name": "negotiationneeded"}
CHANGED: Fields = {"kind": "event", "name": "signalingstatechange"}
TRACK: Fields = {"kind": "event", "name": "track"}
IDLE: Fields = {"kind": "idle"}
IN_A_TASK: Fields = {"task": 1000}

REMOTE_OFFER = "two-tracks-in-one-offer"
REUSED = "add-track-does-not-reuse-a-sender-with-a-track"
FAILING = "change-while-an-operation-fails"
BOTH = "offer-and-answer-of-two-peers"

EXAMPLES: dict[str, Example] = {
    "NN-SPURIOUS": Example(
        "restart-ice-before-any-negotiation",
        "an event was put in, though restartIce() before any negotiation needs none",
        inserted({**NEEDED, **IN_A_TASK}, kind="return"),
    ),
    "NN-DUPLICATE": Example("first-change", "the event was repeated", repeated(**NEEDED)),
    "NN-EARLY": Example(
        REMOTE_OFFER,
        "an event was put in while the remote offer is not answered yet",
        inserted({**NEEDED, **IN_A_TASK}, kind="resolve"),
    ),
    "NN-MISSED": Example("first-change", "the event was taken out", dropped(**NEEDED)),
    "NN-LATE": Example("first-change", "the event was moved behind the quiet", moved(3, **NEEDED)),
    "STATE-MISSING": Example(REMOTE_OFFER, "the event was taken out", dropped(**CHANGED)),
    "STATE-WRONG": Example(
        REMOTE_OFFER,
        "the state read in the event's handler was changed",
        read_otherwise({"signalingState": "have-local-offer"}, **CHANGED),
    ),
    "STATE-REPEATED": Example(REMOTE_OFFER, "the event was repeated", repeated(**CHANGED)),
    "STATE-ORDER": Example(
        REMOTE_OFFER, "the event was moved behind the track events", moved(2, **CHANGED)
    ),
    "OP-ORDER": Example(
        "unawaited-calls-settle-in-order",
        "a promise was settled after the one that was chained next",
        moved(5, kind="resolve"),
    ),
    "OP-AFTER-CLOSE": Example(
        "close-after-a-resolution",
        "a promise was settled after close()",
        moved(1, -1, kind="resolve"),
    ),
    "OP-PENDING": Example(REMOTE_OFFER, "the settlement was taken out", dropped(kind="resolve")),
    "OP-ACCEPTED": Example(
        FAILING, "the rejection was made a resolution", altered({"kind": "resolve"}, kind="reject")
    ),
    "OP-REJECTED": Example(
        REMOTE_OFFER,
        "the resolution was made a rejection",
        altered({"kind": "reject", "error": "OperationError"}, kind="resolve"),
    ),
    "OP-ERROR": Example(
        FAILING, "the error was changed", altered({"error": "OperationError"}, kind="reject")
    ),
    "CALL-ACCEPTED": Example(
        REUSED, "the exception was made a return", altered({"kind": "return"}, kind="throw")
    ),
    "CALL-REJECTED": Example(
        "first-change",
        "the return was made an exception",
        altered({"kind": "throw", "error": "InvalidStateError"}, kind="return"),
    ),
    "CALL-ERROR": Example(
        REUSED, "the error was changed", altered({"error": "TypeError"}, kind="throw")
    ),
    "DESCRIPTION-STATE": Example(
        REMOTE_OFFER,
        "the types that were read at the end were changed",
        read_otherwise({"descriptions": {"currentRemote": "offer"}}, **IDLE),
    ),
    "TRANSCEIVER-STATE": Example(
        "first-change",
        "the transceiver was taken out of what was read at the end",
        read_otherwise({"transceivers": []}, **IDLE),
    ),
    "SDP-SHAPE": Example(
        "created-offer-set-too-late",
        "the m-sections were taken out of the created offer",
        altered({"summary": {}}, kind="sdp"),
    ),
    "EVENT-WRONG": Example(REMOTE_OFFER, "a track event was taken out", dropped(**TRACK)),
    "STACK-HUNG": Example(
        "first-change",
        "it ends where the recorder had waited long enough",
        ended("hung", "no end within 60 s", after=2),
    ),
    "STACK-DIED": Example(
        "first-change",
        "it ends where the stack crashed",
        ended("died", "it exited with -11; it said: nothing", after=2),
    ),
    "STACK-LEAKED": Example(
        "first-change",
        "a growth of memory was put at its end",
        ended("leaked", "its memory grew from 210 MiB to 1300 MiB in 180 programs"),
    ),
    "RECORDER-FAILED": Example(
        "first-change",
        "it ends where the adapter told something wrong",
        ended("failed", "field `n`: 2 after 2; count observations from 1, rising", after=2),
    ),
    "RECORDING-CONTRADICTS": Example(
        "first-change",
        "the call is said to be made in the handler of an event that has not fired",
        altered({"within": "track"}, kind="call"),
    ),
    "APP-WRONG-STATE": Example(FAILING, "createAnswer() is called in stable"),
    "APP-AFTER-CLOSE": Example(
        "close-with-operations-outstanding", "createOffer() is called after close()"
    ),
    "APP-DEAD-ANSWER": Example(
        "late-answer-to-a-rolled-back-offer", "the answer comes after the rollback of its offer"
    ),
    "APP-REPEATED-OFFER": Example(
        _two_peers(
            "repeated-offer",
            "An offer that is sent again under another name.",
            _offers("A", "m1"),
            ("B", _takes("m1")),
            ("A", [{"send": "m2", "description": {"of": ["A", "localDescription"]}}]),
            ("B", [{"receive": "m2"}]),
        ),
        "the offer is sent twice",
    ),
    "APP-UNFINISHED": Example(
        _one_peer("unfinished", "An offer that nobody answers.", [ADDS, OFFERS]),
        "the end was put off by 20 seconds",
        altered({"t": 20_000.0}, -1, **IDLE),
    ),
    "APP-LOOP": Example(
        _one_peer(
            "loop",
            "Each negotiation restarts ICE, and so asks for the next one.",
            [ADDS],
            *[[OFFERS, {"call": "restartIce"}, _sets("answer", AUDIO)]] * 6,
        ),
        "restartIce() is called within each negotiation",
    ),
    "APP-UNSAFE-HANDLER": Example(
        _one_peer(
            "unsafe-handler",
            "A remote offer comes between createOffer() and setLocalDescription().",
            [ADDS],
            [{"call": "createOffer", "wait": True, "as": "offer"}],
            [_sets("offer", AUDIO)],
            [{"call": "setLocalDescription", "description": {"result": "offer"}}],
        ),
        "the created offer is set after a remote one",
    ),
    "APP-SECTION-ORDER": Example(
        _one_peer(
            "section-order",
            "A second offer without one of the m-sections of the first.",
            [_sets("offer", [*AUDIO, {"kind": "video"}]), OFFERS],
            [_sets("offer", AUDIO)],
        ),
        "an m-section is left out of the second offer",
    ),
    "APP-EARLY-CANDIDATE": Example(
        "add-ice-candidate-errors", "a candidate is added without a remote description"
    ),
    "GLARE-LOST-OFFER": Example(
        "implicit-rollback-that-leaves-a-transceiver",
        "what was to be offered is never offered again",
    ),
    "GLARE-DEADLOCK": Example(
        _two_peers(
            "deadlock",
            "Both ends offer, and both ignore the other's offer.",
            _offers("A", "m1"),
            _offers("B", "m2"),
            ("A", [{"receive": "m2"}]),
            ("B", [{"receive": "m1"}]),
        ),
        "both ends offer, and ignore the other's offer",
    ),
    "GLARE-BOTH-YIELDED": Example(
        _two_peers(
            "both-yielded",
            "Both ends offer, and both take the other's offer.",
            _offers("A", "m1"),
            _offers("B", "m2"),
            ("A", _takes("m2")),
            ("B", _takes("m1")),
        ),
        "both ends offer, and take the other's offer",
    ),
    "GLARE-ERROR": Example(
        "implicit-rollback-before-a-broken-offer",
        "the offer that meets the local one is broken",
    ),
    "APP-UNTAKEN-ANSWER": Example(
        _two_peers(
            "unsent-answer",
            "An answer that is set and not sent.",
            _offers("A", "m1"),
            ("B", [*_takes("m1"), {"call": "setLocalDescription", "wait": True}]),
        ),
        "the answer is never sent",
    ),
    "GLARE-YIELDED": Example("implicit-rollback", "the local offer is rolled back"),
    "GLARE-IGNORED": Example(
        "glare-of-two-peers-with-tracks", "the impolite end does not set the offer"
    ),
    "ENDS-DIVERGED": Example("late-answer-to-a-rolled-back-offer", "the answer comes too late"),
    "NETWORK-LOST": Example(
        _two_peers("lost", "An offer that never arrives.", _offers("A", "m1")),
        "the message is never received",
    ),
    "NETWORK-REPEATED": Example(
        BOTH, "the receipt of the first message was repeated", repeated(kind="receive")
    ),
    "NETWORK-REORDERED": Example(
        _two_peers(
            "reordered",
            "Two offers that overtake each other.",
            _offers("A", "m1"),
            _offers("A", "m2"),
            ("B", [{"receive": "m2"}, {"receive": "m1"}]),
        ),
        "the messages are received in the other order",
    ),
}
"""The examples, by the finding that they show."""

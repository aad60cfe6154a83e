"""Taking down what a recorder tells: what it may not say, and what is written of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tried_programs import with_steps

from negotiation.conformance.stacks.taking import Outcome, Taker
from negotiation.conformance.stacks.wire import ProtocolError, decoded
from negotiation.conformance.traces.format import VERSION, Header, Mark, Peer, Stack

HELLO = {"kind": "hello", "agent": "x"}
BEGAN: dict[str, Any] = {"kind": "began"}
ENDED = {"kind": "ended"}
UNSUPPORTED = {"kind": "unsupported", "what": ["stop"]}


def taker(most: int = 100) -> Taker:
    program = with_steps(peers=["A", "B"])
    peers = {name: Peer(Stack("x"), recorder="x") for name in program.peers}
    return Taker(program, Header("negotiation-trace", VERSION, "2026-01-01", peers), most=most)


def event(n: int, t: float = 1.0, peer: str = "A", **fields: Any) -> dict[str, Any]:
    return {"kind": "event", "n": n, "t": t, "peer": peer, "name": "track", **fields}


def call(n: int, id: int = 1, kind: str = "call", peer: str = "A") -> dict[str, Any]:
    told = {"id": id, "method": "close"} if kind == "call" else {"call": id}
    return {"kind": kind, "n": n, "t": 1, "peer": peer, **told}


def take(taking: Taker, *messages: dict[str, Any]) -> None:
    for each in messages:
        taking.take(decoded(json.dumps(each)))


@pytest.mark.parametrize(
    ("messages", "about"),
    [
        ([event(1)], "sequence"),
        ([ENDED], "sequence"),
        ([BEGAN, BEGAN], "sequence"),
        ([BEGAN, HELLO], "sequence"),
        ([BEGAN, UNSUPPORTED], "sequence"),
        ([BEGAN, {"kind": "did"}], "sequence"),
        ([BEGAN, event(0)], "numbers"),
        ([BEGAN, event(1), event(1)], "numbers"),
        ([BEGAN, event(1, -1.0)], "times"),
        ([BEGAN, event(1, 5.0), event(2, 4.0)], "times"),
        ([BEGAN, event(1, peer="C")], "peers"),
        ([BEGAN, call(1, kind="return")], "calls"),
        ([BEGAN, call(1), call(2)], "calls"),
        ([BEGAN, call(1), call(2, kind="return", peer="B")], "calls"),
        ([BEGAN, call(1), call(2, kind="return"), call(3, kind="return")], "calls"),
        ([BEGAN, {**event(1), "kind": "idle", "pending": [7]}], "calls"),
        ([BEGAN, {**event(1), "kind": "mark", "text": "", "trouble": "hung"}], "form"),
        ([BEGAN, *(event(n) for n in range(1, 102))], "flood"),
    ],
)
def test_what_a_recorder_may_not_say(messages: list[dict[str, Any]], about: str) -> None:
    taking = taker()
    take(taking, *messages[:-1])
    with pytest.raises(ProtocolError) as refused:
        take(taking, messages[-1])
    assert refused.value.about == about


@pytest.mark.parametrize("text", ["", "hello", "[]", '{"kind":"nonsense"}', '{"kind":"event"}'])
def test_what_is_no_message(text: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        decoded(text)
    assert refused.value.about == "form"


def test_peers_have_times_of_their_own() -> None:
    taking = taker()
    take(taking, BEGAN, event(1, 5.0, "A"), event(2, 4.0, "B"), event(3, 5.0, "A"), ENDED)
    assert taking.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("begun", [False, True])
def test_an_end_before_its_time_is_always_written(begun: bool) -> None:
    taking = taker()
    if begun:
        take(taking, BEGAN, event(1, 5.0, "A"), event(2, 7.0, "B"))
    taking.end(Outcome.HUNG, "no end within 1 s", "B")
    header, *others, mark = taking.recording().lines
    assert isinstance(header, Header)
    assert len(others) == (2 if begun else 0)
    assert mark == Mark(
        n=3 if begun else 1,
        t=7.0 if begun else 0.0,
        peer="B",
        text="no end within 1 s",
        trouble="hung",
    )


def test_what_is_unsupported_has_no_lines() -> None:
    taking = taker()
    take(taking, UNSUPPORTED)
    assert taking.recording().lines == ()
    assert (taking.outcome, taking.detail) == (Outcome.UNSUPPORTED, "stop")

"""Programs whose peers are in different stacks, with test doubles, and with the real ones."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tried_programs import with_steps

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.stacks.parts import Part, crossings, settled
from negotiation.conformance.stacks.recording import LiveStacks, Outcome, Settings
from negotiation.conformance.stacks.registry import STACKS, StackRow, adapter_row
from negotiation.conformance.traces.format import (
    Call,
    Event,
    Header,
    Idle,
    Line,
    Mark,
    Observation,
    Receive,
    Resolve,
    Return,
    Sdp,
    Send,
)
from negotiation.conformance.traces.reading import read_trace
from negotiation.conformance.traces.writing import write_trace

pytestmark = pytest.mark.usefixtures("nothing_left")

DOUBLE = Path(__file__).parent / "doubles" / "adapter.py"

ADD = {"call": "addTransceiver", "args": {"kind": "audio"}}
OFFER = {"call": "createOffer"}


def program(name: str = "p", **fields: Any) -> Program:
    steps = [
        {"peer": "A", "do": [ADD, OFFER, {"send": "m"}]},
        {"peer": "B", "do": [{"receive": "m"}, ADD, OFFER]},
        {"settle": True},
        {"peer": "A", "do": [OFFER]},
    ]
    return with_steps(**{"name": name, "peers": ["A", "B"], "steps": steps} | fields)


def double(habit: str = "") -> StackRow:
    command = (sys.executable, str(DOUBLE), *([habit] if habit else []))
    return adapter_row(habit or "good", command, "page")


def test_a_part_has_the_steps_and_handlers_of_its_peer() -> None:
    handlers = [{"peer": peer, "event": "track", "do": [OFFER]} for peer in "AB"]
    whole = settled(program(handlers=handlers))
    parts = [Part(whole, peer) for peer in whole.peers]
    assert [part.program.peers for part in parts] == [("A",), ("B",)]
    assert [part.numbers for part in parts] == [{0: 0, 2: 1, 3: 2, 4: 3}, {1: 0, 2: 1, 4: 2}]
    for part in parts:
        assert {handler.peer for handler in part.program.handlers} == {part.peer}
        for number, own in part.numbers.items():
            assert part.program.steps[own] is whole.steps[number]
    assert settled(whole) is whole


@pytest.mark.parametrize(
    ("description", "says"),
    [
        ({"of": ["A", "localDescription"]}, ["B reads localDescription of A"]),
        ({"of": ["B", "localDescription"]}, []),
        ({"result": "an-offer"}, ["B takes an-offer of A"]),
        ({"message": "m"}, []),
    ],
)
def test_what_no_recorder_could_read(description: dict[str, Any], says: list[str]) -> None:
    steps = [
        {"peer": "A", "do": [{**OFFER, "as": "an-offer"}]},
        {"peer": "B", "do": [{"call": "setRemoteDescription", "description": description}]},
    ]
    assert list(crossings(program(steps=steps))) == says


def test_two_stacks_make_one_trace(tmp_path: Path) -> None:
    told: list[Line] = []
    with LiveStacks([double(), double("ignores-sigterm")]) as live:
        recording = live.run(program(), lambda _, line: told.append(line))
        assert live.run(program()).outcome is Outcome.COMPLETE
    assert (recording.outcome, list(recording.lines)) == (Outcome.COMPLETE, told)
    header = told[0]
    assert isinstance(header, Header)
    names = {name: peer.stack.name for name, peer in header.peers.items()}
    assert names == {"A": "good", "B": "ignores-sigterm"}
    seen = [line for line in told if isinstance(line, Observation)]
    assert [one.n for one in seen] == list(range(1, len(seen) + 1))
    order = [(one.peer, type(one)) for one in seen]
    assert order[:6] == [("A", each) for each in (Call, Return, Call, Return, Resolve, Send)]
    assert order[6:8] == [("B", Receive), ("B", Event)]
    assert [one.id for one in seen if isinstance(one, Call)] == [1, 2, 3, 4, 5]
    assert [one.call for one in seen if isinstance(one, Resolve)] == [2, 4, 5]
    assert sorted(one.peer for one in seen if isinstance(one, Idle)) == ["A", "A", "B", "B"]
    write_trace(str(tmp_path / "t.jsonl"), told)
    assert read_trace(str(tmp_path / "t.jsonl")).error is None


def test_what_is_sent_and_what_is_named_is_passed_on() -> None:
    with LiveStacks([double(), double()]) as live:
        lines = live.run(program()).lines
    (text,) = [line for line in lines if isinstance(line, Sdp)]
    assert text.text == "v=0 by A"
    (track,) = [line for line in lines if isinstance(line, Event)]
    assert track.streams == ("A", "id-of-nobody")


@pytest.mark.parametrize(
    ("first", "second", "outcome", "blamed", "detail"),
    [
        ("", "hangs", Outcome.HUNG, "B", "no end within 1.5 s"),
        ("is-busy", "", Outcome.HUNG, "A", "and it is busy"),
        ("", "dies", Outcome.DIED, "B", "these are my last words"),
        ("answers-nonsense", "", Outcome.FAILED, "A", "a library says hello"),
        ("", "cannot-be-conducted", Outcome.FAILED, "B", "it does not do steps as asked"),
        ("", "ends-early", Outcome.FAILED, "B", "it does not do steps as asked"),
        ("runs-backwards", "", Outcome.FAILED, "A", "backwards by more than the resolution"),
        ("", "forgets-returns", Outcome.COMPLETE, "", ""),
    ],
)
def test_whose_fault_it_is(
    first: str, second: str, outcome: Outcome, blamed: str, detail: str
) -> None:
    began = time.monotonic()
    with LiveStacks([double(first), double(second)], Settings(timeout=1.5)) as live:
        recording = live.run(program())
        assert recording.outcome is outcome, recording.detail
        assert detail in recording.detail
        last = recording.lines[-1]
        if blamed:
            assert isinstance(last, Mark)
            assert (last.peer, last.trouble) == (blamed, outcome.value)
        live.run(program("another"))
    assert time.monotonic() - began < 2 * 1.5 + 8


def test_what_one_stack_lacks_is_unsupported_and_the_other_goes_on() -> None:
    steps = [
        {"peer": "A", "do": [OFFER]},
        {"peer": "B", "do": [{"call": "stop", "args": {"transceiver": "t1"}}]},
    ]
    with LiveStacks([double(), double()]) as live:
        recording = live.run(program(steps=steps))
        assert (recording.outcome, recording.detail) == (Outcome.UNSUPPORTED, "stop")
        assert recording.lines == ()
        one_peer = live.run(program(peers=["A"], steps=[{"settle": True}]))
        assert one_peer.detail == "it has 1 peers, and there are 2 stacks"
        assert live.run(program()).outcome is Outcome.COMPLETE


def test_the_bounds_are_those_of_single_stacks() -> None:
    settings = Settings(batch=5.0, memory=24 << 20)
    with LiveStacks([double(), double()], settings) as live:
        for number in range(6):
            assert live.run(program(f"small-{number}")).outcome is Outcome.COMPLETE
        leaked = live.run(program("leaks"))
        assert leaked.leaked.startswith("its memory grew from ")
        assert isinstance(leaked.lines[-1], Mark)
        assert live.run(program("hangs")).outcome is Outcome.CUT
        assert live.run(program()).outcome is Outcome.SKIPPED


@pytest.mark.live
@pytest.mark.parametrize("second", ["firefox", "wrtc"])
def test_real_stacks_exchange_real_descriptions(second: str) -> None:
    rows = [row for row in STACKS if row.name in ("chromium", second)]
    for row in rows:
        if row.executable() is None:
            pytest.skip(f"{row.title} is not here: {row.install}")
    names = ("offer-and-answer-of-two-peers", "perfect-negotiation-without-glare")
    with LiveStacks(rows) as live:
        for name in names:
            recording = live.run(load(name))
            assert (recording.outcome, recording.detail) == (Outcome.COMPLETE, "")
            verdict = Checker().judge_lines(name, recording.lines)
            assert verdict.verdict == "conforms", verdict.findings
            assert len(set(verdict.stacks)) == 2

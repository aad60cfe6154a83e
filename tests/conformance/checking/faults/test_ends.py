"""How a call ends: what is told, and told once."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from dump_writers.every import WRITERS
from dump_writers.read_back import imported

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.programs.written_out import written_out
from negotiation.conformance.reports.examples import EXAMPLES
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import open_trace

CHECKER = Checker()

TRACES = Path(__file__).parents[4] / "traces"

LATER = 30_000.0


def faults(lines: Sequence[format.Line]) -> list[Finding]:
    found = CHECKER.judge_lines("tried", lines).findings
    return [one for one in found if one.class_ == "fault"]


def waited(lines: Sequence[format.Line]) -> list[format.Line]:
    """The recording with a long wait before its last measurements of quiet."""
    last = max(at for at, one in enumerate(lines) if not isinstance(one, format.Idle))
    return [
        msgspec.structs.replace(one, t=one.t + LATER, quiet=LATER)
        if isinstance(one, format.Idle) and at > last
        else one
        for at, one in enumerate(lines)
    ]


@pytest.mark.parametrize("id", ["GLARE-DEADLOCK", "GLARE-BOTH-YIELDED", "NETWORK-LOST"])
def test_what_is_explained_is_not_called_unfinished_as_well(id: str) -> None:
    lines = EXAMPLES[id].lines()
    assert [one.id for one in faults(lines)] == [id]
    assert [one.id for one in faults(waited(lines))] == [id]


def test_two_polite_ends_are_told_so_when_both_have_answered() -> None:
    # What went wrong is not that the ends differ: neither of them kept its offer.
    found = faults(lines_of(load("glare-in-which-both-ends-yield")))
    assert [one.id for one in found if one.id.startswith(("GLARE", "ENDS"))] == [
        "GLARE-BOTH-YIELDED"
    ]


POLITE = load("glare-in-which-both-ends-yield")
WRITTEN_OUT = written_out(POLITE)


def without(lines: Iterable[format.Line], *kinds: type[format.Observation]) -> list[format.Line]:
    return [one for one in lines if not isinstance(one, kinds)]


@pytest.mark.parametrize("program", [POLITE, WRITTEN_OUT], ids=["implicit", "written out"])
@pytest.mark.parametrize("profile", ["page", "hidden-calls", "webrtc-internals", "rtcstats"])
def test_two_polite_ends_are_told_so_without_rest_or_messages(
    program: Program, profile: str
) -> None:
    # As in dumps. The texts of offers that nobody was given, or sent, are not known there.
    lines = list(trace_of(program, run_program(program), profile=profile))
    sending = (format.Send, format.Receive)
    for told in (lines, without(lines, format.Idle), without(lines, format.Idle, *sending)):
        ids = [one.id for one in faults(told)]
        assert ids.count("APP-DEAD-ANSWER") == 2
        assert [id for id in ids if id.startswith(("GLARE", "ENDS"))] == ["GLARE-BOTH-YIELDED"]


def as_read(lines: Iterable[format.Line]) -> Iterator[format.Line]:
    """Remote offers have other texts that say the same: those that localDescription reads."""
    texts = {one.id: one for one in lines if isinstance(one, format.Sdp)}
    replace = msgspec.structs.replace
    for line in lines:
        given = line.args.description if isinstance(line, format.Call) else None
        if (
            isinstance(line, format.Call)
            and line.method == "setRemoteDescription"
            and given is not None
            and given.type == "offer"
        ):
            text = texts[given.sdp or ""]
            yield replace(text, id=f"{text.id} read")
            given = replace(given, sdp=f"{text.id} read")
            yield replace(line, args=replace(line.args, description=given))
        else:
            yield line


@pytest.mark.parametrize("program", [POLITE, WRITTEN_OUT], ids=["implicit", "written out"])
def test_two_polite_ends_are_told_so_where_the_offer_is_read_and_sent(program: Program) -> None:
    # Firefox's localDescription is another text than what createOffer() gave, and candidates may
    # have been added to it.
    lines = without(lines_of(program), format.Send, format.Receive)
    for told in (lines, without(lines, format.Idle)):
        ids = [one.id for one in faults(list(as_read(told)))]
        assert [id for id in ids if id.startswith(("GLARE", "ENDS"))] == ["GLARE-BOTH-YIELDED"]


@pytest.mark.parametrize("name", ["internals-a", "internals-e", "rtcstats-3"])
def test_a_dump_of_two_polite_ends_says_so(name: str) -> None:
    assert WRITTEN_OUT is not None
    recorded = trace_of(WRITTEN_OUT, run_program(WRITTEN_OUT), profile="page")
    (call,) = imported(WRITERS[name](recorded)).calls
    _, verdict = CHECKER.follow(call.name, open_trace(io.BytesIO(call.trace)))
    assert "GLARE-BOTH-YIELDED" in [one.id for one in verdict.findings]


def test_one_polite_end_is_none_whatever_is_missing() -> None:
    lines = lines_of(load("perfect-negotiation-glare-seen-by-the-polite-end-first"))
    for kinds in ((format.Idle,), (format.Idle, format.Send, format.Receive)):
        assert "GLARE-BOTH-YIELDED" not in [one.id for one in faults(without(lines, *kinds))]


def test_ends_that_differ_for_another_reason_have_diverged() -> None:
    found = faults(lines_of(load("late-answer-to-a-rolled-back-offer")))
    assert [one.id for one in found if one.id.startswith(("GLARE", "ENDS"))] == ["ENDS-DIVERGED"]


@pytest.mark.parametrize(
    "program",
    ["two-peers-that-add-transceivers", "perfect-negotiation-data-channel-against-a-track"],
)
def test_ends_that_hold_what_should_have_been_another_text_have_not_diverged(program: str) -> None:
    # Both hold one offer with one m-section, where there should have been two.
    (trace,) = TRACES.glob(f"werift/*/{program}.jsonl.gz")
    ids = [one.id for one in CHECKER.judge(str(trace)).findings]
    assert "DESCRIPTION-STATE" in ids
    assert "ENDS-DIVERGED" not in ids


def test_one_end_that_waits_is_unfinished() -> None:
    lines = EXAMPLES["APP-UNFINISHED"].lines()
    assert [one.id for one in faults(lines)] == ["APP-UNFINISHED"]


# Glare after which an offer was lost.

LOST = "implicit-rollback-that-leaves-a-transceiver"


def lines_of(program: Program, profile: str = "page") -> list[format.Line]:
    return trace_of(program, run_program(program), profile=profile)


def going_on(*do: dict[str, Any]) -> Program:
    """The program after which an offer is lost, with something more done in the end."""
    program = load(LOST)
    more = msgspec.convert([{"peer": "A", "do": list(do)}, {"settle": True}], list[Any])
    given = msgspec.to_builtins(program)
    return msgspec.convert({**given, "steps": [*given["steps"], *more]}, Program)


def test_an_offer_that_is_never_made_again_is_lost() -> None:
    assert [one.id for one in faults(lines_of(load(LOST)))] == ["GLARE-LOST-OFFER"]


@pytest.mark.parametrize("does", ["setLocalDescription", "createOffer", "close"])
def test_an_offer_that_is_made_again_is_not_lost(does: str) -> None:
    assert faults(lines_of(going_on({"call": does}))) == []


def test_an_event_that_the_stack_missed_is_the_stacks() -> None:
    lines = lines_of(load(LOST))
    needed = [
        at
        for at, one in enumerate(lines)
        if isinstance(one, format.Event) and one.name == "negotiationneeded"
    ]
    del lines[needed[-1]]
    found = CHECKER.judge_lines("tried", lines).findings
    assert "NN-MISSED" in {one.id for one in found}
    assert "GLARE-LOST-OFFER" not in {one.id for one in found}


@pytest.mark.parametrize("profile", ["hidden-calls", "webrtc-internals"])
def test_where_changes_are_hidden_no_offer_is_called_lost(profile: str) -> None:
    assert faults(lines_of(load(LOST), profile)) == []

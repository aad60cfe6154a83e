"""How two stacks differ: what is chance or follows from something else is not told."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.contrasting import contrasts
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, read_otherwise
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import PROFILES
from negotiation.conformance.traces.reading import Trace, read_trace
from negotiation.conformance.traces.writing import write_trace

replace = msgspec.structs.replace

FAILS = "change-while-an-operation-fails"


def lines_of(program: str, profile: str = "page") -> list[format.Line]:
    ran = load(program)
    return trace_of(ran, run_program(ran), profile=PROFILES[profile], date="2026-01-01")


def read(lines: list[format.Line]) -> Trace:
    written = io.BytesIO()
    write_trace(written, lines)
    written.seek(0)
    return read_trace(written)


def told(lines: list[format.Line], others: list[format.Line]) -> list[str]:
    return [one.told("A", "B") for one in contrasts(read(lines), read(others))]


def otherwise(lines: list[format.Line]) -> list[format.Line]:
    """The same with other mids, credentials, texts, times and tasks."""
    changed: list[format.Line] = []
    for line in lines:
        if isinstance(line, format.Sdp):
            sections = tuple(
                replace(one, mid=one.mid and f"x{one.mid}", ice=one.ice and f"y{one.ice}")
                for one in line.summary.sections
            )
            text = replace(line.summary, sections=sections)
            line = replace(line, text=f"{line.text}s=x\r\n", summary=text)
        elif isinstance(line, format.Observation):
            line = replace(line, t=line.t * 3, task=None, within=None, state=_read(line.state))
        changed.append(line)
    return changed


def _read(state: format.Reading | None) -> format.Reading | None:
    if state is None or state.transceivers is None:
        return state
    transceivers = tuple(replace(one, mid=one.mid and f"x{one.mid}") for one in state.transceivers)
    return replace(state, transceivers=transceivers)


@pytest.mark.parametrize("program", names())
def test_chance_makes_no_difference(program: str) -> None:
    lines = lines_of(program)
    assert told(lines, otherwise(lines)) == []


@given(st.sampled_from(names()), st.data())
def test_an_event_less_is_told_from_both_sides(program: str, data: st.DataObject) -> None:
    lines = lines_of(program)
    events = [at for at, one in enumerate(lines) if isinstance(one, format.Event)]
    if not events:
        return
    at = data.draw(st.sampled_from(events))
    event, less = lines[at], [*lines[:at], *lines[at + 1 :]]
    assert isinstance(event, format.Event)
    for one, other, sides in ((lines, less, ("A", "B")), (less, lines, ("B", "A"))):
        found = [each for each in told(one, other) if " fires " in each]
        assert found
        assert found[0].startswith(event.name) or "before" in found[0]
        assert f"fires in {sides[0]}, not in {sides[1]}" in found[0] or "before" in found[0]


CASES: dict[str, tuple[str, Edit, list[str]]] = {
    "an outcome": (
        FAILS,
        altered({"error": "TypeError"}, kind="reject"),
        ["createAnswer rejects with InvalidStateError in A, rejects with TypeError in B"],
    ),
    "resolved instead": (
        FAILS,
        altered({"kind": "resolve", "error": None, "message": None}, kind="reject"),
        ["createAnswer rejects with InvalidStateError in A, resolves in B"],
    ),
    "never settled": (
        FAILS,
        dropped(kind="reject"),
        ["createAnswer settles in A, not in B"],
    ),
    "an event": (
        "first-change",
        dropped(kind="event", name="negotiationneeded"),
        ["negotiationneeded fires in A, not in B"],
    ),
    "a reading": (
        "first-change",
        read_otherwise({"signalingState": "closed"}, kind="event"),
        ["signalingState: stable in A, closed in B (at negotiationneeded)"],
    ),
}


@pytest.mark.parametrize("what", CASES)
def test_what_differs_has_a_name(what: str) -> None:
    program, edit, expected = CASES[what]
    lines = lines_of(program)
    assert told(lines, edit(lines)) == expected


def swapped(lines: list[format.Line], first: dict[str, Any]) -> list[format.Line]:
    """The observation, after the one that follows it."""
    from negotiation.conformance.reports.falsifying import place_of

    at = place_of(lines, 0, first)
    to = next(i for i in range(at + 1, len(lines)) if not isinstance(lines[i], format.Sdp))
    one, other = lines[at], lines[to]
    assert isinstance(one, format.Observation)
    assert isinstance(other, format.Observation)
    theirs, ours = replace(other, n=one.n, t=one.t), replace(one, n=other.n, t=other.t)
    return [*lines[:at], *lines[at + 1 : to], theirs, ours, *lines[to + 1 :]]


def test_another_order_is_told_once() -> None:
    lines = lines_of("local-offer-and-remote-answer")
    other = swapped(lines, {"kind": "event", "name": "signalingstatechange"})
    (one,) = contrasts(read(lines), read(other))
    assert one.told("A", "B") == (
        "signalingstatechange fires before setLocalDescription settles in A, after it in B"
    )
    assert len(one.first.lines) == len(one.second.lines) == 2


def test_what_may_come_late_has_no_order() -> None:
    lines = lines_of("local-offer-and-remote-answer", "late-settlements")
    assert told(lines, swapped(lines, {"kind": "event", "name": "signalingstatechange"})) == []


def test_what_one_recorder_cannot_see_does_not_count() -> None:
    lines = lines_of("first-change")
    header, *rest = lines
    assert isinstance(header, format.Header)
    peers = {"A": replace(header.peers["A"], profile="state-only")}
    blind = dropped(kind="event", name="negotiationneeded")([replace(header, peers=peers), *rest])
    assert told(lines, blind) == []


def test_what_follows_is_counted_and_not_told() -> None:
    lines = lines_of("local-offer-and-remote-answer")
    event = dropped(kind="event", name="signalingstatechange")(lines)
    closed = {"signalingState": "closed"}
    (one,) = contrasts(read(lines), read(read_otherwise(closed, kind="resolve", nth=0)(event)))
    assert one.told("A", "B") == "signalingstatechange fires in A, not in B"
    assert one.more == 1


def test_where_the_application_goes_another_way_comparing_ends() -> None:
    lines = lines_of("first-change")
    shorter = dropped(nth=1, kind="return")(dropped(nth=1, kind="call")(lines))
    closed = read_otherwise({"signalingState": "closed"}, nth=1, kind="idle")(shorter)
    assert told(lines, closed) == [
        "the application goes on in another way: call of addTransceiver in A, not in B"
    ]
    early = read_otherwise({"signalingState": "closed"}, nth=0, kind="idle")(shorter)
    assert told(lines, early) == ["signalingState: stable in A, closed in B (in the end)"]


def test_markup_in_names_is_text() -> None:
    lines = altered({"error": "{0}{x}"}, kind="reject")(lines_of(FAILS))
    assert "{0}{x}" in told(lines_of(FAILS), lines)[0]


def test_a_stack_may_be_called_like_a_place() -> None:
    lines = altered({"error": "another"}, kind="reject")(lines_of(FAILS))
    (one,) = contrasts(read(lines_of(FAILS)), read(lines))
    assert one.told("{1}", "{0}").endswith("in {1}, rejects with another in {0}")

"""Comparing recordings: chance does not count, everything else does, peer by peer."""

from __future__ import annotations

import io
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.comparing import differences
from negotiation.conformance.reports.falsifying import (
    Edit,
    altered,
    dropped,
    read_otherwise,
    unchanged,
)
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import Trace, read_trace
from negotiation.conformance.traces.writing import write_trace

replace = msgspec.structs.replace


def lines_of(program: str) -> list[format.Line]:
    ran = load(program)
    return trace_of(ran, run_program(ran), profile="page", date="2026-01-01")


def read(lines: list[format.Line]) -> Trace:
    written = io.BytesIO()
    write_trace(written, lines)
    written.seek(0)
    return read_trace(written)


def by_chance(lines: list[format.Line]) -> list[format.Line]:
    """The same, recorded at another time: all that is chance is otherwise."""
    return [_by_chance(line) for line in lines]


def _by_chance(line: format.Line) -> format.Line:
    told: dict[str, Any] = {}
    match line:
        case format.Header():
            return replace(line, date="2027-12-31", note="again")
        case format.Sdp(id=id, text=text, summary=summary):
            sections = tuple(
                replace(one, ice=one.ice and f"other {one.ice}") for one in summary.sections
            )
            return replace(
                line, id=f"x{id}", text=text + "\r\n", summary=replace(summary, sections=sections)
            )
        case format.Call(id=id, args=args):
            told = {"id": id + 7, "args": replace(args, **_renamed(args))}
        case format.Return(call=call) | format.Throw(call=call) | format.Reject(call=call):
            told = {"call": call + 7}
        case format.Resolve(call=call):
            told = {"call": call + 7, **_renamed(line)}
        case format.Send():
            told = _renamed(line)
        case format.Idle(pending=pending):
            told = {"pending": tuple(one + 7 for one in pending), "quiet": 1e3, "turns": 99}
    if isinstance(line, format.Throw | format.Reject):
        told["message"] = "other words"
    task = None if line.task is None else line.task * 3
    return replace(line, n=line.n + 5, t=line.t * 2 + 1, task=task, **told)


def _renamed(one: format.Arguments | format.Resolve | format.Send) -> dict[str, Any]:
    told: dict[str, Any] = {}
    description = one.description
    if description is not None and description.sdp is not None:
        told["description"] = replace(description, sdp=f"x{description.sdp}")
    candidate = None if isinstance(one, format.Resolve) else one.candidate
    if candidate is not None and candidate.usernameFragment is not None:
        fragment = f"other {candidate.usernameFragment}"
        told["candidate"] = replace(candidate, usernameFragment=fragment)
    return told


@pytest.mark.parametrize("program", names())
def test_chance_makes_no_difference(program: str) -> None:
    lines = lines_of(program)
    assert differences(read(lines), read(by_chance(lines))) == []


@given(st.sampled_from(names()), st.data())
def test_whatever_is_left_out_is_a_difference(program: str, data: st.DataObject) -> None:
    lines = lines_of(program)
    marked = [at for at, one in enumerate(lines) if isinstance(one, format.Event | format.Idle)]
    at = data.draw(st.sampled_from(marked))
    less = [*lines[:at], *lines[at + 1 :]]
    (one,) = differences(read(lines), read(by_chance(less)))
    missing = lines[at]
    assert isinstance(missing, format.Observation)
    assert one.peer == missing.peer
    assert one.first is not None
    assert one.first.line >= at + 1
    (other,) = differences(read(by_chance(less)), read(lines))
    assert (other.first is None) == (one.second is None)


def _less(line: format.Line) -> format.Line:
    if not isinstance(line, format.Observation):
        return line
    state = getattr(line, "state", None)
    if state is None:
        return replace(line, task=None)
    return replace(line, task=None, state=replace(state, descriptions=None))


def test_what_a_recorder_never_tells_makes_no_difference() -> None:
    lines = lines_of("offer-and-answer-of-two-peers")
    less = [_less(line) for line in lines]
    assert differences(read(lines), read(less)) == []
    assert differences(read(less), read(lines)) == []


def test_how_peers_interleave_is_chance() -> None:
    lines = lines_of("offer-and-answer-of-two-peers")
    first, last = lines[0], lines[1:]
    texts = [one for one in last if isinstance(one, format.Sdp)]
    seen = [one for one in last if isinstance(one, format.Observation)]
    seen.sort(key=lambda one: one.peer)
    again = [replace(one, n=n, t=float(n)) for n, one in enumerate(seen, start=1)]
    assert differences(read(lines), read([first, *texts, *again])) == []


CASES: dict[str, tuple[Edit, tuple[str, ...] | None]] = {
    "nothing": (unchanged, None),
    "an error": (
        altered({"error": "TypeError"}, kind="reject"),
        ('error: "InvalidAccessError", then "TypeError"',),
    ),
    "a reading": (
        read_otherwise({"signalingState": "have-local-offer"}, kind="event"),
        ('state.signalingState: "stable", then "have-local-offer"',),
    ),
    "a task": (altered({"task": None}, kind="call"), ("task: 1, then nothing",)),
    "another kind": (dropped(kind="return"), ()),
}


@pytest.mark.parametrize("what", CASES)
def test_what_differs_is_told(what: str) -> None:
    edit, fields = CASES[what]
    lines = lines_of("change-while-an-operation-fails")
    errors = [one.error for one in lines if isinstance(one, format.Reject)]
    found = differences(read(lines), read(edit(lines)))
    if fields is None:
        assert found == []
        return
    (one,) = found
    expected = tuple(field.replace("InvalidAccessError", errors[0]) for field in fields)
    assert one.fields == expected
    assert one.first is not None
    assert one.second is not None
    assert one.first.line == one.second.line


def test_where_one_ends() -> None:
    lines = lines_of("first-change")
    (one,) = differences(read(lines), read(lines[:-1]))
    assert (one.first is None, one.second) == (False, None)
    (one,) = differences(read(lines[:-1]), read(lines))
    assert (one.first, one.second is None) == (None, False)


def test_texts_are_compared_by_what_they_say_and_by_being_the_same() -> None:
    lines = lines_of("offer-and-answer-of-two-peers")
    # The answer: B's setLocalDescription resolves with it, then B sends it, and A receives it.
    _, at = (at for at, one in enumerate(lines) if isinstance(one, format.Sdp))
    text = lines[at]
    assert isinstance(text, format.Sdp)
    rejected = tuple(replace(one, rejected=True) for one in text.summary.sections)
    said = replace(text, summary=replace(text.summary, sections=rejected))
    found = differences(read(lines), read([*lines[:at], said, *lines[at + 1 :]]))
    assert [one.peer for one in found] == ["B", "A"]
    assert found[0].fields == ("description.summary.sections[0].rejected: nothing, then true",)
    again = replace(text, id="again")
    sent = altered({"description": {"type": "answer", "sdp": "again"}}, nth=1, kind="send")(lines)
    (one,) = differences(read(lines), read([*sent[: at + 1], again, *sent[at + 1 :]]))
    assert (one.peer, one.fields) == ("B", ("description.sdp: 2, then 3",))


def of_an_application(name: str) -> list[format.Line]:
    """What an application did whose stack has chosen all names, and the texts of candidates."""
    header, *lines = lines_of("audio-and-data-in-one-offer")
    assert isinstance(header, format.Header)
    track, streams, text = f"audio:{name}", [f"stream of {name}"], f"candidate:{name}"
    candidate = {"candidate": text, "sdpMid": "0"}
    arguments = {"track": track, "streams": streams, "candidate": candidate}
    calling = altered({"args": arguments}, kind="call")(lines)
    return [replace(header, program=None), *calling]


def test_what_an_application_was_given_by_its_stack_is_chance() -> None:
    first = read(of_an_application("4d44a479"))
    assert differences(first, read(of_an_application("{9db2b7c8}"))) == []
    (one,) = differences(first, read(of_an_application("4d44a479")[:-1]))
    assert one.second is None


def test_streams_that_the_program_named_are_those() -> None:
    def with_stream(lines: list[format.Line], given: str, seen: str) -> list[format.Line]:
        named = altered({"args": {"track": "audio:a", "streams": [given]}}, kind="call")(lines)
        return altered({"streams": (given, seen)}, kind="event")(named)

    lines = lines_of("first-change")
    first = read(with_stream(lines, "mine", "{1}"))
    assert differences(first, read(with_stream(lines, "mine", "{2}"))) == []
    (one,) = differences(first, read(with_stream(lines, "other", "{1}")))
    assert one.fields == ('args.streams: ["mine"], then ["other"]',)

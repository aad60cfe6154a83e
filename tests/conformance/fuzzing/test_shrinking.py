"""Shrinking: what is left still shows it, and nothing of it can be left out."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import programs

from negotiation.conformance.fuzzing.shrinking import reduced, shortest, without_one
from negotiation.conformance.fuzzing.wording import in_words
from negotiation.conformance.programs.language import Do, Handler, Program, Step
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.written_out import written_out


def methods(program: Program) -> Iterator[str]:
    for script in (*(one.do for one in program.steps), *(one.do for one in program.handlers)):
        yield from (item.call for item in script if item.call is not None)


def bare(program: Program) -> tuple[object, ...]:
    return program.peers, program.steps, program.handlers


@given(programs())
def test_a_program_that_keeps_all_its_parts_says_the_same(program: Program) -> None:
    kept = reduced(program, lambda: True)
    assert [*methods(kept)] == [*methods(program)]
    assert kept.handlers == tuple(one for one in program.handlers if one.do)
    assert kept.steps == program.steps


def test_a_program_of_the_library_keeps_all_its_parts() -> None:
    for name in names():
        program = load(name)
        kept = reduced(program, lambda: True)
        assert kept.steps == tuple(one for one in program.steps if one.do or one.settle), name


@given(st.data(), programs())
def test_a_reduction_only_leaves_out(data: st.DataObject, program: Program) -> None:
    smaller = reduced(program, lambda: data.draw(st.booleans()))
    left = [*methods(program)]
    for method in methods(smaller):
        assert method in left
        left.remove(method)
    assert set(smaller.peers) <= set(program.peers)


@given(programs(), st.data())
@settings(max_examples=60)
def test_what_is_left_shows_it_and_is_minimal(program: Program, data: st.DataObject) -> None:
    there = [*methods(program)]
    wanted = data.draw(st.lists(st.sampled_from(there), min_size=1, max_size=3, unique=True))

    def shows(tried: Program) -> bool:
        return set(wanted) <= set(methods(tried))

    found = shortest(program, shows)
    assert found.minimal
    assert shows(found.program)
    assert not any(shows(one) for one in without_one(found.program) if one.steps)
    # A program without steps is none: where only a handler shows it, one step stays beside it.
    assert len([*methods(found.program)]) <= len(wanted) + bool(found.program.handlers)


def test_arguments_and_waits_go_as_well() -> None:
    call = Do(call="addTransceiver", args={"kind": "audio", "streams": ["s1"]}, wait=True)
    handler = Handler("A", "track", (Do(call="close"),), via="listener", times=3)
    program = program_with((Step("A", (call,)), Step(settle=True)), (handler,))
    found = shortest(program, lambda tried: {"addTransceiver", "close"} <= set(methods(tried)))
    (step,), (left,) = found.program.steps, found.program.handlers
    assert step.do == (Do(call="addTransceiver", args={"kind": "audio"}),)
    assert (left.via, left.times) == ("property", 1)


def test_conditions_and_members_of_arguments_go_as_well() -> None:
    program = msgspec.structs.replace(
        load("first-change"),
        steps=(
            Step(
                peer="A",
                do=(
                    Do(set="does", to=((),)),
                    Do(call="createOffer", when=("does",), wait=True, name="made"),
                    Do(
                        call="addIceCandidate", args={"candidate": {"candidate": "", "sdpMid": "0"}}
                    ),
                    Do(call="setStreams", args={"transceiver": "t1", "streams": ["s1", "s2"]}),
                ),
            ),
        ),
    )

    def shows(tried: Program) -> bool:
        done = {item.call: item for step in tried.steps for item in step.do}
        wanted = {"createOffer", "addIceCandidate", "setStreams"} <= set(done)
        return (
            wanted
            and done["addIceCandidate"].args["candidate"].get("sdpMid") == "0"
            and "s2" in done["setStreams"].args["streams"]
        )

    found = shortest(program, shows)
    assert found.minimal
    (step,) = found.program.steps
    assert step.do == (
        Do(call="createOffer", name="made"),
        Do(call="addIceCandidate", args={"candidate": {"sdpMid": "0"}}),
        Do(call="setStreams", args={"transceiver": "t1", "streams": ["s2"]}),
    )


def test_a_program_whose_descriptions_are_written_out_is_told_like_code() -> None:
    program = written_out(
        msgspec.structs.replace(
            load("first-change"), steps=(Step(peer="A", do=(Do(call="setLocalDescription"),)),)
        )
    )
    assert program is not None
    assert "; ".join(in_words(program)) == (
        "does-1 = true; "
        "answers-1 = state:have-remote-offer || state:have-local-pranswer; "
        "if (does-1 && !answers-1) description-1 = await createOffer(); "
        "if (does-1 && answers-1) description-1 = await createAnswer(); "
        "if (does-1) setLocalDescription(description-1)"
    )


def test_a_peer_that_nothing_speaks_of_goes() -> None:
    program = program_with((Step("A", (Do(call="restartIce"),)), Step("B", (Do(call="close"),))))
    program = msgspec.structs.replace(program, peers=("A", "B"))
    found = shortest(program, lambda tried: "close" in methods(tried))
    assert bare(found.program) == (("B",), (Step("B", (Do(call="close"),)),), ())


def test_what_is_not_shown_again_is_left_as_it_is() -> None:
    program = load("first-change")
    times = iter([*[False] * 3])
    found = shortest(program, lambda tried: next(times, False))
    assert bare(found.program) == bare(program)


def test_when_the_time_is_over_nothing_is_said_to_be_minimal() -> None:
    program = load("two-changes-in-one-task")
    found = shortest(program, lambda tried: True, seconds=-1)
    assert not found.minimal
    assert found.runs == 0


def program_with(steps: tuple[Step, ...], handlers: tuple[Handler, ...] = ()) -> Program:
    return msgspec.structs.replace(load("first-change"), steps=steps, handlers=handlers)


def test_who_ends_the_process_ends_the_shrinking() -> None:
    # Hypothesis takes a SystemExit of what it tries for a failure, and goes on.
    program = load("offer-and-answer-of-two-peers")
    played: list[Program] = []

    def notes(tried: Program) -> bool:
        played.append(tried)
        return True

    shortest(program, notes)
    for last in range(len(played)):
        tries = iter(range(last))

        def shows(_: Program, tries: Iterator[int] = tries) -> bool:
            if next(tries, None) is None:
                raise SystemExit(143)
            return True

        with pytest.raises(SystemExit):
            shortest(program, shows)

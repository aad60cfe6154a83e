"""Why: the rules that decided, found again by going back along the model's own steps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.checking.why import NotFollowedError, Witness, about, decisive, why
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, altered, dropped, inserted, unchanged
from negotiation.conformance.traces import format
from negotiation.conformance.traces.reading import Trace
from negotiation.model import Arguments, Call, Connection, Readings, Specification, rules_of

NEEDED: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}


def traced(program: str, edit: Edit = unchanged, seed: int = 0, profile: str = "page") -> Trace:
    given = load(program)
    lines = edit(trace_of(given, run_program(given, seed=seed), profile=profile, date="2026-01-01"))
    sdps = {one.id: one for one in lines if isinstance(one, format.Sdp)}
    told = enumerate(lines, start=1)
    observed: Any = [one for one in told if isinstance(one[1], format.Observation)]
    header = lines[0]
    assert isinstance(header, format.Header)
    return Trace(f"{program}.jsonl", header, sdps, tuple(observed))


def deciders(trace: Trace, line: int) -> set[str]:
    """The rules that decided, in each account."""
    rulings = [decisive(one.rulings) for one in why(trace, line).accounts]
    return {one.rule.name for one in rulings if one is not None}


def line_of(trace: Trace, nth: int = 0, **fields: object) -> int:
    found = [
        number
        for number, one in trace.observations
        if all(
            (one.__struct_config__.tag if name == "kind" else getattr(one, name, None)) == value
            for name, value in fields.items()
        )
    ]
    return found[nth]


def test_a_witness_is_the_specification() -> None:
    plain, witness = Specification(), Witness()
    state = plain.call(plain.initial(), Call(1, "addTransceiver", Arguments(kind="audio")))[0]
    assert list(witness.successors(state)) == list(plain.successors(state))
    assert rules_of(Witness).keys() == rules_of(Specification).keys()


def test_a_witness_writes_down_what_it_consulted_and_nests_it() -> None:
    witness = Witness()
    witness.run_update(Connection(channels=1))
    told = [(one.depth, one.rule.name, one.outcome) for one in witness.consulted]
    assert told == [
        (0, "is_update_pointless_once_closed", False),
        (0, "is_chain_empty_in_the_task", True),
        (0, "is_stable_for_the_flag", True),
        (0, "check_if_negotiation_is_needed", True),
        (1, "must_replace_ice_credentials", False),
        (1, "must_negotiate_data", True),
        (0, "is_flag_already_true", False),
    ]


def test_why_the_event_fired() -> None:
    trace = traced("first-change")
    answer = why(trace, line_of(trace, **NEEDED))
    (flag,) = answer.flag
    assert [one.outcome for one in flag.update] == [False, True, True, True, False]
    (reason,) = [one for one in flag.check if one.outcome]
    assert (reason.rule.name, about(reason)) == ("is_unassociated", "t1")


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("restart-ice-after-negotiation", "must_replace_ice_credentials"),
        ("data-channels", "must_negotiate_data"),
        ("stop-and-renegotiate", "is_stopping_not_stopped"),
        ("set-streams", "do_msids_differ"),
        ("answered-direction-changed-later", "does_direction_differ_as_answerer"),
    ],
)
def test_the_check_names_the_step_that_makes_it_true(program: str, reason: str) -> None:
    trace = traced(program)
    answer = why(trace, line_of(trace, -1, **NEEDED))
    assert {one.rule.name for flag in answer.flag for one in flag.check if one.outcome} == {reason}


@pytest.mark.parametrize(
    ("program", "fields", "rule"),
    [
        ("change-while-an-operation-fails", {"kind": "reject"}, "may_create_answer"),
        ("failed-answer-does-not-clear-the-flag", {"kind": "reject"}, "is_type_valid"),
        ("rollback-in-stable-is-refused", {"kind": "reject"}, "is_rollback_refused"),
        ("altered-offer", {"kind": "reject"}, "is_modified"),
        (
            "add-track-does-not-reuse-a-sender-with-a-track",
            {"kind": "throw"},
            "is_track_added_already",
        ),
        ("calls-after-close-that-reject", {"kind": "reject"}, "is_chain_refused"),
        ("calls-after-close-that-throw", {"kind": "throw"}, "does_close_make_it_throw"),
        ("create-data-channel-errors", {"kind": "throw"}, "data_channel_error"),
    ],
)
def test_what_refused_a_call(program: str, fields: dict[str, Any], rule: str) -> None:
    trace = traced(program)
    assert deciders(trace, line_of(trace, **fields)) == {rule}


def test_the_call_and_its_return_are_decided_alike() -> None:
    trace = traced("first-change")
    assert deciders(trace, 2) == deciders(trace, 3) == {"is_chain_empty"}


def test_a_decision_long_before_its_settlement_is_found() -> None:
    # Late settlements are seen several lines after what decided them.
    trace = traced("change-while-an-operation-fails", profile="late-settlements")
    line = line_of(trace, kind="reject")
    assert deciders(trace, line) == {"may_create_answer"}


def test_what_is_wrong_is_answered_from_the_model() -> None:
    resolved = altered({"kind": "resolve"}, kind="reject")
    trace = traced("change-while-an-operation-fails", resolved)
    answer = why(trace, line_of(trace, kind="resolve"))
    assert answer.moment.diagnosis is not None
    (account,) = answer.accounts
    assert account.shows == "createAnswer rejects with InvalidStateError"
    assert account.rulings[-1].rule.name == "may_create_answer"


def test_the_configuration_is_the_one_in_the_header() -> None:
    """With a configuration that is not known, what was refused might have been accepted."""

    def accepted(lines: Iterable[format.Line]) -> list[format.Line]:
        told = list(lines)
        at = next(at for at, one in enumerate(told) if isinstance(one, format.Throw))
        thrown = told[at]
        assert isinstance(thrown, format.Throw)
        told[at] = format.Return(
            n=thrown.n, t=thrown.t, peer=thrown.peer, call=thrown.call, task=thrown.task
        )
        return told

    trace = traced("set-configuration-errors", accepted)
    answer = why(trace, line_of(trace, kind="return"))
    assert answer.moment.diagnosis is not None
    assert answer.moment.diagnosis.id == "CALL-ACCEPTED"


def test_an_event_that_cannot_be_says_what_keeps_it() -> None:
    early = inserted({**NEEDED, "task": 99}, kind="resolve")
    trace = traced("two-tracks-in-one-offer", early)
    answer = why(trace, line_of(trace, **NEEDED))
    ended = {(one.update[-1].rule.name, one.update[-1].outcome) for one in answer.flag}
    assert ("is_stable_for_the_flag", False) in ended
    assert all(outcome is False for _, outcome in ended)


@pytest.mark.parametrize(
    ("program", "line", "asked"),
    [
        ("first-change", 3, "queued"),
        ("change-while-an-operation-is-outstanding", 5, "remembered"),
        ("offer-and-answer-of-two-peers", -1, "no"),
    ],
)
def test_what_became_of_the_update(program: str, line: int, asked: str) -> None:
    trace = traced(program)
    numbers = [number for number, _ in trace.observations]
    place = line if line > 0 else numbers[line]
    assert {one.asked for one in why(trace, place).flag} == {asked}


def test_the_event_that_is_about_to_fire() -> None:
    missed = dropped(**NEEDED)
    trace = traced("first-change", missed)
    answer = why(trace, line_of(trace, kind="idle"))
    assert answer.moment.diagnosis is not None
    assert answer.flag


def test_a_reading_is_respected() -> None:
    trace = traced("rollback-in-stable-is-refused")
    readings = Readings().changed({"finished-operation-leaves": "other"})
    assert why(trace, 4, readings).accounts


def test_there_is_no_answer_where_nothing_was_observed() -> None:
    with pytest.raises(LookupError):
        why(traced("first-change"), 1)


def test_there_is_no_answer_once_the_checker_gave_up() -> None:
    sideways = altered({"args": {"description": {"type": "sideways"}}}, kind="call")
    with pytest.raises(NotFollowedError, match="line 3: a description of type 'sideways'"):
        why(traced("two-tracks-in-one-offer", sideways), 5)


@pytest.mark.parametrize("program", names()[::6])
def test_every_line_of_a_conforming_trace_has_its_answer(program: str) -> None:
    trace = traced(program, seed=3)
    assert not [
        one
        for one in Checker()
        .judge_lines(
            program, [trace.header, *trace.sdps.values(), *(one for _, one in trace.observations)]
        )
        .findings
        if one.class_ == "departure"
    ]
    for number, one in trace.observations:
        answer = why(trace, number)
        assert answer.flag
        if isinstance(one, format.Resolve | format.Reject | format.Throw | format.Event):
            assert answer.accounts, f"{program}:{number}"

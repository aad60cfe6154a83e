"""One history of a recording: a path of the model, and mostly that of the run it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SEEDS, programs

from negotiation.conformance.checking.judging import Checker, Pass
from negotiation.conformance.coverage.histories import Histories
from negotiation.conformance.coverage.items import Item, Items, guard_item
from negotiation.conformance.coverage.recordings import Covered, Recordings
from negotiation.conformance.coverage.running import as_stack, coverage_of_run
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load
from negotiation.conformance.programs.model_stack import AS_STACK, run_program, trace_of
from negotiation.conformance.reports.falsifying import Edit, dropped, repeated, unchanged
from negotiation.conformance.traces import format

RECORDINGS = Recordings(Checker(AS_STACK))


def recorded(
    program: Program, seed: int = 0, profile: str = "full", edit: Edit = unchanged
) -> tuple[Covered, Pass]:
    header, *lines = edit(trace_of(program, run_program(program, seed=seed), profile=profile))
    assert isinstance(header, format.Header)
    pass_ = Pass(RECORDINGS.checker, header)
    for number, line in enumerate(lines, start=2):
        pass_.take_line(number, line)
    return RECORDINGS.of_pass("recorded", pass_), pass_


def of_kind(items: Items, *kinds: str) -> set[Item]:
    return {one for one in items if one.kind in kinds}


@settings(max_examples=60, deadline=None)
@given(programs(), SEEDS)
def test_of_a_recording_of_the_model_labels_and_rows_are_those_of_the_run(
    program: Program, seed: int
) -> None:
    covered, _ = recorded(program, seed)
    run = coverage_of_run(program, seed=seed)
    assert covered.departures == 0
    assert of_kind(covered.items, "pair", "row") == of_kind(run, "pair", "row")


@settings(max_examples=40, deadline=None)
@given(programs(), SEEDS, st.sampled_from(["full", "page"]))
def test_a_history_is_a_path_of_the_model(program: Program, seed: int, profile: str) -> None:
    _, pass_ = recorded(program, seed, profile)
    for name, peer in pass_.peers.items():
        moments = [one for one in pass_.moments if one.said.peer == name]
        history = Histories(peer.frontiers).history(moments)
        assert [one.moment for one in history] == moments
        ways = [(one.moment, one.way) for one in history if one.way is not None]
        for (moment, way), (_, after) in pairwise(ways):
            assert way.source in moment.before
            reached = peer.frontiers.closure(frozenset({way.source}))
            possible = {
                one for each in reached for one in peer.frontiers.observed(each, moment.seen)
            }
            assert after.source in possible


def forced(items: Items) -> set[str]:
    """The names of the rules that were asked, but those that only say how the text is read."""
    return {one.name for one in of_kind(items, "rule", "guard") if not one.name.startswith("may_")}


@pytest.mark.parametrize(
    "program", ["first-change", "implicit-rollback", "rollback-of-a-local-offer", "two-peers-glare"]
)
def test_of_a_program_that_leaves_nothing_open_the_same_rules_are_asked(program: str) -> None:
    covered, _ = recorded(load(program))
    assert forced(covered.items) == forced(coverage_of_run(load(program)))


def test_what_was_asked_in_states_that_lead_nowhere_does_not_count() -> None:
    """The checker also follows the states in which an update was queued and has not run yet."""
    covered, pass_ = recorded(load("two-peers-glare"))
    model = as_stack()
    asked = {
        item
        for peer in pass_.peers.values()
        for moment in pass_.moments
        for position in peer.frontiers.closure(moment.after)
        for step in model.steps(position.connection)
        for item in step.items
    }
    assert guard_item("is_stable_for_the_flag", holds=False) in asked - covered.items


FLAG: dict[str, Any] = {"kind": "event", "name": "negotiationneeded"}


@pytest.mark.parametrize("edit", [dropped(**FLAG), repeated(**FLAG)])
def test_what_comes_before_and_after_a_departure_counts(edit: Edit) -> None:
    covered, _ = recorded(load("first-change"), edit=edit)
    assert covered.departures == 1
    assert Item("rule", "create_transceiver") in covered.items
    assert Item("state", "stable", "empty, not needed") in covered.items


def test_it_does_not_depend_on_what_was_covered_before() -> None:
    names: Sequence[str] = ("two-peers-glare", "implicit-rollback", "first-change")
    alone = {name: recorded_afresh(name) for name in names}
    together = Recordings()
    for name in (*names, *reversed(names)):
        assert recorded_afresh(name, together) == alone[name]


def recorded_afresh(name: str, recordings: Recordings | None = None) -> Items:
    recordings = recordings or Recordings()
    header, *lines = trace_of(load(name), run_program(load(name), seed=3), profile="page")
    assert isinstance(header, format.Header)
    pass_ = Pass(recordings.checker, header)
    for number, line in enumerate(lines, start=2):
        pass_.take_line(number, line)
    return recordings.of_pass(name, pass_).items

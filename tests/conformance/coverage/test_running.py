"""What runs of programs on the model cover."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from strategies import SEEDS, programs

from negotiation.conformance.coverage.counting import Coverage, why_not
from negotiation.conformance.coverage.items import Item, guard_item, universe
from negotiation.conformance.coverage.running import as_stack, coverage_of_run
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.programs.language import Do, Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.model_stack import AS_STACK

replace = msgspec.structs.replace

LISTED = ("rule", "guard", "row", "finding")


def names_of(items: frozenset[Item], kind: str) -> set[str]:
    return {one.name for one in items if one.kind == kind}


def test_a_program_without_rollback_covers_no_rule_of_rollbacks() -> None:
    items = coverage_of_run(load("first-change"))
    rolling_back = {"is_rollback_refused", "forget_pending", "restore_remote_tracks"}
    assert not rolling_back & (names_of(items, "rule") | names_of(items, "guard"))
    assert not any("rollback" in one.detail for one in items if one.kind == "row")


def test_a_program_with_rollback_does() -> None:
    items = coverage_of_run(load("rollback-of-a-local-offer"))
    assert "forget_pending" in names_of(items, "rule")
    assert Item("row", "have-local-offer", "local rollback") in items


def test_a_step_that_could_be_taken_and_was_not_does_not_count() -> None:
    program = load("first-change")
    first = program.steps[0]
    closing = replace(first, do=(*first.do, Do(call="close")))
    one = replace(program, steps=(closing,), handlers=())
    items = coverage_of_run(one)
    assert "close_connection" in names_of(items, "rule")
    assert "set_negotiation_needed_and_fire" not in names_of(items, "rule")
    assert guard_item("is_update_pointless_once_closed", holds=True) in items


def test_pairs_are_in_the_order_of_one_peer() -> None:
    items = coverage_of_run(load("first-change"))
    assert Item("pair", "call addTransceiver", "return addTransceiver") in items


@settings(max_examples=30, deadline=None)
@given(programs(), SEEDS)
def test_a_specification_that_remembers_notes_the_same(program: Program, seed: int) -> None:
    shared = as_stack()
    first = coverage_of_run(program, seed=seed, specification=shared)
    assert coverage_of_run(program, seed=seed, specification=shared) == first
    assert coverage_of_run(program, seed=seed) == first


@settings(max_examples=30, deadline=None)
@given(programs(), SEEDS)
def test_what_can_be_listed_is_in_the_list(program: Program, seed: int) -> None:
    listed = {one for one in coverage_of_run(program, seed=seed) if one.kind in LISTED}
    assert listed <= universe(AS_STACK)


def test_the_library_covers_all_that_the_model_as_a_stack_can_do() -> None:
    shared = as_stack()
    coverage = Coverage(shared.readings)
    for name in names():
        coverage.add(coverage_of_run(load(name), specification=shared))
    missing = coverage.missing()
    assert [str(one) for one in missing] == [
        "does_event_fire is false",
        "may_answer_restart_ice is true",
        "may_channel_fail is true",
        "may_have_no_component is true",
        "may_script_run is false",
    ]
    assert all(map(why_not, missing))
    assert not coverage.unasked()


def test_a_mutation_is_covered_as_what_it_is() -> None:
    program = load("first-change")
    specification = MUTATIONS["set_negotiation_needed_and_fire/skipped"].specification
    items = coverage_of_run(program, specification=as_stack(specification))
    assert "set_negotiation_needed_and_fire" in names_of(items, "rule")
    assert not any("event" in one.name + one.detail for one in items if one.kind == "pair")

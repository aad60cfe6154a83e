"""A watched specification is the one that it watches, and tells what was asked of it."""

from __future__ import annotations

from hypothesis import given, settings
from strategies import SEEDS, programs

from negotiation.conformance.coverage.items import RULES, Item, guard_item
from negotiation.conformance.coverage.running import as_stack
from negotiation.conformance.coverage.watching import Watched, watched
from negotiation.conformance.mutations import MUTATIONS
from negotiation.conformance.mutations.historical import HISTORICAL
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.model_stack import AS_STACK, run_program
from negotiation.model import Arguments, Call, Connection, Specification
from negotiation.model.enums import SdpType
from negotiation.model.flag import UPDATE_TASK
from negotiation.model.state import replace


def steps_of(specification: Specification, connection: Connection) -> list[object]:
    return list(specification.successors(connection))


@settings(max_examples=40, deadline=None)
@given(programs(), SEEDS)
def test_a_program_runs_as_on_the_specification_that_is_watched(
    program: Program, seed: int
) -> None:
    told = run_program(program, seed=seed, specification=as_stack())
    assert told == run_program(program, seed=seed)


@settings(max_examples=15, deadline=None)
@given(programs(), SEEDS)
def test_so_it_does_on_a_mutation(program: Program, seed: int) -> None:
    for name in ("queue_update/skipped", "remove_finished/even-when-closed", HISTORICAL[0].name):
        mutated = MUTATIONS[name].specification
        told = run_program(program, seed=seed, specification=as_stack(mutated))
        assert told == run_program(program, seed=seed, specification=mutated(AS_STACK))


def test_steps_are_those_of_the_specification_each_with_what_was_asked() -> None:
    plain, watching = Specification(AS_STACK), as_stack()
    updating = replace(plain.initial(), tasks=(UPDATE_TASK,))
    assert steps_of(plain, updating) == steps_of(watching, updating)
    (step,) = watching.steps(updating)
    assert guard_item("check_if_negotiation_is_needed", holds=False) in step.items
    assert Item("rule", "clear_negotiation_needed") in step.items
    assert Item("rule", "set_negotiation_needed_and_fire") not in step.items


def test_what_was_asked_belongs_to_the_step_that_was_given_last() -> None:
    watching = as_stack()
    (called,) = watching.call(watching.initial(), Call(1, "createOffer"))
    assert guard_item("is_chain_refused", holds=False) in watching.asked
    steps = watching.successors(called)
    next(steps)
    assert guard_item("may_script_run", holds=True) not in watching.asked


def test_a_refused_call_is_noted_although_it_raises() -> None:
    watching = as_stack()
    unknown = Call(1, "stop", Arguments(transceiver="t9"))
    try:
        watching.call(watching.initial(), unknown)
    except LookupError:
        assert guard_item("may_script_run", holds=True) in watching.asked
    else:
        raise AssertionError("there is no t9")


def test_applying_a_description_takes_a_row_of_the_table() -> None:
    watching = as_stack()
    offer = Call(1, "setLocalDescription", Arguments(type=SdpType.OFFER))
    reached = {watching.initial()}
    found: set[Item] = set()
    for begun in watching.call(watching.initial(), offer):
        todo = [begun]
        while todo:
            for step in watching.steps(todo.pop()):
                found |= step.items
                if step.after not in reached:
                    reached.add(step.after)
                    todo.append(step.after)
    assert {one for one in found if one.kind == "row"} == {Item("row", "stable", "local offer")}


def test_every_rule_is_wrapped_once_and_the_class_is_made_once() -> None:
    made = watched(Specification)
    assert made is watched(Specification)
    assert vars(made).keys() >= RULES.keys()
    assert issubclass(made, Watched)
    assert not RULES.keys() & vars(Watched).keys()


def test_a_mutated_rule_is_watched_and_calls_the_original_unwatched() -> None:
    for mutation in MUTATIONS.values():
        made = as_stack(mutation.specification)
        assert isinstance(made, mutation.specification)
        assert isinstance(made, Watched)

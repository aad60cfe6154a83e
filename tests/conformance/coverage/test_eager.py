"""The eager run is the run in which the first option is always taken, and notes the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from strategies import programs

from negotiation.conformance.coverage.eager import EagerWatch
from negotiation.conformance.coverage.items import Items
from negotiation.conformance.coverage.running import Watch, as_stack
from negotiation.conformance.programs.language import Program
from negotiation.conformance.programs.library import load, names
from negotiation.conformance.programs.runs import Run


def first_options(program: Program) -> tuple[Run, Items]:
    """Where the program ends on the first of all options each time, and what it covers."""
    watch = Watch(program)
    run = watch.execution.start()
    while options := list(watch.execution.options(run)):
        watch.took(run, options[0])
        run = options[0][1]
    return run, frozenset(watch.items)


def eager(program: Program) -> tuple[Run, Items]:
    """The same, as the guide goes."""
    watch = EagerWatch(program, as_stack())
    run = watch.execution.start()
    while (after := watch.first(run)) is not None:
        run = after
    return run, frozenset(watch.items)


@settings(max_examples=60, deadline=None)
@given(programs())
def test_it_ends_where_the_first_options_lead_and_covers_what_they_do(program: Program) -> None:
    assert eager(program) == first_options(program)


@pytest.mark.parametrize("name", names())
def test_so_it_does_with_the_library(name: str) -> None:
    assert eager(load(name)) == first_options(load(name))


def test_a_step_that_is_none_of_the_options_is_refused() -> None:
    watch = Watch(load("first-change"))
    run = watch.execution.start()
    (first,) = watch.execution.options(run)
    (second,) = watch.execution.options(first[1])
    with pytest.raises(ValueError, match="none of the options"):
        watch.took(run, first)
    watch.took(first[1], second)

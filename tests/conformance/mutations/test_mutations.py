"""Each mutation of a rule is told from the original by a committed program.

Which program tells which mutation, and under which schedule, is recorded, so that a test runs one
program. `NEGOTIATION_REWRITE=1` looks again for all of them, which takes about a minute.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

import pytest
from schedules import expected_of, seeds_for, told_by

from negotiation.conformance.mutations import BEYOND_PROGRAMS, EQUIVALENT, MUTATIONS
from negotiation.conformance.mutations.historical import HISTORICAL
from negotiation.conformance.mutations.mutating import RULES, Mutation, instead_of
from negotiation.conformance.programs import library
from negotiation.conformance.programs.model_stack import AS_STACK, EndlessProgramError
from negotiation.model import Specification

RECORD = Path(__file__).parents[2] / "mutations_killed_by.json"
REWRITE = "NEGOTIATION_REWRITE"
UNTOLD = EQUIVALENT.keys() | BEYOND_PROGRAMS.keys()
SEQUENCES = "sequences"
"""Instead of a seed: only all schedules together tell, as an expected sequence never comes."""


class Killer(TypedDict):
    program: str
    seed: int | str


def recorded() -> dict[str, Killer]:
    record: dict[str, Killer] = json.loads(RECORD.read_text(encoding="utf-8"))
    return record


def is_told(mutation: Mutation, killer: Killer) -> bool:
    name, seed = killer["program"], killer["seed"]
    specification, program = mutation.make(AS_STACK), library.load(name)
    if seed == SEQUENCES:
        return told_by(program, seeds_for(name), specification) != expected_of(name)
    told = told_by(program, [int(seed)], specification)
    return not all(told[peer] <= expected_of(name)[peer] for peer in program.peers)


def candidates(mutation: Mutation) -> Iterator[Killer]:
    """What may tell it: first the programs that are for its rule, the shorter ones first."""
    anchor = RULES[mutation.rule].anchor
    programs = sorted(
        map(library.load, library.names()),
        key=lambda one: (one.rule != anchor, len(one.peers), len(one.steps), one.name),
    )
    for program in programs:
        yield from (Killer(program=program.name, seed=seed) for seed in range(3))
    for program in programs:
        yield Killer(program=program.name, seed=SEQUENCES)


def found_for(mutation: Mutation) -> Killer | None:
    for killer in candidates(mutation):
        try:
            if is_told(mutation, killer):
                return killer
        except (EndlessProgramError, LookupError, ValueError):
            continue  # a run that breaks off tells less than one that goes another way
    return None


@pytest.fixture(scope="module", autouse=True)
def _rewritten() -> None:
    if REWRITE in os.environ:
        found = {name: found_for(one) for name, one in MUTATIONS.items() if name not in UNTOLD}
        told = {name: killer for name, killer in sorted(found.items()) if killer is not None}
        rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(told[name])}" for name in told)
        RECORD.write_text("{\n" + rows + "\n}\n", encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in MUTATIONS if name not in UNTOLD])
def test_a_mutation_is_told_by_its_program(name: str) -> None:
    assert name in recorded(), f"no program tells it; write one, then {REWRITE}=1 records it"
    assert is_told(MUTATIONS[name], recorded()[name]), f"{REWRITE}=1 looks for another program"


def test_nothing_is_recorded_that_is_no_mutation_or_cannot_be_told() -> None:
    assert set(recorded()) == set(MUTATIONS) - UNTOLD
    assert set(MUTATIONS) >= UNTOLD
    assert EQUIVALENT.keys().isdisjoint(BEYOND_PROGRAMS)


@pytest.mark.parametrize("name", sorted(UNTOLD))
def test_a_mutation_that_no_program_tells_runs_all_programs_as_expected(name: str) -> None:
    specification = MUTATIONS[name].make(AS_STACK)
    for each in library.names():
        told = told_by(library.load(each), [0], specification)
        assert all(sequences <= expected_of(each)[peer] for peer, sequences in told.items()), each


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_mutation(rule: str) -> None:
    names = {name for name, mutation in MUTATIONS.items() if mutation.rule == rule}
    assert names & set(recorded()) or names & UNTOLD


def test_there_are_mutations_enough() -> None:
    assert len(recorded()) >= 50


FIRES = "event negotiationneeded [stable]"

RACES = {
    "return_to_stable/before-1332": (
        "change-undone-and-made-again-in-one-task",
        ["return #5 [stable]", FIRES, FIRES],
    ),
    "is_chain_empty_in_the_task/before-pr-2405": (
        "remote-offer-in-the-reaction-to-create-offer",
        ["call #2 createOffer", FIRES, "resolve #2 [stable]"],
    ),
    "is_stable_for_the_flag/before-2471": (
        "offer-and-change-in-one-task",
        ["resolve #1 [have-local-offer]", "event negotiationneeded [have-local-offer]"],
    ),
    "update_negotiation_needed_flag/before-pr-2478": (
        "remote-offer-answer-and-change-in-one-task",
        ["resolve #2 [stable]", FIRES, FIRES],
    ),
    "is_chain_empty/before-pr-2509": (
        "remote-offer-in-the-reaction-to-create-offer",
        ["call #3 setRemoteDescription", FIRES, "event signalingstatechange [have-remote-offer]"],
    ),
}
"""What ended each historical rule: a program, and what happens in it, in this order."""


@pytest.mark.parametrize("mutation", HISTORICAL, ids=lambda one: one.name)
def test_an_old_rule_shows_its_race(mutation: Mutation) -> None:
    program, race = RACES[mutation.name]
    told = told_by(library.load(program), [0], mutation.make(AS_STACK))["A"]
    assert any(happens_in_order(race, sequence) for sequence in told)
    assert not any(happens_in_order(race, sequence) for sequence in expected_of(program)["A"])


def happens_in_order(race: list[str], sequence: tuple[str, ...]) -> bool:
    rest = iter(sequence)
    return all(line in rest for line in race)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_mutation_says_what_it_does_in_one_line(name: str) -> None:
    mutation = MUTATIONS[name]
    assert mutation.name == name
    assert mutation.says
    assert "\n" not in mutation.says


def test_only_registered_rules_are_mutated() -> None:
    with pytest.raises(ValueError, match="perform is not a registered rule"):
        instead_of(Specification.perform)(lambda spec, connection, call: ())

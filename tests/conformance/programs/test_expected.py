"""The model against the sequences that were derived by hand from the text, program by program."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from schedules import EXPECTED, expected_of, seeds_for, told_by

from negotiation.conformance.programs import library
from negotiation.conformance.programs.language import Do, Step

NAMES = library.names()


@pytest.mark.parametrize("name", NAMES)
def test_the_model_tells_what_was_derived(name: str) -> None:
    assert told_by(library.load(name), seeds_for(name)) == expected_of(name)


def test_every_program_has_an_expectation_and_every_expectation_a_program() -> None:
    assert {path.stem for path in EXPECTED.glob("*.txt")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_expectation_says_what_decided_it(name: str) -> None:
    first, second, *_ = (EXPECTED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert first == "# Decided by:"
    assert second.startswith("#   ")
    assert set(expected_of(name)) == set(library.load(name).peers)


@pytest.mark.parametrize("name", NAMES)
def test_a_program_is_named_like_its_file(name: str) -> None:
    assert library.load(name).name == name


def test_no_two_programs_say_the_same() -> None:
    abouts = Counter(library.load(name).about for name in NAMES)
    assert [about for about, times in abouts.items() if times > 1] == []


def test_the_comparison_can_fail() -> None:
    program = library.load("first-change")
    another = Step(do=(Do(call="createDataChannel", args={"label": "more"}),))
    longer = msgspec.structs.replace(program, steps=(*program.steps, another))
    assert told_by(longer, range(1)) != expected_of("first-change")


def test_a_sequence_that_never_happens_is_noticed() -> None:
    name = "close-before-the-track-event"
    assert len(expected_of(name)["A"]) > 1
    assert told_by(library.load(name), range(1)) != expected_of(name)

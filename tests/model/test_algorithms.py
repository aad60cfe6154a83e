"""The table of the text's algorithms agrees with the rules, and leaves no step untold."""

from __future__ import annotations

import re

import pytest

from negotiation.model import Rule, Specification, rules_of
from negotiation.model.algorithms import (
    ALGORITHMS,
    Algorithm,
    TextStep,
    algorithm_at,
    followers,
    place_of,
)

RULES = rules_of(Specification)
STEPS = [(algorithm, step) for algorithm in ALGORITHMS for step in algorithm.steps]
NUMBER = re.compile(r"[1-9]\d*(\.([1-9]\d*|[a-z]))*")


def named(value: object) -> str:
    """How a parameter is told: an algorithm by its title, a step by its number."""
    if isinstance(value, Algorithm):
        return value.title
    return value.number if isinstance(value, TextStep) else str(value)


def key(number: str) -> list[int]:
    """Numbers and letters as what they count."""
    return [int(one) if one.isdecimal() else ord(one) - ord("a") + 1 for one in number.split(".")]


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_rule_is_in_the_table_with_all_its_steps(rule: Rule) -> None:
    algorithm = algorithm_at(rule.anchor)
    assert algorithm is not None, f"no algorithm at {rule.anchor}"
    assert [one for one in rule.steps if algorithm.step(one) is None] == []
    assert list(rule.steps) == sorted(set(rule.steps), key=key)


def test_an_anchor_and_a_title_are_each_told_once() -> None:
    anchors = [one.anchor for one in ALGORITHMS]
    titles = [one.title for one in ALGORITHMS]
    assert len(set(anchors)) == len(anchors)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("algorithm", ALGORITHMS, ids=named)
def test_steps_are_in_the_order_of_the_text_and_none_is_skipped(algorithm: Algorithm) -> None:
    numbers = [one.number for one in algorithm.steps]
    assert [one for one in numbers if not NUMBER.fullmatch(one)] == []
    keys = [key(one) for one in numbers]
    assert keys == sorted(keys)
    for one in keys:
        before = [*one[:-1], one[-1] - 1] if one[-1] > 1 else one[:-1]
        assert before in keys or before == [], f"{one} follows nothing"


@pytest.mark.parametrize(("algorithm", "step"), STEPS, ids=named)
def test_a_step_is_followed_or_says_why_not(algorithm: Algorithm, step: TextStep) -> None:
    below = [followers(algorithm, one) for one in algorithm.parts_of(step.number)]
    followed = any((followers(algorithm, step), *below))
    reason = algorithm.reason(step)
    assert followed or reason, "nothing follows it, and no reason is given"
    assert not (followed and reason), f"it is followed now, so this is no longer true: {reason}"


@pytest.mark.parametrize(("algorithm", "step"), STEPS, ids=named)
def test_who_follows_a_step_exists_and_is_not_told_twice(
    algorithm: Algorithm, step: TextStep
) -> None:
    for name in step.by:
        assert callable(getattr(Specification, name)), name
    names = followers(algorithm, step)
    assert len(set(names)) == len(names)
    here = [one for one in step.by if one in RULES and RULES[one].anchor == algorithm.anchor]
    assert here == [], "a rule of this anchor names its steps itself"


@pytest.mark.parametrize(("algorithm", "step"), STEPS, ids=named)
def test_a_step_is_told_as_a_sentence(algorithm: Algorithm, step: TextStep) -> None:
    assert step.says.endswith(".")
    assert len(step.says) < 120
    assert not step.left_out.endswith(".")


def test_the_place_of_a_rule_is_told_in_words() -> None:
    told = place_of(RULES["is_unassociated"])
    assert told == "step 5.2 of check if negotiation is needed"
    several = place_of(RULES["set_negotiation_needed_and_fire"])
    assert several == "steps 2.6 and 2.7 of update the negotiation-needed flag"
    assert place_of(RULES["clear_negotiation_needed"]) is None

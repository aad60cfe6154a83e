"""The table of the text's algorithms agrees with the rules, and leaves no step untold."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from negotiation.model import Rule, Specification, rules_of
from negotiation.model.algorithms import (
    ALGORITHMS,
    Algorithm,
    TextStep,
    algorithm_at,
    followers,
    place_of,
    unnumbered,
)

RULES = rules_of(Specification)
NUMBER = re.compile(r"[1-9]\d*(\.([1-9]\d*|[a-z]))*")

each_algorithm = pytest.mark.parametrize("algorithm", ALGORITHMS, ids=lambda one: one.title)


def key(number: str) -> list[int]:
    """Numbers and letters as what they count."""
    return [int(one) if one.isdecimal() else ord(one) - ord("a") + 1 for one in number.split(".")]


def is_followed(algorithm: Algorithm, step: TextStep) -> bool:
    """Whether something follows the step, or a step that is a part of it."""
    return any(followers(algorithm, one) for one in (step, *algorithm.parts_of(step.number)))


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


def test_an_algorithm_without_steps_has_rules() -> None:
    assert [one.title for one in ALGORITHMS if not one.steps and not unnumbered(one)] == []


@each_algorithm
def test_steps_are_in_the_order_of_the_text_and_none_is_skipped(algorithm: Algorithm) -> None:
    numbers = [one.number for one in algorithm.steps]
    assert [one for one in numbers if not NUMBER.fullmatch(one)] == []
    keys = [key(one) for one in numbers]
    assert keys == sorted(keys)
    for one in keys:
        before = [*one[:-1], one[-1] - 1] if one[-1] > 1 else one[:-1]
        assert before in keys or before == [], f"{one} follows nothing"


@each_algorithm
def test_each_step_is_followed_or_says_why_not(algorithm: Algorithm) -> None:
    untold = [
        one.number
        for one in algorithm.steps
        if not is_followed(algorithm, one) and not algorithm.reason(one)
    ]
    assert untold == [], "nothing follows them, and no reason is given"


@each_algorithm
def test_no_reason_is_stale(algorithm: Algorithm) -> None:
    stale = [
        one.number
        for one in algorithm.steps
        if is_followed(algorithm, one) and algorithm.reason(one)
    ]
    assert stale == [], "they are followed now"


@each_algorithm
def test_a_reason_is_not_told_again_of_a_part(algorithm: Algorithm) -> None:
    above = {one.number: one for one in algorithm.steps}
    again = [
        one.number
        for one in algorithm.steps
        if one.left_out and one.parent and algorithm.reason(above[one.parent])
    ]
    assert again == []


def told_twice(algorithm: Algorithm) -> Iterator[str]:
    for step in algorithm.steps:
        names = followers(algorithm, step)
        if len(set(names)) < len(names):
            yield step.number
        yield from (
            f"{step.number}: {name} is a rule of this anchor, which names its steps itself"
            for name in step.by
            if name in RULES and RULES[name].anchor == algorithm.anchor
        )


@each_algorithm
def test_who_follows_a_step_is_told_once(algorithm: Algorithm) -> None:
    assert list(told_twice(algorithm)) == []


@each_algorithm
def test_who_follows_a_step_is_there(algorithm: Algorithm) -> None:
    names = {name for step in algorithm.steps for name in step.by}
    assert [one for one in names if not callable(getattr(Specification, one, None))] == []


@each_algorithm
def test_steps_are_told_in_sentences_and_reasons_in_half_ones(algorithm: Algorithm) -> None:
    for step in algorithm.steps:
        assert re.search(r"\.\)?$", step.says), step
        assert len(step.says) < 90, step
        assert not step.left_out.endswith("."), step


def test_a_reason_is_that_of_the_step_above() -> None:
    algorithm = algorithm_at("#set-description")
    assert algorithm is not None
    below = algorithm.step("4.6.11.1.7.1.1")
    assert below is not None
    assert not below.left_out
    assert algorithm.reason(below) == "no encodings in the model, so nothing of simulcast"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("is_unassociated", "step 5.2 of check if negotiation is needed"),
        (
            "set_negotiation_needed_and_fire",
            "steps 2.6 and 2.7 of update the negotiation-needed flag",
        ),
        ("is_content_invalid", "steps 4.5.4, 4.5.5 and 4.5.6 of set a session description"),
        ("disassociate_recycled", "item 9.1 of Applying a Remote Description"),
        ("clear_negotiation_needed", None),
    ],
)
def test_the_place_of_a_rule_is_told_in_words(rule: str, place: str | None) -> None:
    assert place_of(RULES[rule]) == place

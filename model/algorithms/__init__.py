"""All algorithms of the text that the model follows, step by step.

    for algorithm in ALGORITHMS:
        for step in algorithm.steps:
            followers(algorithm, step)      # names of rules and methods
            algorithm.reason(step)          # or why there are none

**How steps are numbered.** As the rendered page shows them: each ordered list counts from 1, and a
step of a list inside a step is told by both numbers ("7.4.2"). Bullets of an unordered list inside
a step are letters in their order ("7.c"). What the page's style sheet hides does not count: one
empty item of "set a session description", which is kept there to manage amendments. Prose between
lists has no number. An algorithm without steps is a definition, or told in prose.
"""

from __future__ import annotations

from functools import cache

from ..source import Rule, rules_of
from ..specification import Specification
from .algorithm import Algorithm, TextStep
from .chain import CHAIN
from .negotiation_needed import NEGOTIATION_NEEDED

__all__ = ["ALGORITHMS", "Algorithm", "TextStep", "algorithm_at", "followers", "place_of"]

ALGORITHMS: tuple[Algorithm, ...] = (*CHAIN, *NEGOTIATION_NEEDED)
"""The algorithms, in the order of the text."""


def algorithm_at(anchor: str) -> Algorithm | None:
    """The algorithm at an anchor, or None where there is none in scope."""
    return next((one for one in ALGORITHMS if one.anchor == anchor), None)


def followers(algorithm: Algorithm, step: TextStep) -> tuple[str, ...]:
    """The names of the rules that follow a step, and of the other methods that do."""
    rules = (rule for rule in _rules() if rule.anchor == algorithm.anchor)
    return (*(rule.name for rule in rules if step.number in rule.steps), *step.by)


def place_of(rule: Rule) -> str | None:
    """Where a rule is in the text, as "step 5.2 of check if negotiation is needed"; or None."""
    algorithm = algorithm_at(rule.anchor)
    if algorithm is None or not rule.steps:
        return None
    if len(rule.steps) == 1:
        return f"step {rule.steps[0]} of {algorithm.title}"
    return f"steps {', '.join(rule.steps[:-1])} and {rule.steps[-1]} of {algorithm.title}"


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rules_of(Specification).values())

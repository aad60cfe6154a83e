"""All algorithms of the text that the model follows, step by step.

    for algorithm in ALGORITHMS:
        for step in algorithm.steps:
            followers(algorithm, step)      # names of rules and methods
            algorithm.reason(step)          # or why there are none

**How steps are numbered.** As the rendered page shows them: each ordered list counts from 1, and a
step of a list inside a step is told by both numbers ("7.4.2"). Bullets of an unordered list inside
a step are letters in their order ("7.c"). What the page's style sheet hides does not count: one
empty item of "set a session description", which is kept there to manage amendments. In sections of
JSEP, whose lists have bullets, the items of all lists of the section are counted in their order.
Prose has no number. An algorithm without steps is a definition, or told in prose. The getters of
attributes are not among them: `negotiation.model.attributes` follows these.
"""

from __future__ import annotations

from functools import cache

from ..source import Rule, rules_of
from ..specification import Specification
from .algorithm import Algorithm, TextStep
from .chain import CHAIN
from .connection import CHANGING, CONSTRUCTOR, LEGACY, SET_CONFIGURATION
from .creating import CREATING_ANSWERS, CREATING_OFFERS
from .descriptions import DESCRIPTIONS
from .jsep_applying import APPLYING, STATES
from .jsep_creating import CREATING
from .negotiation_needed import NEGOTIATION_NEEDED
from .senders import ADDING, SENDERS
from .setting import SETTING
from .transceivers import DATA_CHANNELS, REMOTE_TRACKS, TRANSCEIVERS

__all__ = [
    "ALGORITHMS",
    "Algorithm",
    "TextStep",
    "algorithm_at",
    "followers",
    "place_of",
    "unnumbered",
]

ALGORITHMS: tuple[Algorithm, ...] = (
    *CONSTRUCTOR,
    *CHAIN,
    *DESCRIPTIONS,
    *SET_CONFIGURATION,
    *CREATING_OFFERS,
    *CREATING_ANSWERS,
    *SETTING,
    *CHANGING,
    *LEGACY,
    *NEGOTIATION_NEEDED,
    *ADDING,
    *REMOTE_TRACKS,
    *SENDERS,
    *TRANSCEIVERS,
    *DATA_CHANNELS,
    *STATES,
    *CREATING,
    *APPLYING,
)
"""The algorithms, in the order of the text: webrtc-pc's, then JSEP's."""


def algorithm_at(anchor: str) -> Algorithm | None:
    """The algorithm at an anchor, or None where there is none in scope."""
    return next((one for one in ALGORITHMS if one.anchor == anchor), None)


def followers(algorithm: Algorithm, step: TextStep) -> tuple[str, ...]:
    """The names of the rules that follow a step, and of the other methods that do."""
    rules = (rule for rule in _rules() if rule.anchor == algorithm.anchor)
    return (*(rule.name for rule in rules if step.number in rule.steps), *step.by)


def unnumbered(algorithm: Algorithm) -> tuple[str, ...]:
    """The names of the rules that follow the algorithm's prose, or its definition."""
    rules = (rule for rule in _rules() if rule.anchor == algorithm.anchor)
    return tuple(rule.name for rule in rules if not rule.steps)


def place_of(rule: Rule) -> str | None:
    """Where a rule is in the text, as "step 5.2 of check if negotiation is needed"; or None."""
    algorithm = algorithm_at(rule.anchor)
    if algorithm is None or not rule.steps:
        return None
    word = "item" if algorithm.anchor.startswith("jsep:") else "step"
    if len(rule.steps) == 1:
        return f"{word} {rule.steps[0]} of {algorithm.title}"
    return f"{word}s {', '.join(rule.steps[:-1])} and {rule.steps[-1]} of {algorithm.title}"


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rules_of(Specification).values())

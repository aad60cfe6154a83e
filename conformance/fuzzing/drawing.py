"""Programs drawn from the state machine without Hypothesis's engine: most rounds are.

The rules, and what they say of when they apply, are the machine's. As Hypothesis does it, each
program leaves some of the rules out, so that some programs do much of one thing.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from hypothesis.stateful import Rule

from .machine import Writer
from .picking import LARGEST

HANDLERS = (0, 0, 1, 2)


def rules_of(writer: type[Writer]) -> Sequence[Rule]:
    """The rules of a machine, in the order of their names."""
    return sorted(writer.setup_state().rules, key=lambda one: one.function.__name__)


def draw(writer: type[Writer], rules: Sequence[Rule], rng: random.Random, steps: int) -> None:
    """Writes one program of at most so many rules, and plays it."""
    machine = writer()
    numbers = [rng.randrange(LARGEST) for _ in range(rng.choice(HANDLERS))]
    machine.begins(numbers=numbers, beginning=rng.randrange(LARGEST))
    left_out = rng.random()
    enabled = [one for one in rules if rng.random() >= left_out] or rules
    for _ in range(steps - 1):
        valid = [one for one in enabled if all(holds(machine) for holds in one.preconditions)]
        if valid:
            one = rng.choice(valid)
            one.function(machine, **{name: rng.randrange(LARGEST) for name in one.arguments})
    machine.teardown()

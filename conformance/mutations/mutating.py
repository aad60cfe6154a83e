"""How a rule is mutated: a method of the specification is replaced, all others stay.

A mutation is a specification that is wrong in one known way. The committed programs tell each from
the original, which shows that they exercise the rule. A mutation is also a stack with one known
fault, to try a checker on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from negotiation.model import Readings, Specification, rules_of

Method = Callable[..., Any]

RULES = rules_of(Specification)
"""The registered rules, by name."""


class Mutation(msgspec.Struct, frozen=True):
    """A specification with one rule altered.

    `name` is the rule's name, a slash, and what was done to it; `says` tells the altered rule.
    """

    name: str
    rule: str
    says: str
    specification: type[Specification]

    def make(self, readings: Readings | None = None) -> Specification:
        """The mutated specification, which reads everything else as told."""
        return self.specification(readings)


def altered(rule: str, how: str, says: str, methods: Mapping[str, Method]) -> Mutation:
    """The mutation of a rule that replaces these methods; mostly one, the rule itself.

    Raises:
        ValueError: there is no such rule.
    """
    if rule not in RULES:
        raise ValueError(f"{rule} is not a registered rule")
    mutated: type[Specification] = type("Mutated", (Specification,), dict(methods))
    return Mutation(f"{rule}/{how}", rule, says, mutated)


def instead_of(rule: Method, replaced: Method | None = None) -> Callable[[Method], Mutation]:
    """Make a mutation of a function; its docstring says the altered rule.

    The function replaces the rule, or the method `replaced` where the rule is a part of that.
    """

    def made(function: Method) -> Mutation:
        how = function.__name__.strip("_").replace("_", "-")
        says = (function.__doc__ or "").strip()
        return altered(rule.__name__, how, says, {(replaced or rule).__name__: function})

    return made

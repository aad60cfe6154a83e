"""How a rule is mutated: one method of the specification is replaced, all others stay.

A mutation is a specification that is wrong in one known way. The committed programs have to tell
each from the original, which shows that they exercise the rule. It is also what a tester of
conformance tests wants: a stack with one known fault.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import msgspec

from negotiation.model import Readings, Rule, Specification, rules_of
from negotiation.model.enums import SdpType, Side, SignalingState
from negotiation.model.transceivers import TrackChanges

Method = Callable[..., Any]

RULES = rules_of(Specification)
"""The registered rules by name."""

_TYPES: Mapping[str, object] = {
    "SignalingState": SignalingState,
    "SdpType": SdpType,
    "Side": Side,
}


class Mutation(msgspec.Struct, frozen=True):
    """One rule, altered. `name` is the rule's name and what was done to it."""

    name: str
    rule: str
    says: str
    methods: Mapping[str, Method]
    history: str = ""

    def make(self, readings: Readings | None = None) -> Specification:
        """The specification with the altered rule."""
        mutated = type("Mutated", (Specification,), dict(self.methods))
        made: Specification = mutated(readings)
        return made


def instead_of(rule: Method) -> Callable[[Method], Mutation]:
    """Make a mutation of a function that is to replace a rule; its docstring says how it differs.

    Raises:
        ValueError: what is to be replaced is not a registered rule.
    """

    def made(function: Method) -> Mutation:
        return mutation_of(rule, function)

    return made

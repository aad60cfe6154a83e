"""What is counted: one thing of the model that a run can exercise, and the list of all of them.

Rules, rows and findings can be listed. States and pairs of labels are as many as there are
behaviours, so that only what was seen of them is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from inspect import signature
from typing import Literal, get_args

import msgspec

from negotiation.model import Connection, Readings, SignalingState, Specification, rules_of
from negotiation.model.signaling import Transition
from negotiation.model.state import Stage

from ..checking.findings import FINDINGS

Kind = Literal["rule", "guard", "row", "finding", "state", "pair"]
KINDS: tuple[Kind, ...] = get_args(Kind)

EMPTY_CHAIN = "empty"


class Item(msgspec.Struct, frozen=True, order=True, cache_hash=True, gc=False):
    """One thing that can be covered.

    * rule: an effect or value `name` was asked;
    * guard: the guard `name` was asked and answered `detail`, "true" or "false";
    * row: a row of the signaling table was taken: the state `name`, "side type" as `detail`;
    * finding: there was a moment at which the departure `name` could have been raised;
    * state: a signaling state `name`; what the chain was doing and whether negotiation was needed
      as `detail`;
    * pair: one peer showed `name`, and `detail` was what it showed next.
    """

    kind: Kind
    name: str
    detail: str = ""

    def __str__(self) -> str:
        """The item in a few words."""
        match self.kind:
            case "guard":
                return f"{self.name} is {self.detail}"
            case "row" | "state":
                return f"{self.name}: {self.detail}"
            case "pair":
                return f"{self.name}, then {self.detail}"
        return self.name


Items = frozenset[Item]
NOTHING: Items = frozenset()

RULES = rules_of(Specification)
"""The registered rules, by name."""


def guard_item(name: str, *, holds: bool) -> Item:
    """The outcome of a guard."""
    return Item("guard", name, "true" if holds else "false")


def row_item(row: Transition) -> Item:
    """The row of the signaling table."""
    return Item("row", row.source.value, f"{row.side.value} {row.type.value}")


@cache
def pair_item(first: str, second: str) -> Item:
    """What was shown, and what was shown next."""
    return Item("pair", first, second)


@cache
def finding_item(id: str) -> Item:
    """A departure that could have been raised."""
    return Item("finding", id)


@cache
def _state_item(signaling: SignalingState, stage: Stage | None, needed: bool) -> Item:
    chain = EMPTY_CHAIN if stage is None else stage.value
    return Item("state", signaling.value, f"{chain}, {'' if needed else 'not '}needed")


def state_item(connection: Connection) -> Item:
    """The state as far as it is counted."""
    operations = connection.operations
    stage = operations[0].stage if operations else None
    return _state_item(connection.signaling_state, stage, connection.negotiation_needed)


CHAINS = (EMPTY_CHAIN, *(one.value for one in Stage if one is not Stage.WAITING))
"""What the chain may be doing, as states are counted."""


def is_decided_by_readings(name: str) -> bool:
    """Whether a guard asks nothing but how the specification is read: it has one outcome."""
    return len(signature(getattr(Specification, name)).parameters) == 1


def universe(readings: Readings | None = None) -> Items:
    """All items that can be listed: rules, outcomes of guards, rows of the table, departures."""
    return frozenset(_listed(Specification(readings)))


def _listed(specification: Specification) -> Iterator[Item]:
    for name, rule in RULES.items():
        if rule.kind != "guard":
            yield Item("rule", name)
        elif is_decided_by_readings(name):
            yield guard_item(name, holds=getattr(specification, name)())
        else:
            yield guard_item(name, holds=True)
            yield guard_item(name, holds=False)
    yield from map(row_item, specification.transitions())
    yield from (finding_item(one.id) for one in FINDINGS.values() if one.class_ == "departure")

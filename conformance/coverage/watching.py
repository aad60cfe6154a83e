"""A specification that notes which of its rules were asked, and what they answered.

Made at run time, by wrapping the registered methods of any specification, a mutated one too: there
is no second list of the rules. What is noted belongs to a step, so that of all the steps that were
possible only the one that was taken counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from inspect import signature
from typing import Any

import msgspec

from negotiation.model import (
    Call,
    Connection,
    Description,
    Label,
    Readings,
    Side,
    Specification,
)
from negotiation.model.specification import INTERNAL_CHANGE, Transition

from .items import RULES, Item, Items, guard_item

MOST_REMEMBERED = 1 << 15
"""States whose steps are remembered; then remembering begins anew, so that memory is bounded."""

Method = Callable[..., Any]

OF_CONNECTION = ("self", "connection")
"""What most rules take: these are watched with less ado, as they are asked all the time."""


class WatchedStep(msgspec.Struct, frozen=True, gc=False):
    """A step of the relation, and what was asked for it."""

    label: Label
    after: Connection
    items: Items


class Watched(Specification):
    """The step relation of another specification, of which it is a subclass (see `watched`).

    `asked` is what was asked for the step that `successors` has just given, or for the `call` that
    was made last.
    """

    def __init__(self, readings: Readings | None = None) -> None:
        super().__init__(readings)
        self.asked: Collection[Item] = ()
        self._noted: list[Item] = []
        self._steps: dict[Connection, tuple[WatchedStep, ...]] = {}

    def steps(self, connection: Connection) -> tuple[WatchedStep, ...]:
        """All steps but calls, each with what was asked for it; worked out once."""
        steps = self._steps.get(connection)
        if steps is None:
            if len(self._steps) >= MOST_REMEMBERED:
                self._steps.clear()
            steps = self._steps[connection] = self._noting(connection)
        return steps

    def _noting(self, connection: Connection) -> tuple[WatchedStep, ...]:
        """A guard that refuses a further step is asked after the last one: it counts for each."""
        self._noted = []
        found: list[tuple[Label, Connection, list[Item]]] = []
        for label, after in super().successors(connection):
            found.append((label, after, self._noted))
            self._noted = []
        rest = self._noted
        return tuple(
            WatchedStep(label, after, frozenset(noted + rest)) for label, after, noted in found
        )

    def first(self, connection: Connection) -> tuple[Transition | None, list[Item]]:
        """The first step, if there is one, and what was asked for it; nothing is remembered."""
        noted = self._noted = list[Item]()
        steps = super().successors(connection)
        step = next(steps, None)
        own = others = len(noted)
        for _ in steps:
            others = len(noted)
        del noted[own:others]
        return step, noted

    def successors(self, connection: Connection) -> Iterator[Transition]:
        """The steps of the specification that is watched."""
        for step in self.steps(connection):
            self.asked = step.items
            yield step.label, step.after
        self.asked = ()

    def is_quiescent(self, connection: Connection) -> bool:
        """As the specification that is watched; nothing is noted of it."""
        return all(step.label == INTERNAL_CHANGE for step in self.steps(connection))

    def call(self, connection: Connection, call: Call) -> tuple[Connection, ...]:
        """The states after a call."""
        self.asked = self._noted = []
        return super().call(connection, call)

    def apply(self, connection: Connection, side: Side, description: Description) -> Connection:
        """Apply a description: a row of the signaling table is taken."""
        taken = f"{side.value} {description.type.value}"
        self._noted.append(Item("row", connection.signaling_state.value, taken))
        return super().apply(connection, side, description)


_MADE: dict[type[Specification], type[Watched]] = {}


def watched(specification: type[Specification]) -> type[Watched]:
    """The specification (or a mutation of it) with each registered rule watched; made once."""
    made = _MADE.get(specification)
    if made is None:
        wrapped = {name: _watching(name, getattr(specification, name)) for name in RULES}
        made = type(f"Watched{specification.__name__}", (Watched, specification), wrapped)
        _MADE[specification] = made
    return made


def _watching(name: str, rule: Method) -> Method:
    watching = _guard if RULES[name].kind == "guard" else _asked
    of_connection, of_any = watching(name, rule)
    return of_connection if tuple(signature(rule).parameters) == OF_CONNECTION else of_any


def _guard(name: str, rule: Method) -> tuple[Method, Method]:
    yes, no = guard_item(name, holds=True), guard_item(name, holds=False)

    def of_connection(self: Watched, connection: Any) -> Any:
        answer = rule(self, connection)
        self._noted.append(yes if answer else no)
        return answer

    def of_any(self: Watched, *given: Any, **named: Any) -> Any:
        answer = rule(self, *given, **named)
        self._noted.append(yes if answer else no)
        return answer

    return of_connection, of_any


def _asked(name: str, rule: Method) -> tuple[Method, Method]:
    item = Item("rule", name)

    def of_connection(self: Watched, connection: Any) -> Any:
        self._noted.append(item)
        return rule(self, connection)

    def of_any(self: Watched, *given: Any, **named: Any) -> Any:
        self._noted.append(item)
        return rule(self, *given, **named)

    return of_connection, of_any

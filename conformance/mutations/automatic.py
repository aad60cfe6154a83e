"""What can be done to any rule: decide always the same, change nothing, compute something else.

The operators go by the kind of the rule and by what its method returns. Where that says too little
(a whole description, an error's name) only the hand-written mutations alter the rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from negotiation.model import Rule, SdpType, Side, SignalingState, Specification
from negotiation.model.transceivers import TrackChanges

from .mutating import RULES, Method, Mutation, altered

Shape = Callable[[Any], Any]

UNCHANGED: Mapping[str, Shape] = {
    "Connection": lambda before: before,
    "Transceiver": lambda before: before,
    "STATES": lambda before: (before,),
    "tuple[Transceiver, TrackChanges]": lambda before: (before, TrackChanges()),
}
"""How an effect that returns this type returns what it was given, unchanged."""

ANOTHER: Mapping[str, Shape] = {
    "SdpType": lambda type: SdpType.ANSWER if type is SdpType.OFFER else SdpType.OFFER,
    "Side": lambda side: Side.REMOTE if side is Side.LOCAL else Side.LOCAL,
    "Direction": lambda direction: direction.reversed,
}
"""Another value of the type, for values that are never absent."""

NEVER_ENDING = frozenset(
    {"must_start_over_for_tracks", "must_start_over_for_parameters", "is_working"}
)
"""Guards of loops: were they always true, a run would never end."""

ANSWERED_AT_ONCE = frozenset({"restart_ice_called"})
"""Effects that also make a call return: skipped, the call would never end."""


def automatic_mutations() -> tuple[Mutation, ...]:
    """The mutations that the operators make of all registered rules."""
    made = [mutation for rule in RULES.values() for mutation in _mutations_of(rule)]
    return (*made, *_without_rows())


def _mutations_of(rule: Rule) -> Iterator[Mutation]:
    method: Method = getattr(Specification, rule.name)
    returns = inspect.signature(method).return_annotation
    if rule.kind == "guard":
        yield _altered(rule, "always-false", _constant(False))
        if rule.name not in NEVER_ENDING:
            yield _altered(rule, "always-true", _constant(True))
    elif rule.kind == "effect" and returns in UNCHANGED and rule.name not in ANSWERED_AT_ONCE:
        yield _altered(rule, "skipped", _unchanged(UNCHANGED[returns]))
    elif returns in ANOTHER:
        yield _altered(rule, "swapped", _another(method, ANOTHER[returns]))
    elif returns.endswith("| None"):
        yield _altered(rule, "never", _constant(None))
    elif returns.startswith("tuple[") and returns.endswith(", ...]"):
        yield _altered(rule, "empty", _constant(()))
    elif returns.startswith("frozenset["):
        yield _altered(rule, "empty", _constant(frozenset()))


def _altered(rule: Rule, how: str, method: Method) -> Mutation:
    return altered(rule.name, how, f"{how.replace('-', ' ')}: {rule.says}", {rule.name: method})


def _constant(value: object) -> Method:
    return lambda specification, *args, **kwargs: value


def _unchanged(shape: Shape) -> Method:
    return lambda specification, before, *args, **kwargs: shape(before)


def _another(method: Method, other: Shape) -> Method:
    return lambda specification, *args, **kwargs: other(method(specification, *args, **kwargs))


def _without_rows() -> Iterator[Mutation]:
    """The signaling table with one row less, for each row of the default reading."""
    for row in Specification().transitions():
        key = (row.source, row.side, row.type)
        yield altered(
            "next_signaling_state",
            f"no-{row.side}-{row.type}-in-{row.source}",
            f"a {row.side} {row.type} is not valid in {row.source}",
            {"next_signaling_state": _without(key)},
        )


def _without(refused: tuple[SignalingState, Side, SdpType]) -> Method:
    def next_signaling_state(
        specification: Specification, state: SignalingState, side: Side, type: SdpType
    ) -> SignalingState | None:
        if (state, side, type) == refused:
            return None
        return Specification.next_signaling_state(specification, state, side, type)

    return next_signaling_state

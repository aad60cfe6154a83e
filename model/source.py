"""Where the rules come from, and how a rule is registered.

Every rule of the specification is one method with `@guard`, `@effect` or `@value`, the anchor of
the text that it follows, and the steps of the algorithm there: `@guard(CHECK, "5.2")`. Documents,
coverage and mutation testing enumerate them with `rules_of`; `negotiation.model.algorithms` has all
steps of all algorithms, and how they are numbered.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import msgspec

REVISION = "1a2dfb478b3efcefe9e5ab2f1e1d5119437d79af"
"""The commit of w3c/webrtc-pc whose webrtc.html the rules were read from (May 2026)."""

SPECIFICATION = "https://w3c.github.io/webrtc-pc/"
JSEP = "https://www.rfc-editor.org/rfc/rfc9429.html"

Function = TypeVar("Function", bound=Callable[..., Any])


class Rule(msgspec.Struct, frozen=True):
    """A registered rule: `guard` decides, `effect` changes the state, `value` computes one.

    `anchor` starts with "#" (webrtc-pc) or "jsep:" (a section of RFC 9429). `steps` are the numbers
    of the steps at the anchor that the rule follows; none where it follows a definition or prose.
    """

    name: str
    kind: Literal["guard", "effect", "value"]
    anchor: str
    says: str
    steps: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Where the text of the rule can be read."""
        return address_of(self.anchor)


def address_of(anchor: str) -> str:
    """The address of an anchor in webrtc-pc ("#...") or RFC 9429 ("jsep:...")."""
    if anchor.startswith("jsep:"):
        return f"{JSEP}#section-{anchor.removeprefix('jsep:')}"
    return SPECIFICATION + anchor


def guard(anchor: str, steps: str = "") -> Callable[[Function], Function]:
    """Register a rule that decides yes or no; `steps` are numbers with commas between them."""
    return _registered("guard", anchor, steps)


def effect(anchor: str, steps: str = "") -> Callable[[Function], Function]:
    """Register a rule that makes the next state, following `steps`."""
    return _registered("effect", anchor, steps)


def value(anchor: str, steps: str = "") -> Callable[[Function], Function]:
    """Register a rule that computes something from the state, following `steps`."""
    return _registered("value", anchor, steps)


def _registered(
    kind: Literal["guard", "effect", "value"], anchor: str, steps: str
) -> Callable[[Function], Function]:
    def register(function: Function) -> Function:
        says = (function.__doc__ or "").strip().splitlines()[0]
        numbers = tuple(number for one in steps.split(",") if (number := one.strip()))
        rule = Rule(function.__name__, kind, anchor, says, numbers)
        function.__rule__ = rule  # type: ignore[attr-defined]
        return function

    return register


def rules_of(cls: type) -> dict[str, Rule]:
    """All rules registered in a class and its ancestors, by name, the oldest ancestor's first."""
    return {
        name: member.__rule__
        for ancestor in reversed(cls.__mro__)
        for name, member in vars(ancestor).items()
        if hasattr(member, "__rule__")
    }

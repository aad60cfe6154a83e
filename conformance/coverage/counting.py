"""Coverage: how often each item was seen, and what of the model was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from negotiation.model import Readings, Rule

from ..mutations import BEYOND_PROGRAMS, EQUIVALENT
from .items import RULES, Item, Items, Kind, universe


class Coverage:
    """How many runs or recordings saw each item.

    `universe` are the items that can be listed; of states and pairs there is no list.
    """

    def __init__(self, readings: Readings | None = None) -> None:
        self.counts: Counter[Item] = Counter()
        self.universe: Items = universe(readings)

    def add(self, items: Iterable[Item]) -> Items:
        """Count what one run covers; returns what was new."""
        items = frozenset(items)
        new = self.new(items)
        self.counts.update(items)
        return new

    def new(self, items: Iterable[Item]) -> Items:
        """Those of the items that were not seen yet."""
        return frozenset(one for one in items if one not in self.counts)

    def rare(self, most: int = 2) -> Items:
        """The items that were seen so often at most; what was never seen cannot be listed."""
        return frozenset(one for one, times in self.counts.items() if times <= most)

    def merge(self, other: Coverage) -> None:
        """Count what another coverage counted."""
        self.counts.update(other.counts)

    def seen(self, kind: Kind) -> list[Item]:
        """The items of a kind that were seen, sorted."""
        return sorted(one for one in self.counts if one.kind == kind)

    def all(self, kind: Kind) -> list[Item]:
        """The items of a kind that can be listed, sorted."""
        return sorted(one for one in self.universe if one.kind == kind)

    def missing(self, kind: Kind | None = None) -> list[Item]:
        """The items (of a kind) that can be listed and were not seen, sorted."""
        missing = (one for one in self.universe if one not in self.counts)
        return sorted(one for one in missing if kind in (None, one.kind))

    def unasked(self) -> list[Rule]:
        """The registered rules that were never asked, in the order of the specification."""
        asked = {one.name for one in self.counts if one.kind in ("rule", "guard")}
        return [rule for name, rule in RULES.items() if name not in asked]

    @property
    def share(self) -> float:
        """Which part of what can be listed was seen: 0.0 to 1.0."""
        return 1 - len(self.missing()) / len(self.universe)


def why_not(item: Item) -> str | None:
    """Why no program can tell whether a guard ever has this outcome, where that is known.

    Such a guard may be replaced by a constant: it is one of the mutations that are equivalent, or
    that no program gets to.
    """
    other = "always-false" if item.detail == "true" else "always-true"
    mutation = f"{item.name}/{other}"
    reason = EQUIVALENT.get(mutation) or BEYOND_PROGRAMS.get(mutation)
    return reason if item.kind == "guard" else None

"""What the model can still show from a set of positions, and what may have come unrecorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from negotiation.model import Output, Reject

from .frontier import Frontier, Frontiers, Position
from .half_seen import OTHER_ERROR

MOST_MISSING = 4
MOST_HISTORIES = 48
"""How many things may be missing before an observation, and how many orders of them are tried."""

MISSING_OF_HALF = 1
HISTORIES_OF_HALF = 8
"""The same of a recording that is half seen: there is more that could be, and less to tell."""

_ordinal = lru_cache(maxsize=1 << 12)(repr)
"""What labels are ordered by: there are few, of many positions."""


class Coming:
    """What may come from where nothing more is possible without a line (`closed`).

    Several explanations ask for it: it is worked out once.
    """

    def __init__(self, frontiers: Frontiers, closed: Frontier) -> None:
        self.frontiers = frontiers
        self.closed = closed
        self._is_half = frontiers.profile.is_half_seen
        self._steps: dict[Frontier, list[tuple[Output, Position]]] = {}

    def after_missing(self) -> Iterator[tuple[Frontier, tuple[Output, ...]]]:
        """Where the model is after labels that were not recorded, the fewest first."""
        layer: dict[tuple[Output, ...], Frontier] = {(): self.closed}
        histories = HISTORIES_OF_HALF if self._is_half else MOST_HISTORIES
        for _ in range(MISSING_OF_HALF if self._is_half else MOST_MISSING):
            following: dict[tuple[Output, ...], set[Position]] = {}
            for labels, frontier in layer.items():
                for label, after in self.shown(frontier):
                    following.setdefault((*labels, label), set()).add(after)
            layer = {
                labels: self.frontiers.closure(frozenset(positions))
                for labels, positions in islice(following.items(), histories)
            }
            for labels, frontier in layer.items():
                yield frontier, labels

    def shown(self, frontier: Frontier) -> Iterable[tuple[Output, Position]]:
        """The steps that leave a line, in an order that is the same in every run."""
        steps = self._steps.get(frontier)
        if steps is None:
            steps = [
                (label, after)
                for one in frontier
                for label, after in self.frontiers.shown_steps(one)
                if not self._is_excuse(label)
            ]
            steps.sort(key=lambda step: _ordinal(step[0]))
            self._steps[frontier] = steps
        return steps

    def _is_excuse(self, label: Output) -> bool:
        """Whether it stands for a refusal for what a description says, which nobody has seen.

        That it may come is no explanation of what came instead.
        """
        return self._is_half and isinstance(label, Reject) and label.error == OTHER_ERROR

"""The coverage of many recordings, as data: altogether, by stack, and beside the model's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from negotiation.model import Readings

from ..coverage.counting import Coverage
from ..coverage.items import Item, Kind
from ..coverage.recordings import Covered, Recordings
from ..coverage.running import as_stack, coverage_of_run
from ..programs.library import load, names

Progress = Callable[[int, int], None]
"""Is told how many are done, of how many."""


class OfStack(msgspec.Struct):
    """The coverage by the peers of one stack, in so many recordings."""

    coverage: Coverage
    recordings: int = 0


class CoverageReport(msgspec.Struct, frozen=True):
    """What recordings cover. Counts in `coverage` are of recordings.

    `reached` is what the programs that come along reach on the model: states and pairs cannot be
    listed, so this is what those of the recordings are compared with.
    """

    covered: Sequence[Covered]
    coverage: Coverage
    stacks: dict[str, OfStack]
    reached: Coverage
    seconds: float = 0.0

    @property
    def observations(self) -> int:
        """How many observations there were."""
        return sum(one.observations for one in self.covered)

    @property
    def departures(self) -> int:
        """At how many places the recordings depart from the model."""
        return sum(one.departures for one in self.covered)

    @property
    def unreadable(self) -> list[Covered]:
        """The recordings that could not be read to their end."""
        return [one for one in self.covered if one.error is not None]

    @property
    def partly(self) -> list[Covered]:
        """The recordings of which a peer was not followed to its end."""
        return [one for one in self.covered if one.partly]

    def missing(self, kind: Kind) -> list[Item]:
        """What is missing of a kind: of states and pairs, what the programs reach on the model."""
        if kind not in ("state", "pair"):
            return self.coverage.missing(kind)
        return [one for one in self.reached.seen(kind) if one not in self.coverage.counts]


def cover_recordings(
    sources: Sequence[str], recordings: Recordings, progress: Progress | None = None
) -> CoverageReport:
    """What the recordings cover, each after the other."""
    readings = recordings.checker.readings
    covered: list[Covered] = []
    coverage = Coverage(readings)
    stacks: dict[str, OfStack] = {}
    for source in sources:
        one = recordings.cover(source)
        covered.append(one)
        coverage.add(one.items)
        _by_stack(stacks, one, readings)
        if progress is not None:
            progress(len(covered), len(sources))
    return CoverageReport(covered, coverage, dict(sorted(stacks.items())), of_the_library())


def _by_stack(stacks: dict[str, OfStack], one: Covered, readings: Readings) -> None:
    for stack in dict.fromkeys(one.stacks.values()):
        of_stack = stacks.get(stack)
        if of_stack is None:
            of_stack = stacks[stack] = OfStack(Coverage(readings))
        of_stack.recordings += 1
        theirs = (items for peer, items in one.peers.items() if one.stacks[peer] == stack)
        of_stack.coverage.add(frozenset[Item]().union(*theirs))


def of_the_library() -> Coverage:
    """What the programs that come along reach on the model, on one schedule each."""
    model = as_stack()
    coverage = Coverage(model.readings)
    for name in names():
        coverage.add(coverage_of_run(load(name), specification=model))
    return coverage

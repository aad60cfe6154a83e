"""One history that explains a recording, out of all that the checker follows.

The checker keeps every state that the model could be in; most of them turn out to lead nowhere, and
what was asked in them says nothing of the recording. So the way is walked backwards from a state
that was reached: of each observation the nearest state in which it can have been made (the fewest
hidden steps, and of several the first in a fixed order), and what the model was asked on the way.
Where a recording departs, a stretch ends; the next begins where the checker went on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from negotiation.model import Connection, Label, Specification

from ..checking.following import Place
from ..checking.frontier import Frontier, Frontiers, Node, Position
from ..checking.peers import Moment
from ..checking.seen import Made, Quiet, Seen, Stutter, Told
from .items import NOTHING, Items, state_item
from .watching import Watched, WatchedStep, watched

MOST_WAYS = 1 << 17
"""Ways that are remembered; then remembering begins anew, so that memory is bounded."""


TakenStep = tuple[Connection, Label, Connection]


class Way(msgspec.Struct, frozen=True, gc=False, eq=False):
    """How the model came from one position to the one after an observation.

    `made_in` is the state in which the observation was made, `items` are those of all steps, and
    `steps` are the steps: a state, the label, the state after it.
    """

    source: Position
    made_in: Connection
    items: Items
    steps: tuple[TakenStep, ...] = ()


class Taken(msgspec.Struct, frozen=True, gc=False):
    """An observation, and the way to it; None where it departs, or says nothing to the model."""

    moment: Moment
    way: Way | None


class Histories:
    """The histories of recordings with one profile, and what is asked on them."""

    def __init__(self, frontiers: Frontiers) -> None:
        self.frontiers = frontiers
        self._watched = tuple(_watching(one) for one in frontiers.specifications)
        self._ways: dict[tuple[Node, Seen, Position], Way] = {}
        self._orders: dict[Node, tuple[Position, ...]] = {}

    def history(self, moments: Sequence[Moment]) -> list[Taken]:
        """What one peer showed, from its first observation, each with the way to it."""
        history: list[Taken] = []
        stretch: list[Moment] = []
        for moment in moments:
            if moment.diagnosis is None:
                stretch.append(moment)
                continue
            history += self._stretch(stretch)
            history.append(Taken(moment, None))
            stretch = []
        return history + self._stretch(stretch)

    def _stretch(self, moments: list[Moment]) -> list[Taken]:
        if not moments:
            return []
        target = self.ordered(moments[-1].became)[0]
        taken: list[Taken] = []
        for moment in reversed(moments):
            if isinstance(moment.seen, Stutter):
                taken.append(Taken(moment, None))
                continue
            way = self._way(moment.was, moment.seen, target)
            taken.append(Taken(moment, way))
            target = way.source
        taken.reverse()
        return taken

    def ordered(self, place: Place) -> tuple[Position, ...]:
        """The positions of a place, those first in which the least is left to come."""
        node = place.node
        order = self._orders.get(node)
        if order is None:
            order = self._orders[node] = _ordered(node.positions)
        return order

    def _way(self, was: Place, seen: Seen, target: Position) -> Way:
        key = (was.node, seen, target)
        way = self._ways.get(key)
        if way is None:
            if len(self._ways) >= MOST_WAYS:
                self._ways.clear()
            way = self._ways[key] = self._nearest(self.ordered(was), seen, target)
        return way

    def _nearest(self, sources: tuple[Position, ...], seen: Seen, target: Position) -> Way:
        for alike in _by_microtasks(sources):
            way = self._nearest_of(alike, seen, target)
            if way is not None:
                return way
        raise AssertionError("the checker came here another way")

    def _nearest_of(self, sources: list[Position], seen: Seen, target: Position) -> Way | None:
        came: dict[Position, tuple[Position, Label] | None] = dict.fromkeys(sources)
        todo = list(sources)
        for position in todo:  # grows while it is walked: breadth first
            shown = self._made(position, seen, target)
            if shown is not None:
                items = shown[0] | {state_item(target.connection)}
                return self._walked(came, position, items, shown[1])
            for label, after in self.frontiers.hidden_steps(position):
                if after not in came:
                    came[after] = (position, label)
                    todo.append(after)
        return None

    def _made(
        self, position: Position, seen: Seen, target: Position
    ) -> tuple[Items, tuple[TakenStep, ...]] | None:
        """What is asked when the observation is made in this position, and the step that makes it.

        None: it leads elsewhere.
        """
        here = position.connection
        match seen:
            case Told():
                for label, after, recorded in self.frontiers.told_steps(position, seen):
                    if recorded == target:
                        step = (here, label, after.connection)
                        return self._asked(position, label, after), (step,)
            case Made():
                if target in self.frontiers.observed(position, seen):
                    made = (here, seen.call, target.connection)
                    return self._asked_by(position, seen, target), (made,)
            case Quiet() | Stutter():
                if target in self.frontiers.observed(position, seen):
                    return NOTHING, ()
        return None

    def _walked(
        self,
        came: dict[Position, tuple[Position, Label] | None],
        position: Position,
        shown: Items,
        last: tuple[TakenStep, ...],
    ) -> Way:
        items = set(shown)
        steps = list(last)
        made_in = position.connection
        while (before := came[position]) is not None:
            items.add(state_item(position.connection))
            items |= self._asked(before[0], before[1], position)
            steps.insert(0, (before[0].connection, before[1], position.connection))
            position = before[0]
        return Way(position, made_in, frozenset(items), tuple(steps))

    def _asked(self, before: Position, label: Label, after: Position) -> Items:
        """What is asked for a step; nothing where a label that was kept is only recorded.

        A label that is kept for later has names of its own: the state then is not that of the step.
        """
        if after.connection == before.connection:
            return NOTHING
        alike = NOTHING
        for step in self._steps(before.connection):
            if step.label == label:
                if step.after == after.connection:
                    return step.items
                alike = alike or step.items
        return alike

    def _steps(self, connection: Connection) -> Iterator[WatchedStep]:
        for one in self._watched:
            yield from one.steps(connection)

    def _asked_by(self, before: Position, made: Made, after: Position) -> Items:
        for one in self._watched:
            if after.connection in one.call(before.connection, made.call):
                return frozenset(one.asked)
        return NOTHING


def _watching(specification: Specification) -> Watched:
    return watched(type(specification))(specification.readings)


def _ordered(positions: Frontier) -> tuple[Position, ...]:
    if len(positions) == 1:
        return tuple(positions)
    return tuple(sorted(positions, key=lambda one: (_left(one), repr(one))))


def _by_microtasks(positions: tuple[Position, ...]) -> Iterator[list[Position]]:
    """The positions, first those in which the most microtasks are still to run.

    Without it the nearest would always be the one in which a finished operation left the chain
    before its caller reacted, although nothing tells that it did.
    """
    counts = {len(one.connection.microtasks) for one in positions}
    for count in sorted(counts, reverse=True):
        yield [one for one in positions if len(one.connection.microtasks) == count]


def _left(position: Position) -> tuple[int, int]:
    """How much has been shown and is not recorded, and how much is still to be done."""
    connection = position.connection
    work = len(connection.operations) + len(connection.tasks)
    return len(position.late), work + len(connection.microtasks) + len(connection.steps)

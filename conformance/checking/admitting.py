"""Which departures rest on an interpretation: those that its other reading would admit.

A peer that departed is followed again for each interpretation, both readings admitted. Where nobody
asks how it is read, all these followers go the same way: what is done without asking is done under
either reading. So one of them notes what is asked (`Noting`), and goes the way of all; the steps of
an interpretation (`Both`) are worked out only where it was asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TypeVar

from negotiation.conformance.traces.profiles import Profile
from negotiation.model import Connection, Readings, Specification, admit

from .following import MOST_EXPLAINED, Called, Owed, Place, Places
from .frontier import BudgetExceededError, Frontier, Frontiers, Node, Successor
from .going_on import Explained
from .peers import Departures, Moment
from .seen import Seen, Stutter
from .words import Methods

Done = TypeVar("Done")

Asked = frozenset[str]
"""The interpretations that were asked about."""


class Attentive(Specification):
    """A specification that tells `heard` which interpretations it is asked about."""

    def __init__(self, readings: Readings, heard: Callable[[str], None]) -> None:
        super().__init__(readings)
        self._heard = heard

    def insists_on_other(self, interpretation: str) -> bool:
        """As any specification."""
        self._heard(interpretation)
        return super().insists_on_other(interpretation)

    def admits_default(self, interpretation: str) -> bool:
        """As any specification."""
        self._heard(interpretation)
        return super().admits_default(interpretation)

    def admits_other(self, interpretation: str) -> bool:
        """As any specification."""
        self._heard(interpretation)
        return super().admits_other(interpretation)


class Noting(Frontiers):
    """Moves sets of positions, and notes what was asked about: known or not, it counts each time.

    `noted` gives what comes of some work with it, and what was asked about for that.
    """

    def __init__(
        self, specifications: Iterable[Specification], profile: Profile, *, budget: int
    ) -> None:
        attentive = [Attentive(one.readings, self._hear) for one in specifications]
        super().__init__(attentive, profile, budget=budget)
        self._hearing: list[set[str]] = [set()]
        self._of_steps: dict[Connection, Asked] = {}
        self._of_closed: dict[Node, Asked] = {}
        self._of_moves: dict[tuple[Node, Seen], Asked] = {}

    def noted(self, work: Callable[[], Done]) -> tuple[Done, Asked]:
        """What the work gives, and what was asked about for it."""
        self._hearing.append(set())
        try:
            done = work()
        finally:
            heard = self._hearing.pop()
            self._hearing[-1] |= heard
        return done, frozenset(heard)

    def asked_about(self, connection: Connection) -> Asked:
        """What is asked about for the steps from a state."""
        self.successors(connection)
        return self._of_steps[connection]

    def moved(self, node: Node, seen: Seen) -> tuple[Node, Asked]:
        """As `move`, with what was asked about for it."""
        after = self.move(node, seen)
        return after, self._of_moves[node, seen]

    def move(self, node: Node, seen: Seen) -> Node:
        """As any `Frontiers`."""
        asked = self._of_moves.get((node, seen))
        if asked is not None:
            self._hearing[-1] |= asked
            return super().move(node, seen)
        node.after.pop(seen, None)  # of what somebody still has, more may be known than was noted
        move = super().move
        after, self._of_moves[node, seen] = self.noted(lambda: move(node, seen))
        return after

    def _closed(self, node: Node) -> Frontier:
        closed = super()._closed(node)
        asked = self._of_closed.get(node)
        if asked is None:
            each = (self.asked_about(one.connection) for one in closed)
            asked = self._of_closed[node] = frozenset[str]().union(*each)
        self._hearing[-1] |= asked
        return closed

    def successors(self, connection: Connection) -> tuple[Successor, ...]:
        """As any `Frontiers`."""
        steps = super().successors(connection)
        self._hearing[-1] |= self._of_steps[connection]
        return steps

    def _worked_out(self, connection: Connection) -> Iterator[Successor]:
        if not self._successors:
            self._of_steps.clear()  # they have just been forgotten, or never known
        steps = super()._worked_out
        found, self._of_steps[connection] = self.noted(lambda: tuple(steps(connection)))
        return iter(found)

    def forget(self) -> None:
        """As any `Frontiers`."""
        super().forget()
        self._of_steps.clear()
        self._of_closed.clear()
        self._of_moves.clear()

    def _hear(self, interpretation: str) -> None:
        self._hearing[-1].add(interpretation)


class Shared(Places):
    """The way of all followers, as long as nobody asks; `noting` are its frontiers."""

    def __init__(self, noting: Noting) -> None:
        super().__init__(noting)
        self.noting = noting
        self._noted: dict[tuple[object, ...], tuple[Explained, Asked]] = {}

    def explained_and_asked(
        self, node: Node, seen: Seen, methods: Methods, owed: Owed, called: Called
    ) -> tuple[Explained, Asked]:
        """As `explained`, with what was asked about for it."""
        key = (node, seen, tuple(methods.items()), owed, called)
        found = self._noted.get(key)
        if found is None:
            if len(self._noted) >= MOST_EXPLAINED:
                self._noted.clear()
            found = self.noting.noted(lambda: self.diagnosed(node, seen, methods, owed, called))
            self._noted[key] = found
        return found

    def forget(self) -> None:
        """As any `Places`."""
        super().forget()
        self._noted.clear()


class Both(Frontiers):
    """Moves sets of positions with both readings of one more interpretation admitted."""

    def __init__(self, noting: Noting, interpretation: str) -> None:
        both = (one.readings.changed({interpretation: "both"}) for one in noting.specifications)
        specifications = [one for readings in both for one in admit(readings)]
        super().__init__(specifications, noting.profile, budget=noting.budget)
        self._noting = noting
        self._interpretation = interpretation

    def successors(self, connection: Connection) -> tuple[Successor, ...]:
        """As any `Frontiers`."""
        if self._interpretation in self._noting.asked_about(connection):
            return super().successors(connection)
        return self._noting.successors(connection)


class Admitting:
    """Follows peers of one profile with both readings of one more interpretation admitted.

    `places` tell where they begin, and what is said of them where the interpretation was asked
    about; `frontiers` are those of the shared way.
    """

    def __init__(self, shared: Shared, interpretation: str) -> None:
        self.places = Places(Both(shared.noting, interpretation))
        self.frontiers = shared.noting
        self._shared = shared
        self._interpretation = interpretation

    def admitted(
        self, start: Place, moments: Iterable[Moment], lines: Collection[int]
    ) -> Iterator[int]:
        """Those of the lines with which nothing is wrong.

        `moments` are all observations of the peer. What they say to the model follows from its
        names and the profile, and from no reading: so it is taken as it was understood.
        """
        last = max(lines, default=0)
        departures = Departures(self)
        node = self.frontiers.node(start.node.positions)
        for moment in moments:
            if moment.line > last or departures.undecided is not None:
                return
            seen, before = moment.seen, node
            if isinstance(seen, Stutter):
                continue
            try:
                node = self._moved(before, seen)
                if node.positions:
                    if moment.line in lines:
                        yield moment.line
                elif moment.line < last:
                    node = departures.explained(moment.line, before, seen, moment.methods)
            except BudgetExceededError:
                return
            departures.took(seen, before)

    def _moved(self, node: Node, seen: Seen) -> Node:
        if self._is_shared:
            after, asked = self.frontiers.moved(node, seen)
            if self._interpretation not in asked:
                return after
        return self.frontiers.node(self.places.frontiers.after(node.positions, seen))

    def explained(
        self, node: Node, seen: Seen, methods: Methods, owed: Owed, called: Called
    ) -> Explained:
        """Why an observation is impossible from these states, as `Places` have it.

        Raises:
            BudgetExceededError: there are too many possible states.
        """
        if self._is_shared:
            found, asked = self._shared.explained_and_asked(node, seen, methods, owed, called)
            if self._interpretation not in asked:
                return found
        there = self.places.frontiers.node
        made = None if called is None else (there(called[0].positions), called[1])
        return self.places.explained(there(node.positions), seen, methods, owed, made)

    @property
    def _is_shared(self) -> bool:
        # Where hidden calls begin is worked out, and asked about, once for all.
        return not self.frontiers.profile.is_half_seen

"""Following one peer at the speed of a table: what was worked out once is looked up.

Where a peer is, is a value: the states that the model could be in, and the names that the trace
uses. So a `Place` remembers, for what a line says, the place after it. Recordings that go the same
way share their places, and only the first of them costs more than a look into a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from negotiation.conformance.traces.interpreting import configuration_of
from negotiation.conformance.traces.said import Said
from negotiation.model import Output

from .diagnosis import Diagnostician
from .frontier import Frontiers, Node
from .going_on import Explained
from .relations import Named, Relations, Simplified, Text, Vocabulary, nothing_named
from .seen import Made, Quiet, Seen, Stutter
from .unrefused import Calling
from .words import Methods

MOST_PLACES = 1 << 17
"""Places that are remembered; then remembering begins anew, so that memory stays bounded."""

MOST_STATES = 1 << 20
"""States in all sets that are remembered, likewise: some sets have thousands.

The recordings of this project are judged with two thirds of it. Of what is all new twice as many
save no time.
"""

MOST_EXPLAINED = 1 << 13
"""Explanations that are remembered, likewise: what a stack does wrong, it does again."""

Owed = tuple[tuple[Output, int], ...]
"""What has been found missing and may yet come, and the lines at which it was."""

Called = tuple[Node, Made] | None
"""Of a return or a throw, the last call, and the states in which it was made."""


class Step:
    """What an observation says, and the place after it; `possible`: the model can do this."""

    __slots__ = ("place", "possible", "seen")

    def __init__(self, seen: Seen, place: Place) -> None:
        self.seen = seen
        self.place = place
        self.possible = bool(place.node.positions)


class Place:
    """Where a peer is: the states, the names, and the methods of the calls by number.

    `settles`: some quiet on the way here counted as settled. `steps` are those known from here; of
    what refers to an SDP text, under the text too, because its id may be another's elsewhere.
    """

    __slots__ = ("methods", "named", "node", "settles", "steps")

    def __init__(self, node: Node, named: Named, methods: Methods, *, settles: bool) -> None:
        self.node = node
        self.named = named
        self.methods = methods
        self.settles = settles
        self.steps: dict[object, Step] = {}


class Places:
    """All places of one profile that were remembered; `simplified` as in `Vocabulary`.

    `most_states` bounds what is remembered of sets of states.
    """

    def __init__(
        self,
        frontiers: Frontiers,
        simplified: Simplified | None = None,
        *,
        most_states: int = MOST_STATES,
    ) -> None:
        self.frontiers = frontiers
        self._most_states = most_states
        self._vocabulary = Vocabulary(frontiers.profile, simplified)
        self._nothing_named = nothing_named()
        self._places: dict[tuple[object, ...], Place] = {}
        self._starts: dict[bytes | None, Node] = {}
        self._explained: dict[tuple[object, ...], Explained] = {}

    def start(self, given: dict[str, Any] | None, *, anywhere: bool = False) -> Place:
        """Where a peer begins that was constructed with this configuration (None: not known).

        `anywhere`: its recording begins after its construction.

        Raises:
            NotUnderstood: the configuration means nothing to the model.
        """
        key = None if anywhere else msgspec.json.encode(given)
        node = self._starts.get(key)
        if node is None:
            node = self._starts[key] = self._beginning(given, anywhere=anywhere)
        return self.at(node, self._nothing_named, {}, settles=False)

    def _beginning(self, given: dict[str, Any] | None, *, anywhere: bool) -> Node:
        if anywhere:
            return self.frontiers.start_anywhere()
        return self.frontiers.start(None if given is None else configuration_of(given))

    def at(self, node: Node, named: Named, methods: Methods, *, settles: bool) -> Place:
        """The place that is described so: one object for equal ones."""
        key = (node, named, tuple(methods.items()), settles)
        place = self._places.get(key)
        if place is None:
            are_many = self.frontiers.remembered >= self._most_states
            if are_many or len(self._places) >= MOST_PLACES:
                self.forget()
            place = self._places[key] = Place(node, named, methods, settles=settles)
        return place

    def moved(self, place: Place, node: Node) -> Place:
        """The place with other states."""
        return self.at(node, place.named, place.methods, settles=place.settles)

    def step(self, place: Place, said: Said, texts: Mapping[str, Text]) -> Step:
        """The step that an observation makes: nearly always it was worked out before.

        Raises:
            NotUnderstood: it means nothing to the model.
            BudgetExceededError: there are too many possible states after it.
        """
        key = said.alike if said.text is None else (said, texts.get(said.text))
        step = place.steps.get(key)
        if step is None:
            step = self._worked_out(place, said, texts)
            place.steps[key] = step
        return step

    def _worked_out(self, place: Place, said: Said, texts: Mapping[str, Text]) -> Step:
        relations = Relations(texts, place.named)
        seen = self._vocabulary.meaning(said)(relations)
        node = place.node
        after = node if isinstance(seen, Stutter) else self.frontiers.move(node, seen)
        methods = place.methods
        if isinstance(seen, Made) and methods.get(seen.call.call) != seen.call.method:
            methods = {**methods, seen.call.call: seen.call.method}
        settles = place.settles or (isinstance(seen, Quiet) and seen.settled)
        return Step(seen, self.at(after, relations.named, methods, settles=settles))

    def explained(
        self,
        node: Node,
        seen: Seen,
        methods: Methods,
        owed: Owed,
        called: Called = None,
    ) -> Explained:
        """Why an observation is impossible from these states.

        Raises:
            BudgetExceededError: there are too many possible states.
        """
        key = (node, seen, tuple(methods.items()), owed, called)
        found = self._explained.get(key)
        if found is None:
            if len(self._explained) >= MOST_EXPLAINED:
                self._explained.clear()
            found = self._explained[key] = self.diagnosed(node, seen, methods, owed, called)
        return found

    def diagnosed(
        self, node: Node, seen: Seen, methods: Methods, owed: Owed, called: Called = None
    ) -> Explained:
        """As `explained`, and not remembered."""
        closed = self.frontiers.closure(node.positions)
        diagnostician = Diagnostician(self.frontiers, closed, methods, owed)
        if called is not None:
            before, call = called
            diagnostician.calling = Calling(self.frontiers.closure(before.positions), call)
        return diagnostician.explain(seen)

    def forget(self) -> None:
        """Remembering begins anew. From a place that somebody still has one can go on."""
        for place in self._places.values():
            place.steps.clear()
        self._places.clear()
        self._nothing_named = nothing_named()
        self._starts.clear()
        self._explained.clear()
        self.frontiers.forget()

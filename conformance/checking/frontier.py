"""The set of states that the model could be in, and how an observation moves it.

A nondeterministic model becomes a power set, determinised lazily: sets and observations are
interned, and what a set becomes after an observation is computed once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from negotiation.conformance.traces.profiles import LABELS, Profile
from negotiation.model import (
    Configuration,
    Connection,
    Description,
    Event,
    Internal,
    Label,
    Output,
    Reject,
    Resolve,
    Specification,
    Turn,
    is_fresh,
)
from negotiation.model.binding import bind
from negotiation.model.description import FRESH

from .half_seen import (
    CHANGING,
    UNSEEN_CALL,
    beginnings,
    behind_unseen,
    hidden_calls,
    next_unseen,
)
from .matching import KINDS, attributes, described, is_about, payload_objection, readable
from .misreading import Misreads, misread, misread_mids, put_right, still_misread
from .seen import Made, Quiet, Read, Seen, Stutter, Told

replace = msgspec.structs.replace

LARGEST_FRONTIER = 20_000
"""States in a set beyond which the checker gives up: undecided, never a silent pass."""

MOST_SUCCESSORS = 1 << 17
"""States whose steps are remembered; then remembering begins anew, so that memory is bounded."""


class Position(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Where the model could be: a state, and what it showed that is still to be recorded.

    `in_task`: the running task is the one of the last line whose task is known. `misread` is what
    the stack was told to read wrongly, and has read so since; `created` the last description of
    which it was told that it should be another, and where that other one is gone on with.
    """

    connection: Connection
    late: tuple[Output, ...] = ()
    in_task: bool = False
    misread: Misreads = ()
    created: Description | None = None

    def moved(self, connection: Connection) -> Position:
        """The position after a step to another state."""
        in_task = self.in_task and connection.turn is not Turn.IDLE
        return Position(connection, self.late, in_task, self.misread, self.created)

    def read_so(self, connection: Connection, read: Read, *, in_task: bool) -> Position | None:
        """The position after a reading in that state, or None where it cannot read so."""
        misread = self.misread
        if misread:
            misread, read = self.new_in(connection, read)
        state = readable(connection, read)
        return None if state is None else Position(state, self.late, in_task, misread, self.created)

    def new_in(self, connection: Connection, read: Read) -> tuple[Misreads, Read]:
        """What is still misread by a reading in that state, and the reading without that."""
        ours = attributes(connection)
        misread = still_misread(ours, read, self.misread)
        return misread, put_right(ours, read, misread)

    def is_set_as_created(self, label: Output, told: Told) -> bool:
        """Whether what is set is what was created otherwise than it should be: that was told."""
        if told.description is None or not isinstance(label, Resolve):
            return False
        return label.description is None and self.created == _untitled(told.description)

    def creating(self, told: Told) -> Position:
        """The position of a stack that showed this description instead of the model's."""
        return replace(self, created=told.description and _untitled(told.description))

    def misreading(self, read: Read) -> Position:
        """The position of a stack that reads so here, and may go on to do so."""
        ours = attributes(self.connection)
        known, right = self.new_in(self.connection, read)
        new = misread(ours, right)
        if not new and readable(self.connection, right) is None:
            new = misread_mids(ours, right)
        told = sorted((*known, *new), key=lambda one: one.attribute)
        return replace(self, misread=tuple(told))


def _untitled(description: Description) -> Description:
    """What a description says, under no name: a localDescription may have gained candidates."""
    return replace(description, sdp="")


Frontier = frozenset[Position]


class Node:
    """A set of positions, once for all equal sets, and what it became after observations."""

    __slots__ = ("after", "closed", "positions")

    def __init__(self, positions: Frontier) -> None:
        self.positions = positions
        self.closed: Frontier | None = None
        self.after: dict[Seen, Node] = {}


Successor = tuple[Any, Connection, Literal["now", "late"] | None]
"""A step of the model (its label), the state after it, and when its line comes, if one does."""


_REACTIONS = (Resolve, Reject)


_ONE_MORE = Internal("a call was made before the recording began")
_HIDDEN = Internal("a call was made that the recorder missed")


class BudgetExceededError(Exception):
    """The set of possible states grew beyond the budget."""


class Frontiers:
    """Moves sets of positions along observations, for one profile and one set of readings.

    `computed` counts the moves that were not remembered, `remembered` the states in all sets.
    """

    def __init__(
        self,
        specifications: Sequence[Specification],
        profile: Profile,
        *,
        budget: int = LARGEST_FRONTIER,
    ) -> None:
        self.specifications = tuple(specifications)
        self.profile = profile
        self.budget = budget
        self.computed = 0
        self.remembered = 0
        self._hidden = profile.hidden & CHANGING
        self._nodes: dict[Frontier, Node] = {}
        self._successors: dict[Connection, tuple[Successor, ...]] = {}

    def start(self, configuration: Configuration | None = None) -> Node:
        """Where a connection is when it was just constructed; None: with what is not known."""
        return self.node(frozenset({Position(self.specifications[0].initial(configuration))}))

    def start_anywhere(self) -> Node:
        """Where a connection may be whose recording begins after its construction."""
        several = (one for each in self.specifications for one in beginnings(each))
        return self.node(frozenset(map(Position, several)))

    def node(self, frontier: Frontier) -> Node:
        """The node of these positions."""
        node = self._nodes.get(frontier)
        if node is None:
            node = self._nodes[frontier] = Node(frontier)
            self.remembered += len(frontier)
        return node

    def forget(self) -> None:
        """Remembering begins anew. Nodes that somebody still has can be moved on from."""
        for node in self._nodes.values():
            node.after.clear()
            node.closed = None
        self._nodes.clear()
        self._successors.clear()
        self.remembered = 0

    def move(self, node: Node, seen: Seen) -> Node:
        """The node after an observation; without positions: the model cannot do this.

        Raises:
            BudgetExceededError: there are too many.
        """
        after = node.after.get(seen)
        if after is None:
            self.computed += 1
            positions = frozenset(self._after(self._closed(node), seen))
            after = node.after[seen] = self.node(positions)
        return after

    def after(self, frontier: Frontier, seen: Seen) -> Frontier:
        """As `move`, of positions."""
        return self.move(self.node(frontier), seen).positions

    def closure(self, frontier: Frontier) -> Frontier:
        """The positions reachable without anything that would have been recorded."""
        closed = self._closed(self.node(frontier))
        self.node(closed).closed = closed
        return closed

    def _closed(self, node: Node) -> Frontier:
        if node.closed is None:
            node.closed = self._closure(node.positions)
            self.remembered += len(node.closed)
        return node.closed

    def _closure(self, frontier: Frontier) -> Frontier:
        found = set(frontier)
        todo = list(frontier)
        followed: set[object] = set()
        while todo:
            for _, after in self.hidden_steps(todo.pop(), followed):
                if after not in found:
                    found.add(after)
                    todo.append(after)
            if len(found) > self.budget:
                raise BudgetExceededError(f"more than {self.budget} possible states")
        return frozenset(found)

    def successors(self, connection: Connection) -> tuple[Successor, ...]:
        """What the specifications can do next: worked out once, explanations ask again."""
        steps = self._successors.get(connection)
        if steps is None:
            if len(self._successors) >= MOST_SUCCESSORS:
                self._successors.clear()
            steps = self._successors[connection] = tuple(self._worked_out(connection))
        return steps

    def _worked_out(self, connection: Connection) -> Iterator[Successor]:
        """Of reactions that nobody records only the first is taken: their order changes nothing."""
        reacted = False
        for specification in self.specifications:
            for label, after in specification.successors(connection):
                if self.is_recorded(label):
                    yield label, after, "late" if self.is_late(label) else "now"
                elif type(label) not in _REACTIONS:
                    yield label, after, None
                elif not reacted:
                    reacted = True
                    yield label, after, None

    def hidden_steps(
        self, position: Position, followed: set[object] | None = None
    ) -> Iterator[tuple[Label, Position]]:
        """The steps that leave no line, or none yet.

        `followed` are calls from before the recording whose steps are known, and not told again.
        """
        if self.profile.is_half_seen:
            yield from self._unseen_calls(position, set() if followed is None else followed)
        may_be_late = len(position.late) < self.profile.window
        for label, connection, recorded in self.successors(position.connection):
            if recorded is None:
                yield label, position.moved(connection)
            elif recorded == "late" and may_be_late:
                yield label, detained(position.moved(connection), label)

    def _unseen_calls(
        self, position: Position, followed: set[object]
    ) -> Iterator[tuple[Label, Position]]:
        behind = behind_unseen(position.connection)
        leaving = behind, position.late, position.misread, position.created
        if behind is not None and leaving not in followed:
            followed.add(leaving)
            for specification in self.specifications:
                for state in next_unseen(specification, behind):
                    yield _ONE_MORE, position.moved(state)
        if self._hidden:
            for specification in self.specifications:
                for state in hidden_calls(specification, position.connection, self._hidden):
                    yield _HIDDEN, position.moved(state)

    def shown_steps(self, position: Position) -> Iterator[tuple[Output, Position]]:
        """The steps that leave a line now: (label, next position)."""
        if position.late:
            yield position.late[0], replace(position, late=position.late[1:])
        for label, connection, recorded in self.successors(position.connection):
            if recorded == "now" or (recorded == "late" and not position.late):
                yield label, position.moved(connection)

    def is_recorded(self, label: Label) -> bool:
        """Whether the profile records such a label."""
        if isinstance(label, Internal):
            return False
        if isinstance(label, Event):
            return label.name in self.profile.events
        if label.call <= UNSEEN_CALL:
            return False
        kind = KINDS[type(label)]
        return kind in self.profile.labels or kind not in LABELS

    def is_late(self, label: Label) -> bool:
        """Whether the profile may record such a label later than it happened."""
        return KINDS[type(label)] in self.profile.late

    def _after(self, closed: Frontier, seen: Seen) -> Iterable[Position]:
        match seen:
            case Made():
                return self._made(closed, seen)
            case Told():
                return self._told(closed, seen)
            case Quiet():
                return self._quiet(closed, seen)
            case Stutter():
                return closed

    def observed(self, position: Position, seen: Seen) -> Iterable[Position]:
        """The positions after an observation that is made in just this one; none: it cannot be."""
        return self._after(frozenset((position,)), seen)

    def _made(self, closed: Frontier, made: Made) -> Iterator[Position]:
        for position in closed:
            if is_marked_so(position, made):
                yield from self.called(position, made)

    def called(self, position: Position, made: Made) -> Iterator[Position]:
        """The positions after the call, whatever is known of its task."""
        for specification in self.specifications:
            try:
                states = specification.call(position.connection, made.call)
            except LookupError:
                continue
            for connection in states:
                in_task = made.task is not None or position.in_task
                yield replace(position, connection=connection, in_task=in_task)

    def _told(self, closed: Frontier, told: Told) -> Iterator[Position]:
        for position in closed:
            for _, _, recorded in self.told_steps(position, told):
                yield recorded

    def told_steps(
        self, position: Position, told: Told
    ) -> Iterator[tuple[Output, Position, Position]]:
        """The steps from a position that the observation may show, and where it leaves each."""
        if told.task == "same" and not position.in_task:
            return
        for label, after in self.shown_steps(position):
            if is_about(label, told) and payload_objection(label, told) is None:
                for recorded in self.recorded(after, label, told):
                    yield label, after, recorded

    def recorded(self, after: Position, label: Output, told: Told) -> Iterator[Position]:
        """The position after a label that matches, if description and attributes do too."""
        prompt = told.kind not in self.profile.late
        bound, _ = described(self.specifications[0], after.connection, label, told, prompt=prompt)
        if bound is None and after.is_set_as_created(label, told):
            bound = after.connection
        if bound is None:
            return
        in_task = told.task is not None or after.in_task
        read = after.read_so(bound, told.read, in_task=in_task)
        if read is not None:
            yield read

    def _quiet(self, closed: Frontier, quiet: Quiet) -> Iterator[Position]:
        if quiet.contradicts:
            return
        for position in closed:
            if quiet.settled and not self.is_quiescent(position):
                continue
            read = position.read_so(position.connection, quiet.read, in_task=position.in_task)
            if read is not None:
                yield read

    def is_quiescent(self, position: Position) -> bool:
        """Whether nothing can happen here any more, and nothing is still to be recorded."""
        return not position.late and all(
            one.is_quiescent(position.connection) for one in self.specifications
        )


def is_misread(attribute: str, frontier: Frontier) -> bool:
    """Whether the stack may be reading the attribute wrongly."""
    return any(known.attribute == attribute for one in frontier for known in one.misread)


def detained(after: Position, label: Output) -> Position:
    """The position after the label, which is to be recorded later.

    By then the fresh names in it may stand for something else: so they, and what the state has of
    the same description, get names of their own.
    """
    connection = after.connection
    if isinstance(label, Resolve) and label.description is not None:
        created = label.description
        late = _named_late(created, _free_number(after))
        bound = bind(connection, created, late)
        connection = connection if bound is None else bound
        label = replace(label, description=late)
    return replace(after, connection=connection, late=(*after.late, label))


def _free_number(position: Position) -> int:
    told = "".join(
        one.description.sdp
        for one in position.late
        if isinstance(one, Resolve) and one.description is not None
    )
    return next(n for n in range(1, len(position.late) + 2) if f"late {n} " not in told)


def _named_late(created: Description, number: int) -> Description:
    def named(name: str) -> str:
        return f"{FRESH}late {number} {name}" if is_fresh(name) else name

    return replace(
        created,
        sdp=named(created.sdp),
        sections=tuple(replace(one, mid=named(one.mid)) for one in created.sections),
        bundle=tuple(map(named, created.bundle)),
        ice=frozenset(map(named, created.ice)),
    )


def is_marked_so(position: Position, made: Made) -> bool:
    """Whether a call can be made here in the task, and in the handler, that the recorder knows."""
    connection = position.connection
    if made.task == "new" and connection.turn is not Turn.IDLE:
        return False
    if made.task == "same" and not position.in_task:
        return False
    return made.within is None or connection.dispatching == made.within

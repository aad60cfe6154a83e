"""Exhaustive exploration: all states that a bounded set of inputs can reach, and states and steps.

    inputs = (Input("addTransceiver", add_audio), Input("createOffer", create_offer, times=2))
    exploration = explore(Specification(), inputs)

Breadth first, by the one step relation: at every moment in which a script may run, every input that
is left may be called, and every step of the user agent may be taken. What must hold at these steps
is in `negotiation.model.properties`.

Beside each state there is a `Memory`: what an application that watches the connection would
remember, and the connection itself does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from .enums import SdpType, SignalingState
from .labels import Call, Event, Internal, Label, Reject, Resolve
from .specification import Specification
from .state import Connection

SET = "#set-description"
SET_REMOTE = "#dom-rtcpeerconnection-setremotedescription"
CLOSE = "#dfn-close-the-connection"
STOP = "#dom-rtcrtptransceiver-stop"
OFFER, PRANSWER, ROLLBACK = SdpType.OFFER, SdpType.PRANSWER, SdpType.ROLLBACK

Make = Callable[[Connection, int], Call | None]
"""Makes a call with this number, or None where the input means nothing in the state."""

BOUND = 200_000


class Input(msgspec.Struct, frozen=True):
    """A call that may be made at most `times` times, whenever a script may run."""

    name: str
    make: Make
    times: int = 1


class Memory(msgspec.Struct, frozen=True, cache_hash=True):
    """What was seen of a connection so far, as far as properties need it.

    `announced`: negotiationneeded has fired since the flag was last false. `shown`: the signaling
    state that the last signalingstatechange showed. `settled`: the calls whose promises have been
    settled. `unannounced`: the legacy options of createOffer, which update no flag, were used since
    the last return to "stable".
    """

    announced: bool = False
    shown: SignalingState = SignalingState.STABLE
    settled: frozenset[int] = frozenset()
    unannounced: bool = False

    def after(self, label: Label, state: Connection) -> Memory:
        """What is remembered after a step to `state`."""
        fired = isinstance(label, Event) and label.name == "negotiationneeded"
        changed = isinstance(label, Event) and label.name == "signalingstatechange"
        back = changed and state.signaling_state is SignalingState.STABLE
        settled = {label.call} if isinstance(label, Resolve | Reject) else set()
        legacy = isinstance(label, Call) and bool(label.arguments.receive)
        return Memory(
            announced=(self.announced or fired) and state.negotiation_needed,
            shown=state.signaling_state if changed else self.shown,
            settled=self.settled | settled,
            unannounced=legacy or (self.unannounced and not back),
        )


class Place(msgspec.Struct, frozen=True, cache_hash=True):
    """A connection, what is remembered of it, and how often each input was used."""

    connection: Connection
    memory: Memory
    used: tuple[int, ...]


class Moment(msgspec.Struct, frozen=True):
    """One step, as a property sees it: `memory` is from before it."""

    specification: Specification
    before: Connection
    label: Label
    after: Connection
    memory: Memory

    def fires(self, event: str) -> bool:
        """Whether the step dispatches this event."""
        return isinstance(self.label, Event) and self.label.name == event

    def runs(self, name: str) -> bool:
        """Whether the step is the internal one whose name begins so."""
        return isinstance(self.label, Internal) and self.label.name.startswith(name)


class Exploration(msgspec.Struct):
    """Everything that was reached: the places in the order of discovery, and the steps.

    `steps` are (index of the place before, label, index of the place after); `came_from` is the
    step by which a place was discovered, None for the first. `complete` tells that nothing was cut
    off by a depth or a bound.
    """

    specification: Specification
    places: list[Place]
    steps: list[tuple[int, Label, int]]
    came_from: list[int | None]
    complete: bool = True

    @property
    def states(self) -> frozenset[Connection]:
        """The different states of the connection."""
        return frozenset(place.connection for place in self.places)

    def path(self, place: int) -> tuple[Label, ...]:
        """A shortest path to the place of this index."""
        labels: list[Label] = []
        while (step := self.came_from[place]) is not None:
            place, label, _ = self.steps[step]
            labels.append(label)
        return tuple(reversed(labels))

    def moment(self, here: int, label: Label, there: int) -> Moment:
        """One step, as properties see it."""
        before, after = self.places[here], self.places[there]
        return Moment(self.specification, before.connection, label, after.connection, before.memory)


def explore(
    specification: Specification,
    inputs: Iterable[Input],
    *,
    depth: int | None = None,
    bound: int = BOUND,
) -> Exploration:
    """All that the inputs can lead to, breadth first.

    `depth` is the longest path in steps, `bound` the largest number of places; what lies beyond is
    left out, and `complete` is then false.
    """
    inputs = tuple(inputs)
    first = Place(specification.initial(), Memory(), (0,) * len(inputs))
    found = Exploration(specification, [first], [], [None])
    index, depths = {first: 0}, [0]
    for here, place in enumerate(found.places):  # the list grows while it is read
        if depth is not None and depths[here] >= depth:
            found.complete &= next(_next_places(specification, inputs, place), None) is None
            continue
        for label, there in _next_places(specification, inputs, place):
            if there not in index and len(index) >= bound:
                found.complete = False
                continue
            if there not in index:
                index[there] = len(found.places)
                found.places.append(there)
                found.came_from.append(len(found.steps))
                depths.append(depths[here] + 1)
            found.steps.append((here, label, index[there]))
    return found


def _next_places(
    specification: Specification, inputs: tuple[Input, ...], place: Place
) -> Iterator[tuple[Label, Place]]:
    for label, state in specification.successors(place.connection):
        yield label, Place(state, place.memory.after(label, state), place.used)
    if not specification.may_script_run(place.connection):
        return
    for number, each in enumerate(inputs):
        call = None
        if place.used[number] < each.times:
            call = each.make(place.connection, sum(place.used) + 1)
        if call is None:
            continue
        used = (*place.used[:number], place.used[number] + 1, *place.used[number + 1 :])
        for state in specification.call(place.connection, call):
            yield call, Place(state, place.memory.after(call, state), used)

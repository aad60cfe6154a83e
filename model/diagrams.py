"""Diagrams of the model, as nodes and edges: pure, nothing is drawn here.

No edge is drawn by hand. The signaling states come from the table. The life of an operation and
that of the negotiation-needed flag are read off the step relation: small sets of calls are explored
exhaustively, and each step becomes an edge between what the diagram shows of the two states.

A dashed edge exists in one reading of the specification only, and its label names the reading; a
line style or a colour never means anything that the label does not say.

What a diagram shows of a step (`Diagram.shown`) is what its edges were made of, so that steps seen
elsewhere, in recordings say, are counted on the same edges.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

import msgspec

from .description import Description, Section
from .enums import Direction, Kind, SdpType, Side, SignalingState
from .explore import Input, explore
from .flag import UPDATE_TASK
from .labels import Arguments, Call, Internal, Label
from .readings import Readings
from .signaling import TRANSITIONS, Transition
from .source import REVISION
from .specification import Specification
from .state import Connection, Operation, Stage

ANY = "any"

Mark = Literal["", "unseen", "forbidden", "left", "right"]

SIGNS: dict[Mark, str] = {"": "", "unseen": "", "forbidden": "✗ ", "left": "◀ ", "right": "▶ "}
"""The sign of each mark, beside the colour or the dashes."""

WIDEST_STROKE = 5.0


class Shown(msgspec.Struct, frozen=True, order=True):
    """An edge by its ends, and the line of its label that tells how one came along it."""

    source: str
    target: str
    line: str


class Node(msgspec.Struct, frozen=True):
    """A box. `lines` are its text; `place` its column and row, for those who lay it out by hand.

    `role` is "state", "start" (where it begins) or "end" (where nothing follows).
    """

    id: str
    lines: tuple[str, ...]
    place: tuple[float, float]
    role: str = "state"


class Edge(msgspec.Struct, frozen=True):
    """An arrow. `lines` are the ways to go along it, `reading` names the only one that has it.

    `mark` is what is special about it, and `word` says so. `weight` is how often it was seen (None:
    nobody counted). `tooltip` is shown where a picture can.
    """

    source: str
    target: str
    lines: tuple[str, ...]
    reading: tuple[str, ...] = ()
    mark: Mark = ""
    word: str = ""
    weight: int | None = None
    tooltip: str = ""

    @property
    def dashed(self) -> bool:
        """Whether it is drawn dashed: never seen, or where nobody counted, in one reading only."""
        return self.mark == "unseen" or (self.weight is None and bool(self.reading))

    @property
    def told(self) -> tuple[str, ...]:
        """All lines of its label."""
        word = (SIGNS[self.mark] + self.word,) if self.word else ()
        return (*word, *self.lines, *self.reading)

    @property
    def stroke(self) -> float:
        """How wide it is drawn: wider, the more often it was seen."""
        return min(1 + math.log10(1 + (self.weight or 0)), WIDEST_STROKE)


class Graph(msgspec.Struct, frozen=True):
    """A diagram before anybody draws it."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[str, ...] = ()


Shows = Callable[[Specification, Connection, Label, Connection], Iterator[Shown]]


class Diagram(msgspec.Struct, frozen=True):
    """A diagram that can be asked for by name.

    `shown` is what it shows of a step; None: it is made of the table, see `signaling_shown`.
    """

    name: str
    says: str
    graph: Callable[[], Graph]
    shown: Shows | None = None


def diagram_graph(what: str) -> Graph:
    """The nodes and edges of a diagram.

    Raises:
        ValueError: there is no such diagram; the message lists those there are.
    """
    if what not in DIAGRAMS:
        raise ValueError(f"no diagram named {what!r}; there are {', '.join(DIAGRAMS)}")
    return DIAGRAMS[what].graph()


# The signaling states, from the table.

_PLACES = {
    SignalingState.STABLE: (1.0, 0.0),
    SignalingState.HAVE_LOCAL_OFFER: (0.2, 1.5),
    SignalingState.HAVE_REMOTE_OFFER: (1.8, 1.5),
    SignalingState.HAVE_REMOTE_PRANSWER: (-0.6, 2.6),
    SignalingState.HAVE_LOCAL_PRANSWER: (2.6, 2.6),
    SignalingState.CLOSED: (1.5, 2.8),
}


def signaling_graph(rows: Iterable[Transition] = TRANSITIONS) -> Graph:
    """The signaling states and the descriptions that lead from one to another."""
    roles = {SignalingState.STABLE: "start", SignalingState.CLOSED: "end"}
    nodes = [
        Node(str(state), (str(state),), _PLACES[state], roles.get(state, "state"))
        for state in SignalingState
    ]
    nodes.append(Node(ANY, ("any state",), (0.5, 2.8)))
    edges = [
        Edge(str(row.source), str(row.target), tuple(lines), _reading(row))
        for row, lines in _grouped(rows)
    ]
    edges.append(Edge(ANY, str(SignalingState.CLOSED), (CLOSE,)))
    return Graph(
        "Signaling states of an RTCPeerConnection",
        tuple(nodes),
        tuple(edges),
        (
            "an arrow: setting a local or remote description of this type",
            "dashed: only in the reading that its label names",
            f"webrtc-pc {REVISION[:12]}",
        ),
    )


CLOSE = "close()"
CLOSING = Shown(ANY, str(SignalingState.CLOSED), CLOSE)
"""What the diagram of the signaling states shows of close()."""


def signaling_shown(
    rows: Iterable[Transition] = TRANSITIONS,
) -> dict[tuple[SignalingState, Side, SdpType], Shown]:
    """What the diagram shows of each row of the table."""
    return {
        (one.source, one.side, one.type): Shown(str(row.source), str(row.target), line)
        for row, lines in _grouped(rows)
        for line, told in lines.items()
        for one in told
    }


def _grouped(
    rows: Iterable[Transition],
) -> Iterator[tuple[Transition, dict[str, list[Transition]]]]:
    """The edges, each by one of its rows, with the lines of its label and the rows of each."""
    groups: dict[tuple[str, str, str | None, str | None], list[Transition]] = {}
    for row in rows:
        key = (str(row.source), str(row.target), row.default_of, row.other_of)
        groups.setdefault(key, []).append(row)
    for group in groups.values():
        by_type: dict[SdpType, list[Transition]] = {}
        for row in group:
            by_type.setdefault(row.type, []).append(row)
        yield (
            group[0],
            {
                f"{' or '.join(one.side for one in told)} {type}": told
                for type, told in by_type.items()
            },
        )


def _reading(row: Transition) -> tuple[str, ...]:
    if row.default_of is not None:
        return "only in the default reading of", row.default_of
    if row.other_of is not None:
        return "only in the other reading of", row.other_of
    return ()


# The life of an operation in the chain, from the steps.

CALLED, EXECUTED, LEFT, FOR_EVER = "called", "executed", "left the chain", "pending for ever"

_STAGES = {
    Stage.WAITING: (0.0, 0.6),
    Stage.CREATING: (0.0, 1.9),
    Stage.APPLYING: (0.7, 2.9),
    Stage.ADDING_CANDIDATE: (2.2, 2.6),
    Stage.REPLACING_TRACK: (3.0, 2.0),
    Stage.TRACK_REPLACED: (3.0, 3.0),
    Stage.SETTLED: (1.6, 4.0),
}


def operation_graph() -> Graph:
    """What becomes of an operation, from the call to its leaving the chain."""
    found: dict[Shown, None] = {}
    methods: dict[Stage, set[str]] = {}
    for before, label, after in _steps(_OPERATION_INPUTS):
        for one in after.operations:
            methods.setdefault(one.stage, set()).add(one.method)
        found.update(dict.fromkeys(operation_shown(_MODEL, before, label, after)))
    nodes = [Node(CALLED, ("the method is called",), (1.6, 0.0), "start")]
    nodes.append(Node(EXECUTED, ("first in the chain:", "executed"), (1.6, 1.2)))
    nodes += [Node(str(one), _stage_lines(one, methods[one]), _STAGES[one]) for one in Stage]
    nodes.append(Node(LEFT, (LEFT,), (1.6, 5.0), "end"))
    nodes.append(Node(ANY, ("anywhere in the chain",), (3.0, 4.0)))
    nodes.append(Node(FOR_EVER, (FOR_EVER,), (3.0, 5.0), "end"))
    found[_LEFT_PENDING] = None
    title = "Life of an operation in the operations chain"
    return Graph(title, tuple(nodes), tuple(_edges(found)))


def _edges(found: Iterable[Shown]) -> Iterator[Edge]:
    lines: dict[tuple[str, str], list[str]] = {}
    for one in found:
        lines.setdefault((one.source, one.target), []).append(one.line)
    for ends, told in lines.items():
        yield Edge(*ends, tuple(told))


def _stage_lines(stage: Stage, methods: set[str]) -> tuple[str, ...]:
    if stage in (Stage.WAITING, Stage.SETTLED):
        return (str(stage),)
    return (str(stage), *(f"{method}()" for method in sorted(methods)))


_LEFT_PENDING = Shown(ANY, FOR_EVER, CLOSE)


def operation_shown(
    specification: Specification, before: Connection, label: Label, after: Connection
) -> Iterator[Shown]:
    """What a step shows, for every operation that it changes."""
    ours, theirs = before.operations, after.operations
    if after.is_closed:
        if not before.is_closed:
            yield from [_LEFT_PENDING] * len(ours)
        return
    if label == Internal("microtask: remove"):
        yield Shown(str(ours[0].stage), LEFT, "after the reactions to its promise")
        ours = ours[1:]
    for old, new in zip(ours, theirs, strict=False):
        if old.stage is Stage.WAITING and new.stage is not Stage.WAITING:
            yield from _executed(str(old.stage), "those before it have left", new)
        elif old.stage is not new.stage or (new.in_parallel and not old.in_parallel):
            yield Shown(str(old.stage), str(new.stage), _goes_on(old, new, label))
    for new in theirs[len(ours) :]:
        if new.stage is Stage.WAITING:
            yield Shown(CALLED, str(Stage.WAITING), "the chain is busy")
        else:
            yield from _executed(CALLED, "the chain is empty", new)


def _executed(source: str, word: str, operation: Operation) -> Iterator[Shown]:
    yield Shown(source, EXECUTED, word)
    settled = operation.stage is Stage.SETTLED
    yield Shown(EXECUTED, str(operation.stage), "refused at once" if settled else "in parallel")


def _goes_on(old: Operation, new: Operation, label: Label) -> str:
    if label == Internal("microtask: continue"):
        rollback = old.stage is Stage.APPLYING
        return "implicit rollback done" if rollback else "setLocalDescription()"
    if old.stage is new.stage:
        return "starts over"
    return "its task" if new.stage is not Stage.SETTLED else "its task: resolved or rejected"


# The life of the negotiation-needed flag, from the steps.

IDLE, REMEMBERED, QUEUED = "nothing queued", "update remembered", "update queued"

_FLAG_PLACES = {
    (False, IDLE): (0.0, 1.3),
    (False, QUEUED): (1.4, 1.3),
    (False, REMEMBERED): (2.8, 1.3),
    (True, REMEMBERED): (0.0, 0.0),
    (True, QUEUED): (1.4, 0.0),
    (True, IDLE): (2.8, 0.0),
}


def flag_graph() -> Graph:
    """How [[NegotiationNeeded]] and the updates of it follow one another."""
    found: dict[Shown, None] = {}
    for before, label, after in _steps(_FLAG_INPUTS):
        found.update(dict.fromkeys(flag_shown(_MODEL, before, label, after)))
    nodes = [
        Node(
            f"{str(flag).lower()}, {update}",
            (f"[[NegotiationNeeded]] {str(flag).lower()}", update),
            place,
            "start" if not flag and update == IDLE else "state",
        )
        for (flag, update), place in _FLAG_PLACES.items()
    ]
    return Graph("Life of the negotiation-needed flag", tuple(nodes), tuple(_edges(found)))


def flag_shown(
    specification: Specification, before: Connection, label: Label, after: Connection
) -> Iterator[Shown]:
    """What a step shows of the flag and its updates."""
    source, target = _flag_id(before), _flag_id(after)
    if source != target and not before.is_closed:
        yield Shown(source, target, _flag_word(specification, before, label))


def _flag_id(state: Connection) -> str:
    update = IDLE
    if UPDATE_TASK in state.tasks:
        update = QUEUED
    elif state.update_negotiation_needed_flag_on_empty_chain:
        update = REMEMBERED
    return f"{str(state.negotiation_needed).lower()}, {update}"


def _flag_word(specification: Specification, before: Connection, label: Label) -> str:
    if isinstance(label, Call):
        busy = not specification.is_chain_empty(before)
        return "a change, the chain is busy" if busy else "a change, the chain is empty"
    if label == Internal("microtask: remove"):
        return "the chain becomes empty"
    if label != Internal(f"task: {UPDATE_TASK.name}"):
        return 'back to "stable": cleared'
    if not specification.is_chain_empty_in_the_task(before):
        return "its task: the chain is busy"
    if not specification.is_stable_for_the_flag(before):
        return 'its task: not "stable"'
    if not specification.check_if_negotiation_is_needed(before):
        return "its task: nothing to negotiate"
    if specification.is_flag_already_true(before):
        return "its task: already true"
    return "its task: fire negotiationneeded"


# What is explored for the two lives.

_MODEL = Specification(Readings())


def _method(name: str, times: int = 1, **arguments: object) -> Input:
    made = msgspec.convert(arguments, Arguments)
    return Input(name, lambda _, number: Call(number, name, made), times)


def _on_first(name: str, **arguments: object) -> Input:
    def make(state: Connection, number: int) -> Call | None:
        if not state.transceivers:
            return None
        told = {"transceiver": state.transceivers[0].id, **arguments}
        return Call(number, name, msgspec.convert(told, Arguments))

    return Input(name, make)


_REMOTE = Description(SdpType.OFFER, "offer", (Section(Kind.AUDIO, "m"),), frozenset({"ice"}))
_ADD = _method("addTransceiver", kind="audio")
_ADD_TRACK = _method("addTrack", kind="audio")
_OFFER = _method("createOffer")
_SET = _method("setLocalDescription")
_SET_REMOTE = Input(
    "setRemoteDescription",
    lambda _, n: Call(n, "setRemoteDescription", Arguments(SdpType.OFFER, _REMOTE)),
)
_ROLLBACK = _method("setLocalDescription", type=SdpType.ROLLBACK)
_CANDIDATE = _method("addIceCandidate")
_REPLACE = _on_first("replaceTrack")
_SEND = _on_first("direction", direction=Direction.SENDRECV)
_RECEIVE = _on_first("direction", direction=Direction.RECVONLY)

_OPERATION_INPUTS = (
    (_OFFER, _SET_REMOTE),
    (_OFFER, _method("createAnswer", 2)),
    (_OFFER, _SET),
    (_SET, _SET_REMOTE),
    (_SET_REMOTE, _method("createAnswer")),
    (_SET_REMOTE, _CANDIDATE),
    (_SET_REMOTE, _ADD_TRACK),
    (_ADD, _OFFER, _REPLACE),
)
_FLAG_INPUTS = (
    (_method("addTransceiver", 2, kind="audio"), _OFFER),
    (_method("addTransceiver", 2, kind="audio"), _SET, _ROLLBACK),
    (_SET_REMOTE, _SET, _SEND, _RECEIVE),
)


def _steps(
    several: tuple[tuple[Input, ...], ...],
) -> Iterator[tuple[Connection, Label, Connection]]:
    for inputs in several:
        found = explore(_MODEL, inputs)
        for here, label, there in found.steps:
            yield found.places[here].connection, label, found.places[there].connection


DIAGRAMS = {
    diagram.name: diagram
    for diagram in (
        Diagram("signaling", "the signaling states, from the table", signaling_graph),
        Diagram(
            "operation",
            "what becomes of an operation in the chain",
            operation_graph,
            operation_shown,
        ),
        Diagram("flag", "the negotiation-needed flag and its updates", flag_graph, flag_shown),
    )
}
"""Every diagram there is, by name."""

"""The lives of an operation and of the negotiation-needed flag, as diagrams.

They are read off the step relation: small sets of calls are explored exhaustively, and each step
becomes an edge between what the diagram shows of the two states.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from .description import Description, Section
from .enums import Direction, Kind, SdpType
from .explore import Input, explore
from .flag import UPDATE_TASK
from .graphs import ANY, CLOSE, Edge, Graph, Node, Shown
from .labels import Arguments, Call, Internal, Label
from .readings import Readings
from .specification import Specification
from .state import Connection, Operation, Stage

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

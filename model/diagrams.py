"""Diagrams of the model, as DOT and Mermaid text: pure, nothing is drawn here.

No edge is drawn by hand. The signaling states come from the table. The life of an operation and
that of the negotiation-needed flag are read off the step relation: small sets of calls are explored
exhaustively, and each step becomes an edge between what the diagram shows of the two states.

A dashed edge exists in one reading of the specification only, and its label names the reading; a
line style never means anything that the label does not say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from .description import Description, Section
from .enums import Direction, Kind, SdpType, SignalingState
from .explore import Input, explore
from .flag import UPDATE_TASK
from .labels import Arguments, Call, Internal, Label
from .readings import Readings
from .signaling import TRANSITIONS, Transition
from .source import REVISION
from .specification import Specification
from .state import Connection, Operation, Stage

ANY = "any"


class Node(msgspec.Struct, frozen=True):
    """A box. `lines` are its text; `place` its column and row, for those who lay it out by hand.

    `role` is "state", "start" (where it begins) or "end" (where nothing follows).
    """

    id: str
    lines: tuple[str, ...]
    place: tuple[float, float]
    role: str = "state"


class Edge(msgspec.Struct, frozen=True):
    """An arrow. `lines` are its label; `dashed` that only one reading has it."""

    source: str
    target: str
    lines: tuple[str, ...]
    dashed: bool = False


class Graph(msgspec.Struct, frozen=True):
    """A diagram before anybody draws it."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[str, ...] = ()


class Diagram(msgspec.Struct, frozen=True):
    """A diagram that can be asked for by name."""

    name: str
    says: str
    graph: Callable[[], Graph]


def diagram_graph(what: str) -> Graph:
    """The nodes and edges of a diagram.

    Raises:
        ValueError: there is no such diagram; the message lists those there are.
    """
    if what not in DIAGRAMS:
        raise ValueError(f"no diagram named {what!r}; there are {', '.join(DIAGRAMS)}")
    return DIAGRAMS[what].graph()


def diagram_dot(what: str) -> str:
    """A diagram in the DOT language of Graphviz.

    Raises:
        ValueError: there is no such diagram.
    """
    graph = diagram_graph(what)
    head = (graph.title, *graph.legend)
    lines = [
        f"digraph {_quoted(what)} {{",
        f'  graph [label={_quoted(*head)} labelloc=t fontname="sans-serif" fontsize=13'
        " nodesep=0.6 ranksep=0.75 pad=0.3];",
        '  node [shape=box style=rounded fontname="sans-serif" fontsize=12 margin="0.18,0.09"];',
        '  edge [fontname="sans-serif" fontsize=10 arrowsize=0.8];',
        *(f"  {_quoted(one.id)} [{_dot_node(one)}];" for one in graph.nodes),
        *(_dot_edge(one) for one in graph.edges),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _dot_node(node: Node) -> str:
    styles = {"start": " penwidth=2", "end": " peripheries=2", "state": ""}
    return f"label={_quoted(*node.lines)}{styles[node.role]}"


def _dot_edge(edge: Edge) -> str:
    dashed = " style=dashed" if edge.dashed else ""
    # The spaces keep the text off the line beside it.
    label = _quoted(*(f" {line} " for line in edge.lines))
    return f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={label}{dashed}];"


def _quoted(*lines: str) -> str:
    escaped = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(escaped) + '"'


def diagram_mermaid(what: str) -> str:
    """A diagram as a Mermaid flowchart.

    Raises:
        ValueError: there is no such diagram.
    """
    graph = diagram_graph(what)
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [
        "---",
        f"title: {msgspec.json.encode(graph.title).decode()}",
        "---",
        "flowchart TB",
        *(f"  %% {line}" for line in graph.legend),
        *(f"  {names[one.id]}{_mermaid_node(one)}" for one in graph.nodes),
        *(_mermaid_edge(one, names) for one in graph.edges),
    ]
    return "\n".join(lines) + "\n"


def _mermaid_node(node: Node) -> str:
    shapes = {"start": ("([", "])"), "end": ("[[", "]]"), "state": ("(", ")")}
    opening, closing = shapes[node.role]
    return f"{opening}{_mermaid_text(node.lines)}{closing}"


def _mermaid_edge(edge: Edge, names: dict[str, str]) -> str:
    arrow = "-.->" if edge.dashed else "-->"
    label = _mermaid_text(edge.lines)
    return f"  {names[edge.source]} {arrow}|{label}| {names[edge.target]}"


def _mermaid_text(lines: Iterable[str]) -> str:
    return '"' + "<br/>".join(line.replace('"', "#quot;") for line in lines) + '"'


# The signaling states, from the table.

_PLACES = {
    SignalingState.STABLE: (1.0, 0.0),
    SignalingState.HAVE_LOCAL_OFFER: (0.2, 1.5),
    SignalingState.HAVE_REMOTE_OFFER: (1.8, 1.5),
    SignalingState.HAVE_REMOTE_PRANSWER: (-0.6, 2.6),
    SignalingState.HAVE_LOCAL_PRANSWER: (2.6, 2.6),
    SignalingState.CLOSED: (1.5, 2.8),
}


def signaling_graph() -> Graph:
    """The signaling states and the descriptions that lead from one to another."""
    roles = {SignalingState.STABLE: "start", SignalingState.CLOSED: "end"}
    nodes = [
        Node(str(state), (str(state),), _PLACES[state], roles.get(state, "state"))
        for state in SignalingState
    ]
    nodes.append(Node(ANY, ("any state",), (0.5, 2.8)))
    groups: dict[tuple[str, str, str | None, str | None], list[Transition]] = {}
    for row in TRANSITIONS:
        key = (str(row.source), str(row.target), row.default_of, row.other_of)
        groups.setdefault(key, []).append(row)
    edges = [
        Edge(source, target, _grouped(rows, default, other), dashed=bool(default or other))
        for (source, target, default, other), rows in groups.items()
    ]
    edges.append(Edge(ANY, str(SignalingState.CLOSED), ("close()",)))
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


def _grouped(rows: list[Transition], default: str | None, other: str | None) -> tuple[str, ...]:
    sides = {row.type: [one.side for one in rows if one.type is row.type] for row in rows}
    lines = [f"{' or '.join(one)} {type}" for type, one in sides.items()]
    if default is not None:
        lines += ["only in the default reading of", default]
    if other is not None:
        lines += ["only in the other reading of", other]
    return tuple(lines)


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
    words: dict[tuple[str, str], dict[str, None]] = {}
    methods: dict[Stage, set[str]] = {}
    for before, label, after in _steps(_OPERATION_INPUTS):
        for one in after.operations:
            methods.setdefault(one.stage, set()).add(one.method)
        for source, target, word in _changes(before, label, after):
            words.setdefault((source, target), {})[word] = None
    nodes = [Node(CALLED, ("the method is called",), (1.6, 0.0), "start")]
    nodes.append(Node(EXECUTED, ("first in the chain:", "executed"), (1.6, 1.2)))
    nodes += [Node(str(one), _stage_lines(one, methods[one]), _STAGES[one]) for one in Stage]
    nodes.append(Node(LEFT, (LEFT,), (1.6, 5.0), "end"))
    nodes.append(Node(ANY, ("anywhere in the chain",), (3.0, 4.0)))
    nodes.append(Node(FOR_EVER, (FOR_EVER,), (3.0, 5.0), "end"))
    edges = [Edge(*ends, tuple(told)) for ends, told in words.items()]
    edges.append(Edge(ANY, FOR_EVER, ("close()",)))
    return Graph("Life of an operation in the operations chain", tuple(nodes), tuple(edges))


def _stage_lines(stage: Stage, methods: set[str]) -> tuple[str, ...]:
    if stage in (Stage.WAITING, Stage.SETTLED):
        return (str(stage),)
    return (str(stage), *(f"{method}()" for method in sorted(methods)))


def _changes(before: Connection, label: Label, after: Connection) -> Iterator[tuple[str, str, str]]:
    """The edges that a step shows, each with its word, for every operation that it changes."""
    ours = {one.call: one for one in before.operations}
    theirs = {one.call: one for one in after.operations}
    for call, old in ours.items():
        new = theirs.get(call)
        if new is None:
            yield str(old.stage), LEFT, "after the reactions to its promise"
        elif old.stage is Stage.WAITING and new.stage is not Stage.WAITING:
            yield from _executed(str(old.stage), "those before it have left", new)
        elif old.stage is not new.stage or (new.in_parallel and not old.in_parallel):
            yield str(old.stage), str(new.stage), _goes_on(old, new, label)
    for call in theirs.keys() - ours.keys():
        if theirs[call].stage is Stage.WAITING:
            yield CALLED, str(Stage.WAITING), "the chain is busy"
        else:
            yield from _executed(CALLED, "the chain is empty", theirs[call])


def _executed(source: str, word: str, operation: Operation) -> Iterator[tuple[str, str, str]]:
    yield source, EXECUTED, word
    settled = operation.stage is Stage.SETTLED
    yield EXECUTED, str(operation.stage), "refused at once" if settled else "in parallel"


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
    specification = Specification()
    words: dict[tuple[str, str], dict[str, None]] = {}
    for before, label, after in _steps(_FLAG_INPUTS):
        source, target = _flag_id(before), _flag_id(after)
        if source != target:
            word = _flag_word(specification, before, label)
            words.setdefault((source, target), {})[word] = None
    nodes = [
        Node(
            f"{str(flag).lower()}, {update}",
            (f"[[NegotiationNeeded]] {str(flag).lower()}", update),
            place,
            "start" if not flag and update == IDLE else "state",
        )
        for (flag, update), place in _FLAG_PLACES.items()
    ]
    edges = (Edge(*ends, tuple(told)) for ends, told in words.items())
    return Graph("Life of the negotiation-needed flag", tuple(nodes), tuple(edges))


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
    specification = Specification(Readings())
    for inputs in several:
        found = explore(specification, inputs)
        for here, label, there in found.steps:
            yield found.places[here].connection, label, found.places[there].connection


DIAGRAMS = {
    diagram.name: diagram
    for diagram in (
        Diagram("signaling", "the signaling states, from the table", signaling_graph),
        Diagram("operation", "what becomes of an operation in the chain", operation_graph),
        Diagram("flag", "the negotiation-needed flag and its updates", flag_graph),
    )
}
"""Every diagram there is, by name."""

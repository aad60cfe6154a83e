"""Diagrams of the model, as nodes and edges: pure, nothing is drawn here.

No edge is drawn by hand. The signaling states come from the table; the life of an operation and
that of the negotiation-needed flag (`lives`) are read off the step relation.

What a diagram shows of a step (`Diagram.shown`) is what its edges were made of, so that steps seen
elsewhere, in recordings say, are counted on the same edges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from .enums import SdpType, Side, SignalingState
from .graphs import ANY, CLOSE, Edge, Graph, Node, Shown
from .labels import Label
from .lives import flag_graph, flag_shown, operation_graph, operation_shown
from .signaling import TRANSITIONS, Transition
from .source import REVISION
from .specification import Specification
from .state import Connection

Shows = Callable[[Specification, Connection, Label, Connection], Iterator[Shown]]


class Diagram(msgspec.Struct, frozen=True):
    """A diagram that can be asked for by name.

    `shown` is what it shows of a step; None: it is made of the table, see `signaling_shown`.
    """

    name: str
    says: str
    graph: Callable[[], Graph]
    shown: Shows | None = None


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


def diagram_graph(what: str) -> Graph:
    """The nodes and edges of a diagram.

    Raises:
        ValueError: there is no such diagram; the message lists those there are.
    """
    if what not in DIAGRAMS:
        raise ValueError(f"no diagram named {what!r}; there are {', '.join(DIAGRAMS)}")
    return DIAGRAMS[what].graph()

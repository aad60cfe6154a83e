"""The model's diagrams with what recordings show of them: counts, and how two sets differ."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import msgspec

from negotiation.model.diagrams import DIAGRAMS, diagram_graph
from negotiation.model.graphs import SIGNS, Edge, Graph, Mark, Node, Shown

from ..counts import count
from ..paper import plain
from .observed import UNTOLD, Tally

NEVER = "never seen"
FORBIDDEN = "forbidden: not in the table"

LONGEST_STATE = 30
LEGEND_WIDTH = 88

_HISTORIES = (
    "no script can read this: what is counted are the steps of one history of the model that"
    " explains each recording"
)


class Side(msgspec.Struct, frozen=True):
    """One of the sets of recordings that a diagram is of; `name` is what it is called."""

    name: str
    tally: Tally


def observed_graph(what: str, side: Side) -> Graph:
    """The model's diagram with how often each edge was seen."""
    tally = side.tally
    graph = _extended(diagram_graph(what), tally.counts)
    edges = tuple(_counted(one, tally) for one in graph.edges)
    legend = (
        f"observed: {_told(side)}",
        "×: how often, and the wider the more often; dashed: never seen there",
        *_legend_of(what, edges, [side]),
    )
    return _retold(graph, f"{graph.title}, as observed", edges, legend)


def differing_graph(what: str, left: Side, right: Side) -> Graph:
    """The model's diagram with how often each edge was seen in either set of recordings."""
    graph = _extended(diagram_graph(what), left.tally.counts | right.tally.counts)
    edges = tuple(_compared(one, left, right) for one in graph.edges)
    legend = (
        f"left of the bar: {_told(left)}",
        f"right of the bar: {_told(right)}",
        "×: how often; dashed: never seen in either",
        f"{SIGNS['left']}blue: only left of the bar; {SIGNS['right']}orange: only right of it",
        *_legend_of(what, edges, [left, right]),
    )
    return _retold(graph, f"{graph.title}, compared", edges, legend)


def _told(side: Side) -> str:
    return f"{side.name}, {count(side.tally.peers, 'connection')}"


def _retold(graph: Graph, title: str, edges: tuple[Edge, ...], legend: Iterable[str]) -> Graph:
    kept = [line for line in graph.legend if not line.startswith("dashed")]
    lines = [part for line in (*kept, *legend) for part in textwrap.wrap(plain(line), LEGEND_WIDTH)]
    return msgspec.structs.replace(graph, title=title, edges=edges, legend=tuple(lines))


def _legend_of(what: str, edges: Iterable[Edge], sides: list[Side]) -> Iterator[str]:
    if any(one.mark == "forbidden" for one in edges):
        yield f"{SIGNS['forbidden']}red: a recording shows it and the table does not have it"
    for side in sides:
        tally = side.tally
        of = f" of {side.name}" if len(sides) > 1 else ""
        if tally.late:
            yield f"changes{of} that the recordings do not tell apart, left out: {tally.late}"
        if tally.departures and DIAGRAMS[what].shown is not None:
            yield f"departures{of} from the model, left out: {tally.departures}"
        if tally.partly:
            yield f"connections{of} that could not be followed to their end: {tally.partly}"
    if DIAGRAMS[what].shown is not None:
        yield _HISTORIES


# Edges that the model does not have.


def _extended(graph: Graph, counts: Iterable[Shown]) -> Graph:
    """The graph with what it has no edge for, and a node for each state that it does not have."""
    known = {(one.source, one.target): one for one in reversed(graph.edges) if not one.reading}
    lines = {(one.source, one.target, line) for one in graph.edges for line in one.lines}
    untold: set[Edge] = set()
    forbidden: dict[tuple[str, str], list[str]] = {}
    for one in sorted(counts):
        ends = (one.source, one.target)
        if one.line == UNTOLD and ends in known:
            untold.add(known[ends])
        elif (*ends, one.line) not in lines:
            forbidden.setdefault(ends, []).append(one.line)
    edges = [_with_untold(one) if one in untold else one for one in graph.edges]
    edges += (
        Edge(*ends, tuple(told), mark="forbidden", word=FORBIDDEN)
        for ends, told in forbidden.items()
    )
    nodes = (*graph.nodes, *_strange_nodes(graph, edges))
    return msgspec.structs.replace(graph, nodes=nodes, edges=tuple(edges))


def _with_untold(edge: Edge) -> Edge:
    return msgspec.structs.replace(edge, lines=(*edge.lines, UNTOLD))


def _strange_nodes(graph: Graph, edges: Iterable[Edge]) -> Iterator[Node]:
    ends = {end for one in edges for end in (one.source, one.target)}
    strange = sorted(ends - {node.id for node in graph.nodes})
    for number, id in enumerate(strange):
        short = id if len(id) <= LONGEST_STATE else f"{id[:LONGEST_STATE]}…"
        place = (float(number % 3), 4.2 + number // 3)
        yield Node(id, (repr(short), "no state of the specification"), place)


# Counts.


def _counted(edge: Edge, tally: Tally) -> Edge:
    shown = [Shown(edge.source, edge.target, line) for line in edge.lines]
    weight = sum(tally.counts[one] for one in shown)
    if weight == 0:
        return msgspec.structs.replace(edge, mark="unseen", word=NEVER, weight=0)
    return msgspec.structs.replace(
        edge,
        lines=tuple(f"{one.line} ×{tally.counts[one]}" for one in shown),
        weight=weight,
        tooltip=_places(shown, [tally]),
    )


def _compared(edge: Edge, left: Side, right: Side) -> Edge:
    shown = [Shown(edge.source, edge.target, line) for line in edge.lines]
    ours = sum(left.tally.counts[one] for one in shown)
    theirs = sum(right.tally.counts[one] for one in shown)
    if ours + theirs == 0:
        return msgspec.structs.replace(edge, mark="unseen", word=NEVER, weight=0)
    mark, word = _apart(edge, left.name if ours else "", right.name if theirs else "")
    counts = [(left.tally.counts[one], right.tally.counts[one]) for one in shown]
    lines = (f"{one.line} ×{a} | ×{b}" for one, (a, b) in zip(shown, counts, strict=True))
    return msgspec.structs.replace(
        edge,
        lines=tuple(lines),
        mark=mark,
        word=word,
        weight=ours + theirs,
        tooltip=_places(shown, [left.tally, right.tally]),
    )


def _apart(edge: Edge, left: str, right: str) -> tuple[Mark, str]:
    """The mark and the word of an edge that was seen in the sets with these names."""
    only = "" if left and right else f"only {left or right}"
    if edge.mark == "forbidden":
        return "forbidden", f"{edge.word}; {only}" if only else edge.word
    if not only:
        return "", ""
    return ("left" if left else "right"), only


def _places(shown: list[Shown], tallies: list[Tally]) -> str:
    """Where it was seen first."""
    told = [
        f"{one.line}: {file}:{line}"
        for one in shown
        for file, line in [tally.sample[one] for tally in tallies if one in tally.sample][:1]
    ]
    return plain("first seen: " + "; ".join(told))

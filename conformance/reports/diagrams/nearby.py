"""No more of a diagram than a person can read: what is near a node, within a bound."""

from __future__ import annotations

import msgspec

from negotiation.model.graphs import Edge, Graph

from ...errors import UsageError, did_you_mean

MOST_NODES = 40

ORDER = ("forbidden", "left", "right", "", "unseen")
"""Marks of edges, those first that are kept where there are too many nodes."""


def focused(graph: Graph, focus: str | None, depth: int = 1) -> Graph:
    """What is at most `depth` arrows away from a node, either way; all without a focus.

    Raises:
        UsageError: there is no such node.
    """
    if focus is None:
        return graph
    near = {_named(graph, focus)}
    for _ in range(depth):
        near |= {
            end
            for one in graph.edges
            for end in (one.source, one.target)
            if {one.source, one.target} & near
        }
    return _only(graph, near, f"only what is within {depth} of {focus!r}; --depth shows more")


def bounded(graph: Graph, most: int = MOST_NODES) -> Graph:
    """The graph with no more nodes than that; the legend tells how to see the others."""
    if len(graph.nodes) <= most:
        return graph
    kept: dict[str, None] = {}
    for one in sorted(graph.edges, key=lambda edge: (ORDER.index(edge.mark), -(edge.weight or 0))):
        kept.update(dict.fromkeys((one.source, one.target)))
    near = {*[*kept, *(node.id for node in graph.nodes if node.id not in kept)][:most]}
    left_out = len(graph.nodes) - len(near)
    return _only(
        graph, near, f"{left_out} more nodes are left out; --focus NODE shows those near one"
    )


def _named(graph: Graph, focus: str) -> str:
    ids = {node.id: node.id for node in graph.nodes}
    ids |= {node.lines[0]: node.id for node in graph.nodes}
    if focus in ids:
        return ids[focus]
    names = [repr(node.id) for node in graph.nodes]
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    hint = did_you_mean(focus, ids, f"there are {listed}")
    raise UsageError(f"--focus {focus!r}: the diagram has no such node; {hint}")


def _only(graph: Graph, near: set[str], told: str) -> Graph:
    edges: tuple[Edge, ...] = tuple(
        one for one in graph.edges if one.source in near and one.target in near
    )
    return msgspec.structs.replace(
        graph,
        nodes=tuple(node for node in graph.nodes if node.id in near),
        edges=edges,
        legend=(*graph.legend, told),
    )

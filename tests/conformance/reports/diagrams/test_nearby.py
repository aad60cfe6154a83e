"""Focus and bounds: what is near a node, and never more nodes than a person can read."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from negotiation.conformance.errors import UsageError
from negotiation.conformance.reports.diagrams.nearby import MOST_NODES, bounded, focused
from negotiation.model.diagrams import diagram_graph
from negotiation.model.graphs import Edge, Graph, Node


def wide(nodes: int) -> Graph:
    """A chain of nodes, the last arrow of which is forbidden."""
    names = [f"s{number}" for number in range(nodes)]
    edges = [
        Edge(one, other, ("x",), weight=1, mark="forbidden" if other == names[-1] else "")
        for one, other in pairwise(names)
    ]
    return Graph("wide", tuple(Node(one, (one,), (0.0, 0.0)) for one in names), tuple(edges))


def test_without_a_focus_all_is_shown() -> None:
    graph = diagram_graph("signaling")
    assert focused(graph, None) is graph


def test_a_focus_shows_what_is_near() -> None:
    graph = wide(10)
    assert [one.id for one in focused(graph, "s4", 0).nodes] == ["s4"]
    near = focused(graph, "s4", 2)
    assert [one.id for one in near.nodes] == ["s2", "s3", "s4", "s5", "s6"]
    assert len(near.edges) == 4
    assert near.legend == ("only what is within 2 of 's4'; --depth shows more",)


def test_a_node_can_be_named_by_its_text() -> None:
    graph = diagram_graph("signaling")
    assert {one.id for one in focused(graph, "any state").nodes} == {"any", "closed"}


def test_a_focus_that_there_is_not_is_refused() -> None:
    graph = diagram_graph("signaling")
    with pytest.raises(UsageError, match="did you mean have-local-offer"):
        focused(graph, "have-local-ofer")
    with pytest.raises(UsageError, match=re.escape("there are 'stable', ")):
        focused(graph, "xyz")


def test_there_are_never_more_nodes_than_a_person_can_read() -> None:
    graph = wide(100)
    shown = bounded(graph)
    assert len(shown.nodes) == MOST_NODES
    assert shown.legend == ("60 more nodes are left out; --focus NODE shows those near one",)
    assert {"s98", "s99"} <= {one.id for one in shown.nodes}, "what is forbidden is kept"
    ids = {one.id for one in shown.nodes}
    assert all({one.source, one.target} <= ids for one in shown.edges)


def test_what_is_small_enough_stays() -> None:
    assert bounded(wide(MOST_NODES)).legend == ()

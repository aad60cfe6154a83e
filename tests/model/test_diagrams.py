"""Diagrams as text: all of the table, all that the step relation does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from negotiation.model import TRANSITIONS, SignalingState, Transition
from negotiation.model.diagrams import (
    ANY,
    CALLED,
    DIAGRAMS,
    EXECUTED,
    Edge,
    Graph,
    diagram_dot,
    diagram_graph,
    diagram_mermaid,
)
from negotiation.model.state import Stage

EDGE = re.compile(r'^  "([^"]*)" -> "([^"]*)" \[label="(.*)"( style=dashed)?\];$', re.MULTILINE)


def between(graph: Graph, source: object, target: object) -> list[Edge]:
    return [one for one in graph.edges if (one.source, one.target) == (str(source), str(target))]


@pytest.mark.parametrize("row", TRANSITIONS)
def test_every_row_of_the_table_is_in_one_edge(row: Transition) -> None:
    graph = diagram_graph("signaling")
    edges = [
        one
        for one in between(graph, row.source, row.target)
        if any(
            re.fullmatch(rf"(\w+ or )?{row.side}( or \w+)? {row.type}", line) for line in one.lines
        )
    ]
    assert len(edges) == 1
    reading = row.default_of or row.other_of
    assert edges[0].dashed is (reading is not None)
    assert reading is None or reading in edges[0].lines


def test_the_signaling_diagram_has_no_edge_besides() -> None:
    graph = diagram_graph("signaling")
    rows = {(str(row.source), str(row.target)) for row in TRANSITIONS}
    assert {(one.source, one.target) for one in graph.edges} == rows | {(ANY, "closed")}
    assert {node.id for node in graph.nodes} == {*map(str, SignalingState), ANY}


def test_close_is_one_edge() -> None:
    closing = [one for one in diagram_graph("signaling").edges if one.target == "closed"]
    assert closing == [Edge(ANY, "closed", ("close()",))]


def test_every_stage_of_an_operation_is_reached_and_left() -> None:
    graph = diagram_graph("operation")
    for stage in Stage:
        assert any(one.target == str(stage) for one in graph.edges)
        assert any(one.source == str(stage) for one in graph.edges)


def test_an_operation_is_executed_at_once_or_later() -> None:
    graph = diagram_graph("operation")
    (at_once,) = between(graph, CALLED, EXECUTED)
    (later,) = between(graph, Stage.WAITING, EXECUTED)
    assert at_once.lines == ("the chain is empty",)
    assert later.lines == ("those before it have left",)
    (refused,) = between(graph, EXECUTED, Stage.SETTLED)
    assert refused.lines == ("refused at once",)


def test_the_stages_name_their_methods() -> None:
    lines = {node.id: node.lines for node in diagram_graph("operation").nodes}
    assert lines[Stage.CREATING][1:] == ("createAnswer()", "createOffer()", "setLocalDescription()")
    assert lines[Stage.APPLYING][1:] == ("setLocalDescription()", "setRemoteDescription()")
    assert lines[Stage.REPLACING_TRACK][1:] == ("replaceTrack()",)


def test_the_event_fires_from_a_queued_update_only() -> None:
    fire = "its task: fire negotiationneeded"
    firing = {(one.source, one.target) for one in diagram_graph("flag").edges if fire in one.lines}
    assert firing == {
        ("false, update queued", "true, nothing queued"),
        ("false, update queued", "true, update queued"),
    }


def test_the_flag_becomes_true_by_firing_only() -> None:
    raising = [
        one
        for one in diagram_graph("flag").edges
        if one.source.startswith("false") and one.target.startswith("true")
    ]
    assert all(one.lines == ("its task: fire negotiationneeded",) for one in raising)


@pytest.mark.parametrize("what", DIAGRAMS)
def test_the_dot_text_has_the_graph(what: str) -> None:
    graph, text = diagram_graph(what), diagram_dot(what)
    found = [(source, target, bool(dashed)) for source, target, _, dashed in EDGE.findall(text)]
    assert found == [(one.source, one.target, one.dashed) for one in graph.edges]
    assert text.count("{") == text.count("}") == 1
    assert "color" not in text


@pytest.mark.parametrize("what", DIAGRAMS)
def test_the_mermaid_text_has_the_graph(what: str) -> None:
    graph, text = diagram_graph(what), diagram_mermaid(what)
    assert text.startswith("---\ntitle: ")
    assert "\nflowchart TB\n" in text
    arrows = re.findall(r"^  n(\d+) (-->|-\.->)\|", text, re.MULTILINE)
    assert [arrow == "-.->" for _, arrow in arrows] == [one.dashed for one in graph.edges]
    assert len(re.findall(r"^  n\d+[(\[]", text, re.MULTILINE)) == len(graph.nodes)


@pytest.mark.parametrize("what", DIAGRAMS)
def test_every_edge_joins_nodes_and_says_something(what: str) -> None:
    graph = diagram_graph(what)
    ids = {node.id for node in graph.nodes}
    assert len(ids) == len(graph.nodes) == len({node.place for node in graph.nodes})
    assert all({one.source, one.target} <= ids and one.lines for one in graph.edges)
    assert any(node.role == "start" for node in graph.nodes)


@pytest.mark.parametrize("what", DIAGRAMS)
def test_the_text_is_the_same_each_time(what: str) -> None:
    script = f"from negotiation.model.diagrams import *; print(diagram_dot({what!r}), end='')"
    env = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "1"}
    told = subprocess.run(
        [sys.executable, "-c", script], env=env, check=True, capture_output=True, text=True
    )
    assert told.stdout == diagram_dot(what)


def test_an_unknown_diagram_is_refused() -> None:
    with pytest.raises(ValueError, match="there are signaling, operation, flag"):
        diagram_dot("chain")

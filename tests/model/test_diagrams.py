"""Diagrams as text: all of the table, all that the step relation does."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from negotiation.model import TRANSITIONS, SdpType, Side, SignalingState, Transition
from negotiation.model.diagram_texts import (
    COLOURS,
    diagram_dot,
    diagram_mermaid,
    dot_of,
    mermaid_of,
    mermaid_text,
)
from negotiation.model.diagrams import DIAGRAMS, diagram_graph, signaling_graph, signaling_shown
from negotiation.model.graphs import ANY, SIGNS, Edge, Graph, Node
from negotiation.model.lives import CALLED, EXECUTED
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
    assert reading is None or reading in edges[0].reading


@pytest.mark.parametrize("row", TRANSITIONS)
def test_what_is_shown_of_a_row_is_a_line_of_one_edge(row: Transition) -> None:
    shown = signaling_shown()[row.source, row.side, row.type]
    edges = [
        one
        for one in between(diagram_graph("signaling"), shown.source, shown.target)
        if shown.line in one.lines
    ]
    assert len(edges) == 1
    assert row.side in shown.line
    assert row.type in shown.line


@pytest.mark.parametrize("row", TRANSITIONS)
def test_a_table_without_the_row_has_another_diagram(row: Transition) -> None:
    without = tuple(one for one in TRANSITIONS if one is not row)
    assert signaling_graph(without).edges != diagram_graph("signaling").edges


def test_a_table_with_another_row_has_another_diagram() -> None:
    row = Transition(
        SignalingState.STABLE, Side.LOCAL, SdpType.ANSWER, SignalingState.HAVE_LOCAL_OFFER
    )
    (edge,) = between(signaling_graph((*TRANSITIONS, row)), "stable", "have-local-offer")
    assert edge.lines == ("local offer", "local answer")


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


def test_creating_and_applying_a_description_may_start_over() -> None:
    graph = diagram_graph("operation")
    for stage in (Stage.CREATING, Stage.APPLYING):
        (again,) = between(graph, stage, stage)
        assert "starts over" in again.lines


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
    arrows = re.findall(r"^  n\d+ (---|-\.-) e\d+\[.*(-->|-\.->) n\d+$", text, re.MULTILINE)
    assert [arrow == "-.->" for _, arrow in arrows] == [one.dashed for one in graph.edges]
    assert [line == "-.-" for line, _ in arrows] == [one.dashed for one in graph.edges]
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
    script = f"from negotiation.model.diagram_texts import *; print(diagram_dot({what!r}), end='')"
    env = {"PYTHONPATH": ":".join(sys.path), "PYTHONHASHSEED": "1"}
    told = subprocess.run(
        [sys.executable, "-c", script], env=env, check=True, capture_output=True, text=True
    )
    assert told.stdout == diagram_dot(what)


MARKED = Graph(
    "Marked",
    (Node("a", ("a",), (0.0, 0.0), "start"), Node("b", ("b",), (1.0, 0.0))),
    (
        Edge("a", "b", ("seen",), weight=10, tooltip='first: "x"'),
        Edge("b", "a", ("unseen",), mark="unseen", word="never seen", weight=0),
        Edge("a", "a", ("forbidden",), mark="forbidden", word="forbidden", weight=1),
        Edge("b", "b", ("left",), mark="left", word="only x", weight=1),
        Edge("a", "b", ("right",), mark="right", word="only y", weight=2),
    ),
)


def test_marks_are_a_sign_and_a_word_beside_the_colour() -> None:
    dot, mermaid = dot_of(MARKED), mermaid_of(MARKED)
    for one in MARKED.edges:
        if one.mark:
            assert one.told[0] == SIGNS[one.mark] + one.word
            assert f" {one.told[0]} " in dot
            assert f'"{mermaid_text(one.told[0])}<br/>' in mermaid
        colour = COLOURS.get(one.mark)
        if colour is not None:
            assert SIGNS[one.mark]
            assert dot.count(f'fontcolor="{colour}"') >= 1
            assert f"color:{colour}" in mermaid
    assert dot.count("style=dashed") == 1
    assert mermaid.count("-.->") == 1
    assert 'tooltip="first: \\"x\\""' in dot


def test_what_was_seen_more_often_is_wider() -> None:
    strokes = [Edge("a", "b", (), weight=weight).stroke for weight in (0, 1, 10, 100, 10**9)]
    assert strokes == sorted(set(strokes))
    assert strokes[0] == 1
    assert Edge("a", "b", ()).stroke == 1


EVIL = 'end"; #35;\n%%{init: {}}%% style x:y#1; classDef a-->b wrap:<b>&amp;`'


def test_hostile_text_is_a_label_and_nothing_else() -> None:
    node = Node("x", (EVIL,), (0.0, 0.0), "start")
    graph = Graph(EVIL, (node,), (Edge("x", "x", (EVIL,), weight=1),), (EVIL,))
    mermaid = mermaid_of(graph)
    assert len(mermaid.splitlines()) == 9
    assert "%%{" not in mermaid
    _, _, drawn = mermaid.partition("flowchart")
    for harmful in ('"end', "style x", "<b>", "&", "`"):
        assert harmful not in drawn
    assert len(dot_of(graph).splitlines()) == 9


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("the end", "the #101;nd"),
        ("pending", "pending"),
        ("a;b#c", "a#59;b#35;c"),
        ("wrap:x", "#119;rap:x"),
        ("\n", "#10;"),
        ("×", "#215;"),
        ("[[NegotiationNeeded]]", "[[NegotiationNeeded]]"),
    ],
)
def test_mermaid_text(text: str, escaped: str) -> None:
    assert mermaid_text(text) == escaped


def test_an_unknown_diagram_is_refused() -> None:
    with pytest.raises(ValueError, match="there are signaling, operation, flag"):
        diagram_dot("chain")

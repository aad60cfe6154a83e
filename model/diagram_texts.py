"""Graphs as DOT and Mermaid text: pure, nothing is drawn here.

What a graph says may come from a recording, so every text is escaped: it is a label, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from .diagrams import diagram_graph
from .graphs import Edge, Graph, Node

RED, BLUE, ORANGE = "#c00000", "#0b5cad", "#a35200"
COLOURS = {"forbidden": RED, "left": BLUE, "right": ORANGE}
"""The colours of marked edges; each mark has its sign and its word besides."""


def diagram_dot(what: str) -> str:
    """A diagram of the model in the DOT language of Graphviz.

    Raises:
        ValueError: there is no such diagram.
    """
    return dot_of(diagram_graph(what), what)


def diagram_mermaid(what: str) -> str:
    """A diagram of the model as a Mermaid flowchart.

    Raises:
        ValueError: there is no such diagram.
    """
    return mermaid_of(diagram_graph(what))


def dot_of(graph: Graph, name: str = "diagram") -> str:
    """The graph in the DOT language of Graphviz."""
    head = (graph.title, *graph.legend)
    lines = [
        f"digraph {_quoted(name)} {{",
        f'  graph [label={_quoted(*head)} labelloc=t fontname="sans-serif" fontsize=13'
        " nodesep=0.6 ranksep=0.75 pad=0.3];",
        '  node [shape=box style=rounded fontname="sans-serif" fontsize=12 margin="0.18,0.09"];',
        '  edge [fontname="sans-serif" fontsize=10 arrowsize=0.8];',
        *(f"  {_quoted(one.id)} [{_dot_node(one)}];" for one in graph.nodes),
        *(line for number, one in enumerate(graph.edges) for line in _dot_edge(one, number)),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _dot_node(node: Node) -> str:
    styles = {"start": " penwidth=2", "end": " peripheries=2", "state": ""}
    return f"label={_quoted(*node.lines)}{styles[node.role]}"


def _dot_edge(edge: Edge, number: int) -> Iterator[str]:
    # The spaces keep the text off the line beside it.
    label = f"label={_quoted(*(f' {line} ' for line in edge.told))}"
    source, target, style = _quoted(edge.source), _quoted(edge.target), _dot_style(edge)
    if edge.source != edge.target or edge.weight is None:
        yield f"  {source} -> {target} [{label}{style}];"
        return
    # Graphviz lets lines cross the label of a loop, never a node: the label becomes one.
    loop = _quoted(f"loop {number}")
    colour = f' fontcolor="{COLOURS[edge.mark]}"' if edge.mark in COLOURS else ""
    yield f'  {loop} [shape=plaintext fontsize=10 margin="0.02,0.02" {label}{colour}];'
    yield f"  {source} -> {loop} [arrowhead=none{style}];"
    yield f"  {loop} -> {target} [{style.removeprefix(' ')}];"


def _dot_style(edge: Edge) -> str:
    """Attributes, each with a space before it."""
    styles = [" style=dashed"] if edge.dashed else []
    if edge.stroke != 1:
        styles.append(f" penwidth={edge.stroke:.1f}")
    if edge.mark in COLOURS:
        styles.append(f' color="{COLOURS[edge.mark]}" fontcolor="{COLOURS[edge.mark]}"')
    if edge.tooltip:
        styles.append(f" tooltip={_quoted(edge.tooltip)}")
    return "".join(styles)


def _quoted(*lines: str) -> str:
    return '"' + "\\n".join(map(_in_quotes, lines)) + '"'


def _in_quotes(line: str) -> str:
    # An ampersand begins an HTML entity, in quoted labels too.
    printable = "".join(one if one.isprintable() else repr(one)[1:-1] for one in line)
    return printable.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def mermaid_of(graph: Graph) -> str:
    """The graph as a Mermaid flowchart.

    Mermaid lets labels of arrows overlap, never nodes: each label is a node without a border.
    """
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [
        *mermaid_head(graph.title),
        "flowchart TB",
        *(f"  %% {mermaid_text(line)}" for line in graph.legend),
        *(f"  {names[one.id]}{_mermaid_node(one)}" for one in graph.nodes),
        *(_mermaid_edge(one, number, names) for number, one in enumerate(graph.edges)),
        *(line for number, one in enumerate(graph.edges) for line in _mermaid_style(number, one)),
        "  classDef label fill:transparent,stroke:none,font-size:13px",
    ]
    return "\n".join(lines) + "\n"


def mermaid_head(title: str) -> list[str]:
    """The lines before a Mermaid diagram that give it a title: YAML, in which JSON is quoted."""
    # A directive of Mermaid's, %%{...}%%, is obeyed even there.
    quoted = msgspec.json.encode(title).decode().replace("%", "\\u0025")
    return ["---", f"title: {quoted}", "---"]


def _mermaid_node(node: Node) -> str:
    shapes = {"start": ("([", "])"), "end": ("[[", "]]"), "state": ("(", ")")}
    opening, closing = shapes[node.role]
    return f"{opening}{_mermaid_lines(node.lines)}{closing}"


def _mermaid_edge(edge: Edge, number: int, names: dict[str, str]) -> str:
    line, arrow = ("-.-", "-.->") if edge.dashed else ("---", "-->")
    label = f"e{number}[{_mermaid_lines(edge.told)}]:::label"
    return f"  {names[edge.source]} {line} {label} {arrow} {names[edge.target]}"


def _mermaid_style(number: int, edge: Edge) -> Iterator[str]:
    colour = COLOURS.get(edge.mark)
    if colour is None and not edge.weight:
        return
    stroke = "" if colour is None else f",stroke:{colour}"
    yield f"  linkStyle {2 * number},{2 * number + 1} stroke-width:{edge.stroke:.1f}px{stroke}"
    if colour is not None:
        yield f"  style e{number} color:{colour}"


def _mermaid_lines(lines: Iterable[str]) -> str:
    return '"' + "<br/>".join(map(mermaid_text, lines)) + '"'


_AS_THEY_ARE = frozenset(" !'()*+,-./:=?[]_{|}~")
_WORDS = re.compile(r"\bend\b|style|classdef|^(no)?wrap", re.IGNORECASE)
"""Words that Mermaid reads as its own, in places where a text is meant."""


def mermaid_text(text: str) -> str:
    """The text so that Mermaid shows it as it is: what may mean something is a number."""
    broken = {one.start() for one in _WORDS.finditer(text)}
    return "".join(
        one if _is_harmless(one) and at not in broken else f"#{ord(one)};"
        for at, one in enumerate(text)
    )


def _is_harmless(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign in _AS_THEY_ARE)

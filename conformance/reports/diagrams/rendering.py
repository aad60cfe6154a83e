"""Graphs in the formats there are: SVG and PNG by Graphviz, DOT and Mermaid as text.

Without Graphviz's `dot` program an SVG is still made, by a layout of our own. That one is to be had
where there is Graphviz, too: its SVGs are the same on every machine, and dark where the reader
likes it so.
"""

from __future__ import annotations

import re
import shutil

from negotiation.model.diagram_texts import dot_of, mermaid_of
from negotiation.model.diagrams import DIAGRAMS, diagram_graph
from negotiation.model.graphs import Graph

from ...errors import UsageError
from .drawing import described, svg_of
from .svg import escaped

FORMATS = ("svg", "png", "dot", "mermaid")
LAYOUTS = ("graphviz", "own")

NEEDS_DOT = (
    "needs Graphviz's program dot, which is not in PATH; install it"
    " (apt install graphviz, brew install graphviz, graphviz.org/download)"
)
OWN_PNG = "a PNG is made by Graphviz; leave out --layout own, or use svg"


def graph_named(what: str) -> Graph:
    """The model's diagram.

    Raises:
        UsageError: there is no such diagram.
    """
    if what not in DIAGRAMS:
        raise UsageError(
            f"no diagram named {what!r}; use one of {', '.join(DIAGRAMS)}, or sequence TRACE"
        )
    return diagram_graph(what)


def render(
    graph: Graph, format: str, *, name: str = "diagram", layout: str | None = None
) -> bytes | str:
    """A graph in a format: text, but for "png". `layout` is one of LAYOUTS (None: what is there).

    Raises:
        UsageError: there is no such format, or Graphviz is needed and is not there.
    """
    if format not in FORMATS:
        raise UsageError(f"no format named {format!r}; use one of {', '.join(FORMATS)}")
    if format == "dot":
        return dot_of(graph, name)
    if format == "mermaid":
        return mermaid_of(graph)
    if layout != "own" and shutil.which("dot") is not None:
        return _by_graphviz(graph, format, name)
    if format == "png":
        raise UsageError(OWN_PNG if layout == "own" else f"a PNG {NEEDS_DOT} or use svg")
    if layout == "graphviz":
        raise UsageError(f"that layout {NEEDS_DOT} or leave --layout out")
    return svg_of(graph)


def _by_graphviz(graph: Graph, format: str, name: str) -> bytes | str:
    import graphviz

    source = dot_of(graph, name)
    try:
        drawn: bytes = graphviz.Source(source).pipe(format=format)
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError) as error:
        raise UsageError(f"dot failed: {error}; reinstall Graphviz or use mermaid") from error
    return drawn if format == "png" else _told(drawn.decode(), graph)


_BEGINS = re.compile(r"<\?xml.*?(?=<!-- Gen)|<!DOCTYPE.*?>\s*", re.DOTALL)


def _told(svg: str, graph: Graph) -> str:
    """Graphviz's SVG without the reference to its document type, with a title and a description."""
    drawn = _BEGINS.sub("", svg, count=1)
    words = (
        f'<title id="title">{escaped(graph.title)}</title>\n'
        f'<desc id="description">{escaped(described(graph))}</desc>\n'
    )
    begun, tag, rest = drawn.partition("<svg ")
    attributes, end, content = rest.partition(">")
    role = 'role="img" aria-labelledby="title description" '
    return f"{begun}{tag}{role}{attributes}{end}\n{words}{content.lstrip()}"

"""Diagrams rendered: SVG and PNG by Graphviz, DOT and Mermaid as text.

Without Graphviz's `dot` program an SVG is still made, by a layout of our own that is plainer than
Graphviz's: every box where the diagram says, every arrow bent and its label moved until it is clear
of what was drawn before.
"""

from __future__ import annotations

import html
import math
import shutil
from collections.abc import Iterator
from itertools import product

import msgspec

from negotiation.conformance.errors import UsageError
from negotiation.model.diagrams import (
    DIAGRAMS,
    Edge,
    Graph,
    Node,
    diagram_dot,
    diagram_graph,
    diagram_mermaid,
)

FORMATS = ("svg", "png", "dot", "mermaid")

Point = tuple[float, float]

COLUMN, ROW = 330.0, 190.0
NODE_FONT, EDGE_FONT, TITLE_FONT, LINE = 13.0, 11.0, 14.0, 1.3
WIDEST = 0.58
"""The width of a character in a sans-serif font, in units of its size: on the safe side."""


def render(what: str, format: str) -> bytes | str:
    """A diagram in a format: text, but for "png".

    Raises:
        UsageError: there is no such diagram or format, or PNG was asked for without Graphviz.
    """
    if what not in DIAGRAMS:
        raise UsageError(f"no diagram named {what!r}; use one of {', '.join(DIAGRAMS)}")
    if format not in FORMATS:
        raise UsageError(f"no format named {format!r}; use one of {', '.join(FORMATS)}")
    if format == "dot":
        return diagram_dot(what)
    if format == "mermaid":
        return diagram_mermaid(what)
    if shutil.which("dot") is not None:
        return _by_graphviz(what, format)
    if format == "png":
        raise UsageError(
            "a PNG needs Graphviz's program dot, which is not in PATH; install it"
            " (apt install graphviz, brew install graphviz, graphviz.org/download) or use svg"
        )
    return svg_of(diagram_graph(what))


def _by_graphviz(what: str, format: str) -> bytes | str:
    import graphviz

    source = diagram_dot(what)
    try:
        drawn: bytes = graphviz.Source(source).pipe(format=format)
    except (graphviz.ExecutableNotFound, graphviz.CalledProcessError) as error:
        raise UsageError(f"dot failed: {error}; reinstall Graphviz or use mermaid") from error
    return drawn if format == "png" else drawn.decode()


# Without Graphviz.


class Box(msgspec.Struct, frozen=True):
    """A rectangle by its middle, its width and its height."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        across = abs(self.x - other.x) * 2 < self.width + other.width
        return across and abs(self.y - other.y) * 2 < self.height + other.height

    def holds(self, point: Point) -> bool:
        """Whether the point is inside."""
        x, y = point
        return abs(x - self.x) * 2 < self.width and abs(y - self.y) * 2 < self.height


class Curve(msgspec.Struct, frozen=True):
    """A cubic Bézier curve."""

    points: tuple[Point, Point, Point, Point]

    def at(self, t: float) -> Point:
        """The point at a time between 0 and 1."""
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
        weighed = [(a, b, c, d)[n] * self.points[n][0] for n in range(4)]
        heights = [(a, b, c, d)[n] * self.points[n][1] for n in range(4)]
        return sum(weighed), sum(heights)

    def sampled(self) -> list[Point]:
        """Points along it."""
        return [self.at(n / 30) for n in range(31)]


class Arrow(msgspec.Struct, frozen=True):
    """A way to draw an edge; `way` are points along the curve."""

    edge: Edge
    curve: Curve
    label: Box
    way: list[Point]

    @staticmethod
    def along(edge: Edge, curve: Curve, label: Box) -> Arrow:
        """The arrow on a curve."""
        return Arrow(edge, curve, label, curve.sampled())


class Layout(msgspec.Struct, frozen=True):
    """Where everything is; `clear` tells that nothing overlaps."""

    boxes: dict[str, Box]
    arrows: tuple[Arrow, ...]
    clear: bool


def layout_of(graph: Graph) -> Layout:
    """Boxes at the places that the graph names, arrows and labels clear of each other."""
    boxes = {node.id: _node_box(node) for node in graph.nodes}
    arrows: list[Arrow] = []
    clear = True
    # Short ways first: the long ones have room to go around.
    for edge in sorted(graph.edges, key=lambda edge: _length(boxes, edge)):
        arrow, touching = _best(boxes, arrows, edge)
        arrows.append(arrow)
        clear = clear and not touching
    return Layout(boxes, tuple(arrows), clear)


def _node_box(node: Node) -> Box:
    column, row = node.place
    width, height = _text_size(node.lines, NODE_FONT)
    return Box(column * COLUMN, row * ROW, width + 24, height + 16)


def _text_size(lines: tuple[str, ...], font: float) -> tuple[float, float]:
    return max(map(len, lines)) * font * WIDEST, len(lines) * font * LINE


def _length(boxes: dict[str, Box], edge: Edge) -> float:
    source, target = boxes[edge.source], boxes[edge.target]
    return math.hypot(source.x - target.x, source.y - target.y)


def _best(boxes: dict[str, Box], arrows: list[Arrow], edge: Edge) -> tuple[Arrow, int]:
    """The best way to draw an edge, and how much it touches."""
    rated = [(_touching(boxes, arrows, one), _detour(one), one) for one in _ways(boxes, edge)]
    least = min(touching for touching, _, _ in rated)
    best, best_cost = rated[0][2], math.inf
    for touching, detour, one in sorted(rated, key=lambda each: each[1]):
        if touching == least and detour < best_cost:
            cost = detour + sum(400 for other in arrows if _meet(one, other))
            best, best_cost = (one, cost) if cost < best_cost else (best, best_cost)
    return best, least


def _ways(boxes: dict[str, Box], edge: Edge) -> Iterator[Arrow]:
    """Ways to draw an edge: bent this much to one side, its label at that point of it."""
    width, height = _text_size(edge.lines, EDGE_FONT)
    width, height = width + 6, height + 4
    source, target = boxes[edge.source], boxes[edge.target]
    if source is target:
        for side in (1, -1):
            loop = _loop(source, side)
            x, y = loop.at(0.5)
            yield Arrow.along(edge, loop, Box(x + side * (width / 2 + 4), y, width, height))
        return
    for bend, t in product(_BENDS, (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)):
        curve = _arc(source, target, bend)
        x, y = curve.at(t)
        yield Arrow.along(edge, curve, Box(x, y, width, height))


_BENDS = (0, *(side * bend for bend in (30, 60, 95, 135, 180, 230, 300, 380) for side in (1, -1)))


def _touching(boxes: dict[str, Box], arrows: list[Arrow], arrow: Arrow) -> int:
    """How much a way touches what it must not: boxes, labels, and lines with its own label."""
    ends = (arrow.edge.source, arrow.edge.target)
    obstacles = [box for id, box in boxes.items() if id not in ends]
    obstacles += [other.label for other in arrows]
    labelled = (*boxes.values(), *(other.label for other in arrows))
    return (
        sum(arrow.label.overlaps(box) for box in labelled)
        + sum(any(map(box.holds, arrow.way)) for box in obstacles)
        + sum(any(map(arrow.label.holds, other.way)) for other in arrows)
    )


def _detour(arrow: Arrow) -> float:
    length = sum(map(math.dist, arrow.way, arrow.way[1:]))
    return length - math.dist(arrow.way[0], arrow.way[-1])


def _meet(one: Arrow, other: Arrow) -> bool:
    """Whether two ways come close on their middle parts."""
    whole = other.edge.source == other.edge.target
    theirs = other.way if whole else other.way[3:-3]
    return any(math.dist(a, b) < 9 for a in (one.way if whole else one.way[3:-3]) for b in theirs)


def _arc(source: Box, target: Box, bend: float) -> Curve:
    """From box to box; `bend` is how far the controls are to the left of the straight line."""
    length = math.dist((source.x, source.y), (target.x, target.y))
    along = ((target.x - source.x) / length, (target.y - source.y) / length)
    aside = (along[1] * bend, -along[0] * bend)
    first = _between((source.x, source.y), (target.x, target.y), 0.3)
    second = _between((source.x, source.y), (target.x, target.y), 0.7)
    first = (first[0] + aside[0] * 1.33, first[1] + aside[1] * 1.33)
    second = (second[0] + aside[0] * 1.33, second[1] + aside[1] * 1.33)
    return Curve((_border(source, first), first, second, _border(target, second)))


def _between(a: Point, b: Point, part: float) -> Point:
    return a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part


def _border(box: Box, towards: Point) -> Point:
    """Where the line from the middle of a box to a point leaves it."""
    dx, dy = towards[0] - box.x, towards[1] - box.y
    across = box.width / 2 / abs(dx) if dx else math.inf
    down = box.height / 2 / abs(dy) if dy else math.inf
    scale = min(across, down)
    return box.x + dx * scale, box.y + dy * scale


def _loop(box: Box, side: int) -> Curve:
    x, high, low = box.x + side * box.width / 2, box.y - 10, box.y + 10
    return Curve(((x, high), (x + side * 34, high - 10), (x + side * 34, low + 10), (x, low)))


def svg_of(graph: Graph) -> str:
    """The graph as an SVG, without any other program."""
    layout = layout_of(graph)
    everything = [*layout.boxes.values(), *(one.label for one in layout.arrows)]
    points = [point for one in layout.arrows for point in one.way]
    head = (graph.title, *graph.legend)
    left = min([box.x - box.width / 2 for box in everything] + [x for x, _ in points]) - 20
    right = max([box.x + box.width / 2 for box in everything] + [x for x, _ in points]) + 20
    top = min([box.y - box.height / 2 for box in everything] + [y for _, y in points])
    bottom = max([box.y + box.height / 2 for box in everything] + [y for _, y in points]) + 20
    top -= 30 + len(head) * TITLE_FONT * LINE
    middle = Box((left + right) / 2, top + 12 + len(head) * TITLE_FONT * LINE / 2, 0, 0)
    width, height = right - left, bottom - top
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}"'
            f' viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}" role="img"'
            f' font-family="sans-serif"><title>{html.escape(graph.title)}</title>',
            _MARKER,
            f'<rect x="{left:.0f}" y="{top:.0f}" width="100%" height="100%" fill="white"/>',
            _svg_text(head, middle, TITLE_FONT),
            *(_svg_way(one) for one in layout.arrows),
            *(_svg_label(one) for one in layout.arrows),
            *(_svg_node(node, layout.boxes[node.id]) for node in graph.nodes),
            "</svg>\n",
        ]
    )


_MARKER = (
    '<defs><marker id="head" viewBox="0 0 10 8" refX="9" refY="4" markerWidth="9"'
    ' markerHeight="8" orient="auto" markerUnits="userSpaceOnUse">'
    '<path d="M0 0L10 4L0 8z"/></marker></defs>'
)


def _svg_way(arrow: Arrow) -> str:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = arrow.curve.points
    dashes = ' stroke-dasharray="6 4"' if arrow.edge.dashed else ""
    return (
        f'<path d="M{ax:.1f} {ay:.1f}C{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f} {dx:.1f} {dy:.1f}"'
        f' fill="none" stroke="black"{dashes} marker-end="url(#head)"/>'
    )


def _svg_label(arrow: Arrow) -> str:
    return _svg_rectangle(arrow.label, ' fill="white"') + _svg_text(
        arrow.edge.lines, arrow.label, EDGE_FONT
    )


def _svg_node(node: Node, box: Box) -> str:
    width = 2 if node.role == "start" else 1
    style = f' rx="9" fill="white" stroke="black" stroke-width="{width}"'
    drawn = _svg_rectangle(box, style)
    if node.role == "end":
        inner = Box(box.x, box.y, box.width - 7, box.height - 7)
        drawn += _svg_rectangle(inner, ' rx="7" fill="none" stroke="black"')
    return drawn + _svg_text(node.lines, box, NODE_FONT)


def _svg_rectangle(box: Box, style: str) -> str:
    x, y = box.x - box.width / 2, box.y - box.height / 2
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size}{style}/>'


def _svg_text(lines: tuple[str, ...], box: Box, font: float) -> str:
    first = box.y - (len(lines) - 1) * font * LINE / 2 + font * 0.35
    spans = "".join(
        f'<tspan x="{box.x:.1f}" y="{first + number * font * LINE:.1f}">{html.escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text font-size="{font:.0f}" text-anchor="middle">{spans}</text>'

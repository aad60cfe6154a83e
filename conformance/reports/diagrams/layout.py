"""A layout of our own, for where Graphviz is not: plainer than Graphviz's.

Every box is where the diagram says, every arrow is bent and its label moved until it is clear of
what was drawn before; where that cannot be, everything is moved apart, and tried again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import msgspec

from negotiation.model.graphs import Edge, Graph, Node

from .measuring import Box, Point, text_size

COLUMN, ROW = 330.0, 190.0
SPREADS = (1.0, 1.2, 1.45, 1.75, 2.1)
"""How far everything is moved apart, where it is not clear nearer."""

ROUNDS = 3
"""How often arrows that touch something are drawn another way."""

NODE_FONT, EDGE_FONT = 13.0, 11.0


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
    best: tuple[int, Layout] | None = None
    for spread in SPREADS:
        touching, layout = _laid_out(graph, spread)
        if best is None or touching < best[0]:
            best = touching, layout
        if touching == 0:
            break
    assert best is not None
    return best[1]


def _laid_out(graph: Graph, spread: float) -> tuple[int, Layout]:
    """The layout, and how much in it touches what it must not."""
    boxes = {node.id: _node_box(node, spread) for node in graph.nodes}
    arrows: list[Arrow] = []
    # Short ways first: the long ones have room to go around.
    for edge in sorted(graph.edges, key=lambda edge: _length(boxes, edge)):
        arrows.append(_best(boxes, arrows, edge))
    touching = _all_touching(boxes, arrows)
    for _ in range(ROUNDS):
        if touching == 0:
            break
        arrows = _drawn_again(boxes, arrows)
        touching = _all_touching(boxes, arrows)
    return touching, Layout(boxes, tuple(arrows), clear=not touching)


def _all_touching(boxes: dict[str, Box], arrows: list[Arrow]) -> int:
    return sum(_touching(boxes, _others(arrows, one), one) for one in arrows)


def _others(arrows: list[Arrow], one: Arrow) -> list[Arrow]:
    return [other for other in arrows if other is not one]


def _drawn_again(boxes: dict[str, Box], arrows: list[Arrow]) -> list[Arrow]:
    """The arrows, those that touch something drawn another way, now that all others are there."""
    again = list(arrows)
    for at, one in enumerate(arrows):
        others = _others(again, again[at])
        if _touching(boxes, others, one):
            again[at] = _best(boxes, others, one.edge)
    return again


def _node_box(node: Node, spread: float) -> Box:
    column, row = node.place
    width, height = text_size(node.lines, NODE_FONT)
    return Box(column * COLUMN * spread, row * ROW * spread, width + 24, height + 16)


def _length(boxes: dict[str, Box], edge: Edge) -> float:
    source, target = boxes[edge.source], boxes[edge.target]
    return math.hypot(source.x - target.x, source.y - target.y)


def _best(boxes: dict[str, Box], arrows: list[Arrow], edge: Edge) -> Arrow:
    """The best way to draw an edge among those arrows."""
    rated: list[tuple[int, float, Arrow]] = []
    way: list[Point] = []
    touching, detour = 0, 0.0
    for one in _ways(boxes, edge):
        if one.way is not way:  # several labels follow on one line
            way = one.way
            touching, detour = _line_touching(boxes, arrows, one), _detour(one)
        rated.append((touching + _label_touching(boxes, arrows, one), detour, one))
    least = min(touching for touching, _, _ in rated)
    best, best_cost = rated[0][2], math.inf
    for touching, detour, one in sorted(rated, key=lambda each: each[1]):
        if touching == least and detour < best_cost:
            cost = detour + sum(400 for other in arrows if _meet(one, other))
            best, best_cost = (one, cost) if cost < best_cost else (best, best_cost)
    return best


def _ways(boxes: dict[str, Box], edge: Edge) -> Iterator[Arrow]:
    """Ways to draw an edge: bent this much to one side, its label at that point of it."""
    width, height = text_size(edge.told, EDGE_FONT)
    width, height = width + 6, height + 4
    source, target = boxes[edge.source], boxes[edge.target]
    if source is target:
        for across, down in ((1, 0), (-1, 0), (0, -1), (0, 1)):
            loop = _loop(source, across, down)
            x, y = loop.at(0.5)
            x, y = x + across * (width / 2 + 4), y + down * (height / 2 + 4)
            yield Arrow.along(edge, loop, Box(x, y, width, height))
        return
    for bend in _BENDS:
        curve = _arc(source, target, bend)
        way = curve.sampled()
        for t in (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74):
            x, y = curve.at(t)
            yield Arrow(edge, curve, Box(x, y, width, height), way)


_BENDS = (0, *(side * bend for bend in (30, 60, 95, 135, 180, 230, 300, 380) for side in (1, -1)))


def _touching(boxes: dict[str, Box], arrows: list[Arrow], arrow: Arrow) -> int:
    """How much a way touches what it must not: boxes, labels, and lines with its own label."""
    return _line_touching(boxes, arrows, arrow) + _label_touching(boxes, arrows, arrow)


def _line_touching(boxes: dict[str, Box], arrows: list[Arrow], arrow: Arrow) -> int:
    ends = (arrow.edge.source, arrow.edge.target)
    obstacles = [box for id, box in boxes.items() if id not in ends]
    obstacles += [other.label for other in arrows]
    return sum(box.is_crossed_by(arrow.way) for box in obstacles)


def _label_touching(boxes: dict[str, Box], arrows: list[Arrow], arrow: Arrow) -> int:
    labelled = (*boxes.values(), *(other.label for other in arrows))
    # A line below a label leaves it readable; another text does not.
    return 100 * sum(arrow.label.overlaps(box) for box in labelled) + sum(
        arrow.label.is_crossed_by(other.way) for other in arrows
    )


def _detour(arrow: Arrow) -> float:
    length = sum(map(math.dist, arrow.way, arrow.way[1:]))
    return length - math.dist(arrow.way[0], arrow.way[-1])


def _meet(one: Arrow, other: Arrow) -> bool:
    """Whether two ways come close on their middle parts."""
    whole = other.edge.source == other.edge.target
    ours, theirs = (one.way, other.way) if whole else (one.way[3:-3], other.way[3:-3])
    return any(abs(ax - bx) < 9 and abs(ay - by) < 9 for ax, ay in ours for bx, by in theirs)


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


def _loop(box: Box, across: int, down: int) -> Curve:
    """A loop on the side of the box that is across or down from its middle."""
    x, y = box.x + across * box.width / 2, box.y + down * box.height / 2
    # Along the side it is 20 wide, and 34 high away from it.
    ends = [(x + down * one, y + across * one) for one in (-10, 10)]
    controls = [(x + across * 34 + down * one, y + down * 34 + across * one) for one in (-20, 20)]
    return Curve((ends[0], controls[0], controls[1], ends[1]))

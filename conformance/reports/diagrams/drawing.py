"""A graph as an SVG of our own, without any other program."""

from __future__ import annotations

from negotiation.model.graphs import Graph, Mark, Node

from .layout import EDGE_FONT, NODE_FONT, Arrow, Layout, layout_of
from .measuring import Box, text_size
from .svg import document, escaped, rectangle, text

TITLE_FONT, LEGEND_FONT = 15.0, 12.0
MARGIN = 20.0
COLOURS: dict[Mark, str] = {
    "": "ink",
    "unseen": "faint",
    "forbidden": "red",
    "left": "blue",
    "right": "orange",
}


def svg_of(graph: Graph) -> str:
    """The graph as an SVG."""
    layout = layout_of(graph)
    drawn = _extent(layout)
    head, area = _head(graph, drawn)
    parts = [
        *head,
        *(_way(one) for one in layout.arrows),
        *(_label(one) for one in layout.arrows),
        *(_node(node, layout.boxes[node.id]) for node in graph.nodes),
    ]
    return document(area, graph.title, described(graph), parts)


def described(graph: Graph) -> str:
    """The graph in words, for who does not see it."""
    names = {node.id: " ".join(node.lines) for node in graph.nodes}
    told = (
        f"{names[one.source]} to {names[one.target]}: {', '.join(one.told)}" for one in graph.edges
    )
    return ". ".join([*graph.legend, *told])


def _extent(layout: Layout) -> Box:
    boxes = [*layout.boxes.values(), *(one.label for one in layout.arrows)]
    points = [point for one in layout.arrows for point in one.way]
    left = min([box.left for box in boxes] + [x for x, _ in points])
    right = max([box.right for box in boxes] + [x for x, _ in points])
    top = min([box.top for box in boxes] + [y for _, y in points])
    bottom = max([box.bottom for box in boxes] + [y for _, y in points])
    return Box((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)


def _head(graph: Graph, drawn: Box) -> tuple[list[str], Box]:
    """The title and the legend above what is drawn, and the area of all."""
    wide, high = text_size((graph.title,), TITLE_FONT)
    legend_wide, legend_high = text_size(graph.legend, LEGEND_FONT)
    width = max(drawn.width, wide, legend_wide) + 2 * MARGIN
    top = drawn.top - high - legend_high - 2.2 * MARGIN
    title = Box(drawn.x, top + MARGIN + high / 2, wide, high)
    legend = Box(drawn.x, title.bottom + 4 + legend_high / 2, legend_wide, legend_high)
    height = drawn.bottom + MARGIN - top
    parts = [
        text((graph.title,), title, TITLE_FONT, classes="b"),
        text(graph.legend, legend, LEGEND_FONT, classes="f-faint"),
    ]
    return parts, Box(drawn.x, top + height / 2, width, height)


def _way(arrow: Arrow) -> str:
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = arrow.curve.points
    edge, colour = arrow.edge, COLOURS[arrow.edge.mark]
    dashes = ' stroke-dasharray="6 4"' if edge.dashed else ""
    width = f' stroke-width="{edge.stroke:.1f}"' if edge.stroke != 1 else ""
    told = f"<title>{escaped(edge.tooltip)}</title>" if edge.tooltip else ""
    return (
        f'<path d="M{ax:.1f} {ay:.1f}C{bx:.1f} {by:.1f} {cx:.1f} {cy:.1f} {dx:.1f} {dy:.1f}"'
        f' fill="none" class="s-{colour}"{dashes}{width} marker-end="url(#head-{colour})">'
        f"{told}</path>"
    )


def _label(arrow: Arrow) -> str:
    classes = f"f-{COLOURS[arrow.edge.mark]}"
    back = rectangle(arrow.label, "f-paper")
    return back + text(arrow.edge.told, arrow.label, EDGE_FONT, classes=classes)


def _node(node: Node, box: Box) -> str:
    width = 2 if node.role == "start" else 1
    drawn = rectangle(box, "f-box s-ink", f' rx="9" stroke-width="{width}"')
    if node.role == "end":
        inner = Box(box.x, box.y, box.width - 7, box.height - 7)
        drawn += rectangle(inner, "s-ink", ' rx="7" fill="none"')
    return drawn + text(node.lines, box, NODE_FONT)

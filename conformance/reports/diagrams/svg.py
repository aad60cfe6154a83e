"""SVG that is complete in itself: light or dark as its reader likes it, no script, nothing loaded.

Text that comes from a recording is escaped here, in one place.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from ..paper import plain
from .measuring import LINE, Box, Point, is_certain, text_width

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "faint": "#57606a",
    "line": "#8c959f",
    "box": "#f6f8fa",
    "red": "#b3001b",
    "redbox": "#fff1f1",
    "blue": "#0b5cad",
    "orange": "#8f4700",
    "green": "#116329",
}
_DARK = {
    "paper": "#0d1117",
    "ink": "#e6edf3",
    "faint": "#9aa4af",
    "line": "#6e7681",
    "box": "#161b22",
    "red": "#ff8f85",
    "redbox": "#2d1214",
    "blue": "#79b8ff",
    "orange": "#ffb366",
    "green": "#6fd58a",
}


def _variables(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


_CLASSES = "".join(
    f".f-{name}{{fill:var(--{name})}}.s-{name}{{stroke:var(--{name})}}" for name in _LIGHT
)
_STYLE = (
    f"<style>svg{{{_variables(_LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{svg{{{_variables(_DARK)}}}}}"
    f"@media print{{svg{{{_variables(_LIGHT)}}}}}"
    f"text{{fill:var(--ink);white-space:pre}}.b{{font-weight:bold}}{_CLASSES}</style>"
)
_HEADS = "".join(
    f'<marker id="head-{name}" viewBox="0 0 10 8" refX="9" refY="4" markerWidth="9"'
    ' markerHeight="8" orient="auto" markerUnits="userSpaceOnUse">'
    f'<path d="M0 0L10 4L0 8z" class="f-{name}"/></marker>'
    for name in ("ink", "faint", "red", "blue", "orange", "green")
)


def document(area: Box, title: str, description: str, parts: Iterable[str]) -> str:
    """The SVG: what is in the area, with a title and a description for who does not see it."""
    place = f"{area.left:.0f} {area.top:.0f} {area.width:.0f} {area.height:.0f}"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{area.width:.0f}"'
            f' height="{area.height:.0f}" viewBox="{place}" role="img"'
            ' aria-labelledby="title description" font-family="DejaVu Sans, Verdana, sans-serif">',
            f'<title id="title">{escaped(title)}</title>',
            f'<desc id="description">{escaped(description)}</desc>',
            _STYLE,
            f"<defs>{_HEADS}</defs>",
            rectangle(area, "f-paper"),
            *parts,
            "</svg>\n",
        ]
    )


def escaped(text: str) -> str:
    """The text as it may stand in an SVG, between tags or in an attribute."""
    return html.escape(plain(text))


def rectangle(box: Box, classes: str, more: str = "") -> str:
    """A rectangle; `more` are further attributes, with a space before them."""
    size = f'width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect x="{box.left:.1f}" y="{box.top:.1f}" {size} class="{classes}"{more}/>'


def line(start: Point, end: Point, colour: str, more: str = "", *, head: bool = False) -> str:
    """A straight line, with an arrow's head at its end if that is wanted."""
    marker = f' marker-end="url(#head-{colour})"' if head else ""
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} class="s-{colour}"{marker}{more}/>'


ANCHORS = {"start": "left", "middle": "x", "end": "right"}


def text(
    lines: Iterable[str], box: Box, font: float, anchor: str = "middle", classes: str = ""
) -> str:
    """Lines of text in a box, which is as high as they are."""
    told = tuple(lines)
    x: float = getattr(box, ANCHORS[anchor])
    first = box.y - (len(told) - 1) * font * LINE / 2 + font * 0.35
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{first + number * font * LINE:.1f}"{_held(one, font)}>'
        f"{escaped(one)}</tspan>"
        for number, one in enumerate(told)
    )
    named = f' class="{classes}"' if classes else ""
    return f'<text font-size="{font:.0f}" text-anchor="{anchor}"{named}>{spans}</text>'


def _held(line: str, font: float) -> str:
    """The width, where another font could make the line wider than it was measured."""
    if is_certain(line) or not line:
        return ""
    return f' textLength="{text_width(line, font):.1f}" lengthAdjust="spacingAndGlyphs"'

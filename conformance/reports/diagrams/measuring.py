"""How wide text is, and how it is broken into lines: on the safe side, whatever font there is.

The widths are those of DejaVu Sans, the widest of the common sans-serif fonts. What is not ASCII is
held in its width by `textLength` where it is drawn (`is_certain`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ..paper import plain

Point = tuple[float, float]

LINE = 1.35
"""The height of a line, in units of the font's size."""

_BY_WIDTH = {
    28: "'ijl|",
    33: " ,./:;IJ\\-",
    40: "!()[]fr`t",
    48: '"',
    54: "?_^cszy",
    60: "ePYTFZkvxadghbnopquSEL*$0123456789",
    66: "KXBRVACU{}",
    78: "DGHNOQ&",
    85: "#+<=>~w",
    88: "M",
    101: "%@Wm",
}
_WIDTHS = {sign: width / 100 + 0.04 for width, signs in _BY_WIDTH.items() for sign in signs}
_SIGNS = {"×": 0.84, "→": 0.84, "✗": 0.84, "◀": 0.77, "▶": 0.77, "·": 0.35, "–": 0.5, "…": 1.0}
"""Signs of our own, about as wide in any font that has them."""

_WIDTHS |= _SIGNS


class Box(msgspec.Struct, frozen=True):
    """A rectangle by its middle, its width and its height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """Its upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """Its lower side."""
        return self.y + self.height / 2

    def overlaps(self, other: Box) -> bool:
        """Whether the two have a point in common."""
        across = abs(self.x - other.x) * 2 < self.width + other.width
        return across and abs(self.y - other.y) * 2 < self.height + other.height

    def is_crossed_by(self, way: Sequence[Point]) -> bool:
        """Whether a way of straight lines from point to point goes through it."""
        left, right, top, bottom = self.left, self.right, self.top, self.bottom
        (bx, by), *rest = way
        for x, y in rest:
            ax, ay, bx, by = bx, by, x, y
            if ax <= left >= bx or ax >= right <= bx or ay <= top >= by or ay >= bottom <= by:
                continue
            # Beside it, all of its corners are on the same side of the line.
            dx, dy, across = bx - ax, by - ay, ay * bx - ax * by
            first = dx * top - dy * left < across
            if not (
                first
                is (dx * top - dy * right < across)
                is (dx * bottom - dy * left < across)
                is (dx * bottom - dy * right < across)
            ):
                return True
        return False


@lru_cache(maxsize=1 << 12)
def _sign_width(sign: str) -> float:
    if sign in _WIDTHS:
        return _WIDTHS[sign]
    if unicodedata.combining(sign):
        return 0.1
    return 1.15 if unicodedata.east_asian_width(sign) in "WF" else 1.0


def is_certain(text: str) -> bool:
    """Whether the width of the text is known, in any font."""
    return text.isascii() or all(one.isascii() or one in _SIGNS for one in text)


def text_width(text: str, font: float) -> float:
    """The width of a line in a font of this size: no less than it will be."""
    return sum(map(_sign_width, plain(text))) * font


def text_size(lines: tuple[str, ...], font: float) -> tuple[float, float]:
    """The width and the height of lines in a font of this size."""
    width = max((text_width(line, font) for line in lines), default=0.0)
    return width, len(lines) * font * LINE


def wrapped(text: str, font: float, width: float, most: int = 4) -> tuple[str, ...]:
    """The text in lines that are no wider, broken at spaces where it can be; cut after `most`."""
    lines: list[str] = []
    line = ""
    for word in plain(text).split(" "):
        joined = f"{line} {word}" if line else word
        if text_width(joined, font) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _chopped(word, font, width)
        lines += full
        if len(lines) > most:
            break
    lines.append(line)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip()}…"]
    return tuple(lines)


def _chopped(word: str, font: float, width: float) -> list[str]:
    """A word that may be wider than a line, in pieces."""
    pieces, piece, so_far = [], "", 0.0
    for sign in word:
        wide = _sign_width(sign) * font
        if piece and so_far + wide > width:
            pieces.append(piece)
            piece, so_far = "", 0.0
        piece, so_far = piece + sign, so_far + wide
    return [*pieces, piece]

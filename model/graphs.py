"""Graphs before anybody draws them: nodes, edges, and what an edge shows of a step.

A dashed edge exists in one reading of the specification only, and its label names the reading; a
line style or a colour never means anything that the label does not say.
"""

from __future__ import annotations

import math
from typing import Literal

import msgspec

ANY, CLOSE = "any", "close()"
"""Wherever one is, and what may happen there."""

Mark = Literal["", "unseen", "forbidden", "left", "right"]

SIGNS: dict[Mark, str] = {"": "", "unseen": "", "forbidden": "✗ ", "left": "◀ ", "right": "▶ "}
"""The sign of each mark, beside the colour or the dashes."""

WIDEST_STROKE = 5.0


class Shown(msgspec.Struct, frozen=True, order=True):
    """An edge by its ends, and the line of its label that tells how one came along it."""

    source: str
    target: str
    line: str


class Node(msgspec.Struct, frozen=True):
    """A box. `lines` are its text; `place` its column and row, for those who lay it out by hand.

    `role` is "state", "start" (where it begins) or "end" (where nothing follows).
    """

    id: str
    lines: tuple[str, ...]
    place: tuple[float, float]
    role: str = "state"


class Edge(msgspec.Struct, frozen=True):
    """An arrow. `lines` are the ways to go along it, `reading` names the only one that has it.

    `mark` is what is special about it, and `word` says so. `weight` is how often it was seen (None:
    nobody counted). `tooltip` is shown where a picture can.
    """

    source: str
    target: str
    lines: tuple[str, ...]
    reading: tuple[str, ...] = ()
    mark: Mark = ""
    word: str = ""
    weight: int | None = None
    tooltip: str = ""

    @property
    def dashed(self) -> bool:
        """Whether it is drawn dashed: never seen, or where nobody counted, in one reading only."""
        return self.mark == "unseen" or (self.weight is None and bool(self.reading))

    @property
    def told(self) -> tuple[str, ...]:
        """All lines of its label."""
        word = (SIGNS[self.mark] + self.word,) if self.word else ()
        return (*word, *self.lines, *self.reading)

    @property
    def stroke(self) -> float:
        """How wide it is drawn: wider, the more often it was seen."""
        return min(1 + math.log10(1 + (self.weight or 0)), WIDEST_STROKE)


class Graph(msgspec.Struct, frozen=True):
    """A diagram before anybody draws it."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    legend: tuple[str, ...] = ()

"""Tables of text that fit a width: cells abbreviate, labels wrap, columns go on further below.

Nothing is cut off. What does not fit side by side even so is told in several tables, of which each
has as many columns as fit; groups of columns stay together where that is possible.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence

import msgspec

from ..paper import Paper, Style, plain

INDENT = 2
NARROWEST_LABEL = 24
"""The narrowest that the first column may become before cells abbreviate."""


class Heading(msgspec.Struct, frozen=True):
    """What is above a column: `group` is written once for neighbours that share it."""

    group: str
    name: str


class Row(msgspec.Struct, frozen=True):
    """A line of the table; each of the `cells` can be said in several ways, the longest first."""

    label: str
    cells: tuple[tuple[str, ...], ...]


class _Column(msgspec.Struct, frozen=True):
    heading: Heading
    cells: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(len, (self.heading.name, *self.cells)))


def tell_table(paper: Paper, headings: Sequence[Heading], rows: Sequence[Row]) -> None:
    """Write the table in the fullest way that fits, or in as many parts as are needed."""
    labels = [plain(row.label) for row in rows]
    widest = max(map(len, labels), default=0)
    room = paper.width - INDENT - min(NARROWEST_LABEL, widest)
    columns: list[_Column] = []
    for form, gap in itertools.product(range(_forms(rows)), (2, 1)):
        columns = _columns(headings, rows, form)
        if sum(_widths(columns, gap)) <= room:
            _write(paper, labels, columns, gap)
            return
    for part in _parts(columns, room):
        paper.blank()
        _write(paper, labels, part, 1)


def _forms(rows: Sequence[Row]) -> int:
    return max((len(cell) for row in rows for cell in row.cells), default=1)


def _columns(headings: Sequence[Heading], rows: Sequence[Row], form: int) -> list[_Column]:
    return [
        _Column(
            Heading(plain(one.group), plain(one.name)),
            tuple(row.cells[place][min(form, len(row.cells[place]) - 1)] for row in rows),
        )
        for place, one in enumerate(headings)
    ]


def _groups(columns: Sequence[_Column]) -> Iterator[tuple[str, list[_Column]]]:
    for name, members in itertools.groupby(columns, key=lambda one: one.heading.group):
        yield name, list(members)


def _widths(columns: Sequence[_Column], gap: int) -> list[int]:
    """The width of each with the gap before it; the last of a group makes room for its name."""
    widths: list[int] = []
    for name, members in _groups(columns):
        own = [one.width + gap for one in members]
        own[-1] += max(0, len(name) + gap - sum(own))
        widths += own
    return widths


def _parts(columns: Sequence[_Column], room: int) -> Iterator[list[_Column]]:
    """The columns in parts that fit; one that is too wide by itself is a part."""
    part: list[_Column] = []
    for _, members in _groups(columns):
        is_fitting = sum(_widths(members, 1)) <= room
        for number, one in enumerate(members):
            added = members if is_fitting and number == 0 else [one]
            if part and sum(_widths([*part, *added], 1)) > room:
                yield part
                part = []
            part = [*part, one]
    yield part


def _write(paper: Paper, labels: Sequence[str], columns: Sequence[_Column], gap: int) -> None:
    widths = _widths(columns, gap)
    widest = max(map(len, labels), default=0)
    label = max(1, min(widest, max(NARROWEST_LABEL, paper.width - INDENT - sum(widths))))
    _write_head(paper, columns, widths, label, gap)
    for number, told in enumerate(labels):
        cells = [one.cells[number] for one in columns]
        first, *others = textwrap.wrap(told, label, subsequent_indent="  "[: label - 1]) or [""]
        _write_line(paper, first.ljust(label), cells, widths)
        for line in others:
            paper.as_it_is(line, indent=INDENT)


def _write_head(
    paper: Paper, columns: Sequence[_Column], widths: Sequence[int], label: int, gap: int
) -> None:
    at, groups = 0, ""
    for name, members in _groups(columns):
        groups += (" " * gap + name).ljust(sum(widths[at : at + len(members)]))
        at += len(members)
    paper.as_it_is((" " * label + groups).rstrip(), indent=INDENT, style="faint")
    names = [one.heading.name for one in columns]
    _write_line(paper, " " * label, names, widths, style="faint")


def _write_line(
    paper: Paper, label: str, cells: Sequence[str], widths: Sequence[int], *, style: Style = ""
) -> None:
    told = "".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    paper.as_it_is(label + told, indent=INDENT, style=style)

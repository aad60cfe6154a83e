"""Tables of text that fit a width: headings abbreviate, labels wrap, columns go on below.

Nothing is cut off: versions that do not fit side by side are numbered, with a list of the numbers
below; what then is too wide still is told in several tables.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence

import msgspec

from ..paper import Paper, Style, plain

INDENT = 2
NARROWEST_LABEL = 24
"""The narrowest that the first column may become before headings abbreviate."""


class Heading(msgspec.Struct, frozen=True):
    """What is above a column: `group` is written once for neighbours that share it."""

    group: str
    name: str


class Row(msgspec.Struct, frozen=True):
    """A line of the table; each of the `cells` can be said in several ways, the longest first."""

    label: str
    cells: tuple[tuple[str, ...], ...]
    style: Style = ""


def tell_table(
    paper: Paper, headings: Sequence[Heading], rows: Sequence[Row], *, corner: str = ""
) -> None:
    """Write the table in the fullest way that fits, or in as many parts as are needed."""
    headings = [Heading(plain(one.group), plain(one.name)) for one in headings]
    room = paper.width - INDENT - min(NARROWEST_LABEL, _widest(rows))
    for form in range(max((len(cell) for row in rows for cell in row.cells), default=1)):
        widths = _widths(headings, rows, form)
        if sum(widths) <= room:
            _write(paper, headings, rows, widths, form, corner)
            return
    numbered = [Heading("", f"[{number}]") for number in range(1, len(headings) + 1)]
    widths = _widths(numbered, rows, -1)
    for begin, end in _parts(widths, room):
        part = [msgspec.structs.replace(row, cells=row.cells[begin:end]) for row in rows]
        _write(paper, numbered[begin:end], part, widths[begin:end], -1, corner)
    legend = (
        f"{one.name} {other.group} {other.name}".rstrip()
        for one, other in zip(numbered, headings, strict=True)
    )
    paper.paragraph("; ".join(legend), indent=INDENT, hanging=INDENT + 2, style="faint")


def _parts(widths: Sequence[int], room: int) -> Iterator[tuple[int, int]]:
    begin = taken = 0
    for place, width in enumerate(widths):
        if taken + width > room and place > begin:
            yield begin, place
            begin, taken = place, 0
        taken += width
    yield begin, len(widths)


def _widest(rows: Sequence[Row]) -> int:
    return max((len(plain(row.label)) for row in rows), default=0)


def _said(cell: tuple[str, ...], form: int) -> str:
    return cell[min(form, len(cell) - 1)]


def _widths(headings: Sequence[Heading], rows: Sequence[Row], form: int) -> list[int]:
    """The width of each column with the gap before it; the last of a group makes room for its name."""
    widths = [
        max([len(one.name), *(len(_said(row.cells[place], form)) for row in rows)]) + 2
        for place, one in enumerate(headings)
    ]
    for group, places in _groups(headings):
        missing = len(group) + 2 - sum(widths[place] for place in places)
        widths[places[-1]] += max(0, missing)
    return widths


def _groups(headings: Sequence[Heading]) -> Iterator[tuple[str, list[int]]]:
    for group, members in itertools.groupby(enumerate(headings), key=lambda one: one[1].group):
        yield group, [place for place, _ in members]


def _write(
    paper: Paper,
    headings: Sequence[Heading],
    rows: Sequence[Row],
    widths: Sequence[int],
    form: int,
    corner: str,
) -> None:
    label = min(_widest(rows), paper.width - INDENT - sum(widths))
    label = max(label, min(len(corner), NARROWEST_LABEL))
    if any(one.group for one in headings):
        groups = "".join(
            f"  {group}".ljust(sum(widths[place] for place in places))
            for group, places in _groups(headings)
        )
        paper.as_it_is((" " * label + groups).rstrip(), indent=INDENT, style="faint")
    names = "".join(one.name.rjust(width) for one, width in zip(headings, widths, strict=True))
    paper.as_it_is(f"{corner:{label}}{names}", indent=INDENT, style="faint")
    for row in rows:
        cells = "".join(
            _said(cell, form).rjust(width) for cell, width in zip(row.cells, widths, strict=True)
        )
        first, *others = textwrap.wrap(plain(row.label), label, subsequent_indent="  ") or [""]
        paper.as_it_is(f"{first:{label}}{cells}", indent=INDENT, style=row.style)
        for line in others:
            paper.as_it_is(line, indent=INDENT, style=row.style)

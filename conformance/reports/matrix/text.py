"""The matrix on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ..counts import count
from ..paper import Paper
from .cells import Column, Matrix, ProgramRow, Rule, differ
from .marks import UNKNOWN, Signs, program_marks, rule_mark
from .tables import Heading, Row, tell_table

SIGNS = Signs(conforms=".")

LEGEND = (
    "A number counts the programs that depart from a rule, or a program's kinds of departures; "
    f"{UNKNOWN} some of it is not expected; {SIGNS.conforms} conforms; {SIGNS.undecided} "
    f"undecided; {SIGNS.unsupported} not recorded, or the recorder cannot see it."
)

_NO_PROGRAM = "(no program)"


def tell_matrix(paper: Paper, matrix: Matrix, *, rules: bool = True, programs: bool = True) -> None:
    """Tell the tables of rules and of programs, as far as they are wanted."""
    headings = [Heading(one.stack, one.short) for one in matrix.columns]
    paper.paragraph(summary_of(matrix), style="bold")
    paper.paragraph(LEGEND, style="faint")
    paper.blank()
    _tell_columns(paper, matrix.columns, headings)
    if rules:
        _tell_rules(paper, "Departures, by rule", matrix.departures, headings)
        _tell_rules(
            paper,
            "Faults, which are the doing of a program or of the network and not the stack's",
            matrix.faults,
            headings,
        )
        if matrix.unseen:
            paper.blank()
            paper.paragraph(f"Seen nowhere: {', '.join(matrix.unseen)}.")
    if programs:
        _tell_programs(paper, matrix.programs, headings)
    if matrix.unreadable:
        paper.blank()
        paper.paragraph("Could not be read:", style="red")
        for one in matrix.unreadable:
            paper.item(one.error)


def summary_of(matrix: Matrix) -> str:
    """How much was judged, in a sentence."""
    recordings = count(len(matrix.recordings), "recording")
    versions = count(len(matrix.columns), "version")
    model = f"the model of webrtc-pc {matrix.revision[:12]}"
    return f"{recordings}, {versions} of stacks, judged against {model}."


def _tell_columns(paper: Paper, columns: Sequence[Column], headings: Sequence[Heading]) -> None:
    counted = {
        "programs recorded": [one.recorded for one in columns],
        "conform": [one.conforms for one in columns],
        "depart": [one.departs for one in columns],
        "undecided": [one.undecided for one in columns],
    }
    rows = [
        Row(label, tuple((str(number),) for number in numbers))
        for label, numbers in counted.items()
    ]
    tell_table(paper, headings, rows)


def _tell_rules(
    paper: Paper, title: str, rules: Sequence[Rule], headings: Sequence[Heading]
) -> None:
    if not rules:
        return
    paper.blank()
    paper.paragraph(f"{title} ({_alike(rules)}):", style="bold")
    ids = [one.id for one in rules]
    rows = [
        Row(
            one.id if ids.count(one.id) == 1 else f"{one.id} {one.algorithm or one.anchor}",
            tuple((rule_mark(cell, SIGNS),) for cell in one.cells),
        )
        for one in rules
    ]
    tell_table(paper, headings, rows)


def _tell_programs(
    paper: Paper, programs: Sequence[ProgramRow], headings: Sequence[Heading]
) -> None:
    same = [one for one in programs if _is_plain(one)]
    if same:
        paper.blank()
        many = "program conforms" if len(same) == 1 else "programs conform"
        paper.paragraph(f"{len(same)} {many} in every column.")
    told = [one for one in programs if not _is_plain(one)]
    if not told:
        return
    paper.blank()
    paper.paragraph(f"Programs ({_alike(told)}), and their departures:", style="bold")
    rows = [
        Row(one.name or _NO_PROGRAM, tuple(program_marks(cell, SIGNS) for cell in one.cells))
        for one in told
    ]
    tell_table(paper, headings, rows)


def _is_plain(row: ProgramRow) -> bool:
    return all(cell.status == "conforms" and not cell.unknown for cell in row.cells)


def _alike(rows: Sequence[Rule] | Sequence[ProgramRow]) -> str:
    differing = sum(differ(row.cells) for row in rows)
    return f"{len(rows)}, of which {differing} differ between the columns"

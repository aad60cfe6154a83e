"""What is expected of stacks, and how that changes, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from .counts import count
from .expectations import Expectation
from .paper import Paper, Style
from .proposing import Proposal, Proposed

UNFILLED = "(the reason is still to be written)"

_LINES: dict[str, Style] = {"+": "green", "-": "red", "@": "cyan"}
_COLUMNS = ("stack", "versions", "id", "programs")
_GAP = "  "


def tell_expectations(paper: Paper, expectations: Sequence[Expectation]) -> None:
    """A table of the rows, the files that they come from as headings."""
    cells = [_cells(one) for one in expectations]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *cells, strict=True)]
    for file in dict.fromkeys(one.file for one in expectations):
        paper.blank()
        paper.paragraph(file, style="bold")
        _tell_row(paper, _COLUMNS, widths, "reason", style="faint")
        for one, row in zip(expectations, cells, strict=True):
            if one.file == file:
                _tell_row(paper, row, widths, one.row.reason.strip() or UNFILLED)


def _tell_row(
    paper: Paper, cells: Sequence[str], widths: Sequence[int], reason: str, style: Style = ""
) -> None:
    *texts, number = cells
    told = [f"{cell:{width}}" for cell, width in zip(texts, widths[:-1], strict=True)]
    paper.beside(_GAP.join([*told, f"{number:>{widths[-1]}}"]), reason, style=style)


def _cells(one: Expectation) -> tuple[str, ...]:
    row = one.row
    programs = row.program if isinstance(row.program, str) else str(len(row.programs))
    number = programs if "*" in programs else str(len(row.programs))
    return (", ".join(row.stacks) or "*", row.versions or "*", row.id, number)


def expectations_as_data(expectations: Sequence[Expectation]) -> list[dict[str, Any]]:
    """The rows with where they stand; `program` always is a list."""
    return [
        {
            "file": one.file,
            "number": one.number,
            **msgspec.to_builtins(one.row),
            "program": list(one.row.programs),
        }
        for one in expectations
    ]


def tell_proposed(paper: Paper, proposed: Proposed, *, written: bool) -> None:
    """The diff of each file that changes, and what is left to do."""
    for proposal in proposed.proposals:
        if proposal.is_change:
            for line in proposal.diff:
                paper.as_it_is(line, style=_LINES.get(line[:1], ""))
            paper.blank()
    paper.paragraph(_summary(proposed, written=written), style="bold")
    for proposal in proposed.proposals:
        if proposal.unfilled:
            numbers = ", ".join(map(str, proposal.unfilled))
            many = "s" if proposal.unfilled[1:] else ""
            paper.item(f"{proposal.file}: write the reason in row{many} {numbers}", style="yellow")
    if proposed.is_change and not written:
        paper.item("nothing was written; --write does it")


def _summary(proposed: Proposed, *, written: bool) -> str:
    if not proposed.is_change:
        return "Nothing to change: every finding has its row, and every row its findings."
    added = sum(len(one.added) for one in proposed.proposals)
    gone = sum(len(stale.programs) for one in proposed.proposals for stale in one.gone)
    verb = "Wrote" if written else "Would write"
    what = [
        *([count(added, "new row")] if added else []),
        *([f"{count(gone, 'program')} taken out"] if gone else []),
    ]
    return f"{verb} {' and '.join(what)}."


def proposed_as_data(proposed: Proposed, *, written: bool) -> dict[str, Any]:
    """The changes as one object."""
    return {
        "exit_code": proposed.exit_code(written=written),
        "written": written and proposed.is_change,
        "files": [_proposal(one) for one in proposed.proposals],
        "undecided": [one.verdict.trace for one in proposed.gate.undecided],
        "unreadable": [one.verdict.trace for one in proposed.gate.unreadable],
    }


def _proposal(one: Proposal) -> dict[str, Any]:
    return {
        "file": one.file,
        "changed": one.is_change,
        "added": [{**msgspec.to_builtins(row), "program": list(row.programs)} for row in one.added],
        "gone": [
            {
                "number": stale.expectation.number,
                "id": stale.expectation.row.id,
                "programs": list(stale.programs),
                "row": len(stale.programs) == len(stale.expectation.row.programs),
            }
            for stale in one.gone
        ],
        "unfilled": list(one.unfilled),
        "diff": one.diff,
    }

"""The gate at a glance: how each stack fared, and which departures are known of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ..checking.findings import FINDINGS
from ..traces.version_numbers import numbers
from .gate import Gate, Weighed
from .judged import Judged
from .paper import Paper

FEW = 5
"""Expectations up to which each is told with its reason; more are counted in a table."""

MOST_COLUMNS = 4
"""Stacks up to which each has a column of its own in the table of kinds."""

_STACKS = ("stack", "traces", "conform", "known findings only", "unexpected", "undecided")


def tell_stacks(paper: Paper, gate: Gate) -> None:
    """A table with a line for each stack, where there is more than one trace."""
    if len(gate.judged) < 2:
        return
    counted: dict[str, Counter[str]] = {}
    failing = {one.judged.verdict.trace for one in gate.unexpected}
    for judged in gate.judged:
        for stack in dict.fromkeys(judged.verdict.stacks):
            counted.setdefault(stack, Counter())[_outcome(judged, failing)] += 1
    rows = [
        [stack, str(counts.total()), *(str(counts[column]) for column in _STACKS[2:])]
        for stack, counts in sorted(counted.items(), key=lambda each: _in_order(each[0]))
    ]
    paper.blank()
    _table(paper, [list(_STACKS), *rows])


def _outcome(judged: Judged, failing: set[str]) -> str:
    if judged.verdict.trace in failing:
        return "unexpected"
    if judged.verdict.undecided or judged.verdict.error is not None:
        return "undecided"
    return "conform" if judged.verdict.verdict == "conforms" else "known findings only"


def tell_expected(paper: Paper, gate: Gate) -> None:
    """What is expected: with the reasons, or, where there are many, where to read them."""
    reasons: dict[str, dict[str, None]] = {}
    for one in gate.expected:
        assert one.expected_by is not None
        reasons.setdefault(one.finding.id, {})[one.expected_by.row.reason] = None
    if not reasons:
        return
    paper.blank()
    if sum(map(len, reasons.values())) <= FEW:
        paper.paragraph("Expected:")
        for id, number in Counter(one.finding.id for one in gate.expected).items():
            paper.item(f"{number} x {id} ({'; '.join(reasons[id])})")
        return
    paper.paragraph("Known departures and faults, by kind (how often each was seen):")
    _table(paper, _by_kind(gate.expected))
    paper.paragraph(_where_to_read(gate.expected))


def _by_kind(expected: Sequence[Weighed]) -> list[list[str]]:
    """How often each kind was seen: in each stack, or, where there are many, in how many."""
    counted: dict[str, Counter[str]] = {}
    for one in expected:
        stack = one.judged.stack(one.finding.peer)
        named = stack.title if stack is not None else "?"
        counted.setdefault(one.finding.id, Counter())[named] += 1
    stacks = sorted({stack for counts in counted.values() for stack in counts}, key=_in_order)
    ids = sorted(counted, key=lambda id: (FINDINGS[id].class_ != "departure", id))
    told = {id: f"{id}: {FINDINGS[id].title}" for id in ids}
    if len(stacks) > MOST_COLUMNS:
        rows = [[told[id], str(counted[id].total()), str(len(counted[id]))] for id in ids]
        return [["", "seen", f"in how many of {len(stacks)} stacks"], *rows]
    rows = [[told[id], *(str(counted[id][stack]) for stack in stacks)] for id in ids]
    names = [stack.partition(" ")[0] for stack in stacks]
    return [["", *(names if len(set(names)) == len(names) else stacks)], *rows]


def _in_order(stack: str) -> tuple[str, list[int]]:
    """By name, then by version as numbers."""
    name, _, version = stack.partition(" ")
    return name, numbers(version)


def _where_to_read(expected: Sequence[Weighed]) -> str:
    rows = {one.expected_by.place: one.expected_by for one in expected if one.expected_by}
    files = ", ".join(sorted({one.file for one in rows.values()}))
    told = f"Why each is known, in {len(rows)} reasons with the specification's own steps: {files}"
    told += ", or `negotiation expectations list TRACES`. What a kind means: `negotiation explain"
    return f"{told} ID`. Which stack departs where: `negotiation matrix TRACES`."


def _table(paper: Paper, rows: list[list[str]]) -> None:
    """The first column to the left, the others to the right; the first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for number, (first, *others) in enumerate(rows):
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        line = "  ".join([first.ljust(widths[0]), *cells])
        paper.as_it_is(line, indent=2, style="faint" if number == 0 else "")

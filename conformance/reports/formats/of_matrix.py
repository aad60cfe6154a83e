"""The report of a matrix: an entry for each program of each stack and version."""

from __future__ import annotations

from collections.abc import Iterator

from ...checking.findings import FINDINGS
from ..matrix.cells import Cell, Column, Evidence, Matrix, Sighting
from ..matrix.text import summary_of
from .facts import facts_of_model
from .report import Entry, Fact, Known, Outcome, Report, Section, Told


def report_of_matrix(matrix: Matrix) -> Report:
    """What the cells say; the command fails for none of it, but for what it could not read."""
    return Report(
        command="matrix",
        conclusion="Not all could be read" if matrix.unreadable else "Told",
        summary=summary_of(matrix),
        exit_code=matrix.exit_code,
        seconds=0.0,
        entries=tuple(_entries(matrix)),
        properties=(
            ("recordings", str(len(matrix.recordings))),
            ("columns", str(len(matrix.columns))),
        ),
        sections=tuple(_sections(matrix)),
    )


def _entries(matrix: Matrix) -> Iterator[Entry]:
    for place, column in enumerate(matrix.columns):
        for row in matrix.programs:
            name = row.name or "(no program)"
            yield _entry(matrix, column, row.cells[place], name, row.about)
    for one in matrix.unreadable:
        yield Entry("unreadable", one.trace, "unreadable", one.trace, reasons=(one.error,))


def _entry(matrix: Matrix, column: Column, cell: Cell, name: str, about: str) -> Entry:
    found = tuple(_told(matrix, matrix.sightings[one], column) for one in cell.sightings)
    recordings = [matrix.recordings[one] for one in cell.recordings]
    reasons = tuple(reason for one in recordings for reason in one.undecided)
    if cell.status == "unsupported":
        lacks = f"the stack lacks {cell.lacks}" if cell.lacks else "no recording can show it"
        reasons = (lacks,)
    return Entry(
        group=column.title,
        name=name,
        outcome=_outcome(cell, found),
        file=recordings[0].trace if recordings else "",
        found=found,
        reasons=reasons,
        about=tuple(filter(None, (about,))),
    )


def _outcome(cell: Cell, found: tuple[Told, ...]) -> Outcome:
    if cell.status == "unsupported":
        return "skipped"
    if any(one.is_wrong for one in found):
        return "failed"
    if cell.status == "undecided":
        return "undecided"
    return "expected" if found else "passed"


def _told(matrix: Matrix, one: Sighting, column: Column) -> Told:
    evidence = matrix.evidence[one.evidence]
    known = None if one.known is None else matrix.known[one.known]
    kind = FINDINGS[evidence.id]
    return Told(
        id=evidence.id,
        class_=kind.class_,
        message=evidence.message,
        file=matrix.recordings[one.recording].trace,
        line=one.line,
        fault=(evidence.id, evidence.anchor, evidence.refused_by or "", column.stack),
        stack=column.title,
        facts=tuple(_facts(evidence, one)),
        known=None if known is None else Known(known.reason, known.place, known.link),
    )


def _facts(evidence: Evidence, one: Sighting) -> Iterator[Fact]:
    if evidence.observed is not None:
        yield Fact("Observed", (f"peer {one.peer}: {evidence.observed}",))
    if evidence.read:
        yield Fact("Read with it", (evidence.read,))
    yield from facts_of_model(evidence, one.after)
    yield Fact("To replay it", (one.replay,), "command")


def _sections(matrix: Matrix) -> Iterator[Section]:
    if matrix.unseen:
        yield Section("Seen nowhere", (", ".join(matrix.unseen),))
    if matrix.assumptions:
        yield Section("This rests on", matrix.assumptions)

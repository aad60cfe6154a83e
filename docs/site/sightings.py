"""Where recordings show each finding: by stack, and one place to look at."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from negotiation.conformance.reports.matrix.cells import Matrix, Rule, Sighting
from negotiation.conformance.reports.matrix.markdown import text


class Seen(msgspec.Struct, frozen=True):
    """A finding in a stack. `evidence` is Markdown: what was said where it is soonest."""

    id: str
    anchor: str
    stack: str
    versions: tuple[str, ...]
    programs: tuple[str, ...]
    evidence: str
    trace: str
    line: int


def seen_in(matrix: Matrix) -> list[Seen]:
    """Every kind of finding in every stack, by finding, rule and stack, in the matrix's order."""
    return [
        _seen(matrix, rule, stack, sightings)
        for rule in matrix.rules
        for stack, sightings in _by_stack(matrix, rule)
    ]


def _by_stack(matrix: Matrix, rule: Rule) -> Iterator[tuple[str, list[Sighting]]]:
    of_stack: dict[str, list[Sighting]] = {}
    for place in (place for cell in rule.cells for place in cell.sightings):
        sighting = matrix.sightings[place]
        of_stack.setdefault(matrix.columns[sighting.column].stack, []).append(sighting)
    return iter(of_stack.items())


def _seen(matrix: Matrix, rule: Rule, stack: str, sightings: list[Sighting]) -> Seen:
    alone = [one for one in sightings if one.after is None] or sightings
    shown = min(alone, key=lambda one: (one.line, matrix.recordings[one.recording].trace))
    recording = matrix.recordings[shown.recording]
    versions = (matrix.columns[one.column].short for one in sightings)
    programs = (matrix.recordings[one.recording].program for one in sightings)
    return Seen(
        rule.id,
        rule.anchor,
        stack,
        tuple(dict.fromkeys(versions)),
        tuple(dict.fromkeys(programs)),
        f"{text(matrix.evidence[shown.evidence].message)} (`{recording.trace}:{shown.line}`)",
        recording.trace,
        shown.line,
    )

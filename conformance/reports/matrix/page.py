"""The matrix as one HTML page.

Strings are told once and named by their place: dozens of versions say the same in most programs.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ...checking.findings import FINDINGS
from ..links import around_the_line
from ..pages.framing import framed
from ..pages.strings import Strings
from .cells import MEANINGS, Cell, Evidence, Matrix, Recording, Rule, Sighting

SCRIPTS = ("cells.js", "page.js")

_STATUSES = list(MEANINGS)


def matrix_as_page(matrix: Matrix) -> str:
    """The page, whole."""
    return framed(__package__, "Negotiation matrix", page_data(matrix), SCRIPTS)


def page_data(matrix: Matrix) -> dict[str, Any]:
    """What the script reads: the matrix, packed."""
    strings = Strings()
    hidden: dict[tuple[str, ...], int] = {}
    seen_by = {(one.id, one.anchor): _seen(one) for one in matrix.rules}
    return {
        "revision": matrix.revision,
        "statuses": _STATUSES,
        "meanings": MEANINGS,
        "kinds": {
            one.id: {"title": one.title, "means": one.means, "todo": one.todo, "class": one.class_}
            for one in FINDINGS.values()
        },
        "columns": msgspec.to_builtins(matrix.columns),
        "rules": [
            {
                "id": one.id,
                "anchor": one.anchor,
                "url": one.url,
                "title": one.says,
                "status": "departs" if one.class_ == "departure" else "faults",
                "sightings": seen_by[one.id, one.anchor],
            }
            for one in matrix.rules
        ],
        "programs": [
            {
                "name": one.name,
                "area": one.area,
                "about": one.about,
                "cells": [_cell(cell, hidden) for cell in one.cells],
            }
            for one in matrix.programs
        ],
        "hidden": [list(ids) for ids in hidden],
        "recordings": [_recording(one, strings) for one in matrix.recordings],
        "sightings": [_sighting(one, strings) for one in matrix.sightings],
        "evidence": [_evidence(one, strings) for one in matrix.evidence],
        "known": msgspec.to_builtins(matrix.known),
        "assumptions": list(matrix.assumptions),
        "unreadable": [one.error for one in matrix.unreadable],
        "strings": list(strings.places),
    }


def _seen(rule: Rule) -> list[int]:
    return [place for cell in rule.cells for place in cell.sightings]


def _cell(cell: Cell, hidden: dict[tuple[str, ...], int]) -> list[Any]:
    """Its last member is the place of what its recorders cannot show: most cells share it."""
    status = _STATUSES.index(cell.status)
    told = [status, cell.judged, list(cell.sightings), list(cell.recordings), cell.lacks]
    return [*told, hidden.setdefault(cell.hidden, len(hidden))]


def _recording(one: Recording, strings: Strings) -> list[Any]:
    """Its last members are the trace as a command names it, in parts that a line goes between."""
    before, after = around_the_line(one.trace)
    folder, slash, name = before.rpartition("/")
    return [
        strings.place(one.program),
        one.observations,
        strings.each(one.undecided),
        strings.place(folder + slash),
        strings.place(name),
        strings.place(after),
    ]


def _sighting(one: Sighting, strings: Strings) -> list[int]:
    known = -1 if one.known is None else one.known
    peer = strings.place(one.peer)
    return [one.evidence, one.recording, one.column, one.line, peer, known, one.after or 0]


def _evidence(one: Evidence, strings: Strings) -> list[Any]:
    lines = [
        told
        for line in one.lines
        for told in (line.at, strings.place(line.peer), strings.place(line.observed))
    ]
    return [
        *strings.each((one.id, one.url, one.message)),
        strings.place(one.observed),
        strings.place(one.read),
        lines,
        strings.each(one.states),
        strings.each(one.expected),
        strings.place(one.refused_by),
        strings.place(one.alternative),
        strings.each(one.rests_on),
    ]

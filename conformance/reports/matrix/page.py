"""The matrix as one HTML page: no request to anywhere, and nothing from a trace is markup.

The template, the style and the script are files beside this one. The data stands in the page as
JSON in which no markup can begin; the script makes text nodes of it and nothing else. The policy
admits exactly this script and this style, by their hashes.

Strings are told once and named by their place: dozens of versions say the same in most programs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

import msgspec

from ...checking.findings import FINDINGS
from ..links import command
from .cells import MEANINGS, Cell, Evidence, Matrix, Recording, Rule, Sighting

_SLOT = re.compile(r"<!--(policy|style|script|data)-->")
_STATUSES = list(MEANINGS)


def matrix_as_page(matrix: Matrix) -> str:
    """The page, whole."""
    style, script = _file("page.css"), _file("page.js")
    filled = {
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "data": _inert(page_data(matrix)),
    }
    return _SLOT.sub(lambda slot: filled[slot[1]], _file("page.html"))


def _file(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, sent or run but what is hashed here; no string becomes markup."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        )
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _inert(data: Any) -> str:
    """JSON in ASCII without a sign that could end the element, or begin another."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


class _Strings:
    """Strings by their place; None is -1."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}

    def place(self, told: str | None) -> int:
        return -1 if told is None else self.places.setdefault(told, len(self.places))

    def each(self, told: Iterable[str]) -> list[int]:
        return [self.place(one) for one in told]


def page_data(matrix: Matrix) -> dict[str, Any]:
    """What the script reads: the matrix, packed."""
    strings = _Strings()
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
                "title": one.title,
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
                "cells": [_cell(cell) for cell in one.cells],
            }
            for one in matrix.programs
        ],
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


def _cell(cell: Cell) -> list[Any]:
    status = _STATUSES.index(cell.status)
    return [status, cell.judged, list(cell.sightings), list(cell.recordings), cell.lacks]


def _recording(one: Recording, strings: _Strings) -> list[Any]:
    """Its last members are the trace as a command names it, in parts that a line goes between."""
    place = command("replay", one.trace, 0).removeprefix("negotiation replay ")
    before, _, after = place.rpartition(":0")
    folder, slash, name = before.rpartition("/")
    return [
        strings.place(one.program),
        one.observations,
        strings.each(one.undecided),
        strings.place(folder + slash),
        strings.place(name),
        strings.place(after),
    ]


def _sighting(one: Sighting, strings: _Strings) -> list[int]:
    known = -1 if one.known is None else one.known
    peer = strings.place(one.peer)
    return [one.evidence, one.recording, one.column, one.line, peer, known, one.after or 0]


def _evidence(one: Evidence, strings: _Strings) -> list[Any]:
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

"""`negotiation stacks`: which stacks there are, which are here, how to get the others."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from negotiation.model import REVISION

from ..reports.gate_json import as_json
from ..stacks.registry import STACKS
from .printing import paper_for, put

EXAMPLES = (
    "negotiation stacks",
    "negotiation stacks --format json",
)

MODEL = "model"
"""The model itself is a stack: it runs programs on a schedule that a seed picks."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """List the stacks."""
    rows = list(_rows())
    put(as_json(rows) if arguments.format == "json" else _text(rows))
    return 0


def _rows() -> Iterator[dict[str, object]]:
    yield {
        "name": MODEL,
        "title": "the model of the specification",
        "version": REVISION[:12],
        "available": True,
        "install": None,
    }
    for row in STACKS:
        available = row.executable() is not None
        yield {
            "name": row.name,
            "title": row.title,
            "version": row.stack().version or None if available else None,
            "available": available,
            "install": row.install,
        }


def _text(rows: list[dict[str, object]]) -> str:
    paper = paper_for()
    widest = max(len(str(row["name"])) for row in rows)
    for row in rows:
        name = f"{row['name']:{widest}}"
        if row["available"]:
            version = row["version"] or "of unknown version"
            paper.paragraph(f"{name}  {version}, here ({row['title']})", style="green")
        else:
            paper.paragraph(f"{name}  not here; to get it: {row['install']}", hanging=widest + 2)
    return paper.text()

"""`negotiation explain`: what a finding means."""

from __future__ import annotations

import argparse
import difflib

from ..checking.findings import FINDINGS
from ..errors import UsageError
from ..reports.explaining import as_row, as_rows, tell_all, tell_kind
from ..reports.gate_json import as_json
from .printing import paper_for, put

EXAMPLES = (
    "negotiation explain",
    "negotiation explain NN-SPURIOUS",
    "negotiation explain APP-WRONG-STATE --format json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("id", nargs="?", metavar="ID", help="the finding (without it: all)")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Tell what a finding means, or list all."""
    id = None if arguments.id is None else _known(arguments.id)
    if arguments.format == "json":
        put(as_json(as_rows() if id is None else as_row(id)))
        return 0
    paper = paper_for()
    if id is None:
        tell_all(paper)
    else:
        tell_kind(paper, FINDINGS[id])
    put(paper.text())
    return 0


def _known(id: str) -> str:
    if id.upper() in FINDINGS:
        return id.upper()
    close = difflib.get_close_matches(id.upper(), FINDINGS, n=1)
    hint = f"did you mean {close[0]}?" if close else "`negotiation explain` lists them"
    raise UsageError(f"there is no finding {id!r}; {hint}")

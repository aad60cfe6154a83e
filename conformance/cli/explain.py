"""`negotiation explain`: what a finding means."""

from __future__ import annotations

import argparse

from ..checking.findings import finding_named
from ..reports.explaining import as_row, as_rows, tell_all, tell_kind
from ..reports.gate_json import as_json
from .printing import on_paper, put

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
    kind = None if arguments.id is None else finding_named(arguments.id)
    if arguments.format == "json":
        put(as_json(as_rows() if kind is None else as_row(kind)))
        return 0
    put(on_paper(tell_all if kind is None else lambda paper: tell_kind(paper, kind)))
    return 0

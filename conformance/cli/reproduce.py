"""`negotiation reproduce`: a fault as one file that others can run, without this tool."""

from __future__ import annotations

import argparse

from ..reproducing.forms import FORMS, written
from ..reproducing.subjects import is_case, of_case, of_trace
from .places import place
from .printing import put, warn

EXAMPLES = (
    "negotiation reproduce found/nn-early.case.json --as html --output nn-early.html",
    "negotiation reproduce traces/wrtc/0.1.0/altered-offer.jsonl.gz --as pytest",
    "negotiation reproduce traces/werift/0.25.2/add-transceiver-errors.jsonl.gz:7 --as js",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Writes a departure as one file that needs nothing of this tool: it makes the calls, says "
        "what it saw and what the specification says, and ends with DEPARTS or AS SPECIFIED."
    )
    parser.add_argument(
        "case",
        metavar="CASE",
        help="a case of `negotiation fuzz`, or a recording: TRACE (its first departure) or "
        "TRACE:LINE (the one in that line)",
    )
    parser.add_argument(
        "--as",
        dest="form",
        required=True,
        choices=tuple(FORMS),
        help="html: a page to open; js: a script for Node; python: an asyncio script; pytest: a "
        "test; wpt: a web platform test (testharness.js)",
    )
    parser.add_argument("--output", metavar="FILE", help="where to write it (default: to stdout)")


def run(arguments: argparse.Namespace) -> int:
    """Write the file."""
    if is_case(arguments.case):
        subject = of_case(arguments.case)
    else:
        subject = of_trace(*place(arguments.case))
    put(written(subject, arguments.form), arguments.output)
    for note in subject.notes:
        warn(f"note: {note}")
    return 0

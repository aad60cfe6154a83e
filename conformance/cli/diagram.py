"""`negotiation diagram`: the state diagrams, made from the model."""

from __future__ import annotations

import argparse
import sys

from negotiation.model.diagrams import DIAGRAMS

from ..errors import UsageError
from ..reports.diagrams import FORMATS, render
from .printing import put, put_bytes

EXAMPLES = (
    "negotiation diagram signaling --output signaling.svg",
    "negotiation diagram signaling --format mermaid",
    "negotiation diagram signaling --format png --output signaling.png",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("what", metavar="WHAT", help=f"one of: {', '.join(DIAGRAMS)}")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="default: as the name of the --output file ends, else svg",
    )
    parser.add_argument("--output", metavar="FILE", help="write it to a file")


def run(arguments: argparse.Namespace) -> int:
    """Draw the diagram."""
    drawn = render(arguments.what, arguments.format or _format_of(arguments.output))
    if isinstance(drawn, str):
        put(drawn, arguments.output)
    elif arguments.output not in (None, "-"):
        put_bytes(drawn, arguments.output)
    elif sys.stdout.isatty():
        raise UsageError("a terminal shows no PNG; name a file with --output")
    else:
        sys.stdout.buffer.write(drawn)
        sys.stdout.buffer.flush()
    return 0


def _format_of(output: str | None) -> str:
    ending = (output or "").rpartition(".")[2]
    return ending if ending in FORMATS else "svg"

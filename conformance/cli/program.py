"""`negotiation program`: a recording turned back into a program."""

from __future__ import annotations

import argparse

from ..errors import UsageError
from ..importing.opening import find_recordings, read_recording
from ..programs.recorded import program_of
from ..reports.gate_json import as_json
from .printing import put, warn

EXAMPLES = (
    "negotiation program call.jsonl --output call.json",
    "negotiation program webrtc_internals_dump.txt#1 > call.json",
    "negotiation record --stack firefox call.json --output traces",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Turns a recording, or a dump, into a program that makes the same calls, so that they can "
        "be tried again on other stacks. What the program cannot say is told on standard error."
    )
    parser.add_argument("trace", metavar="TRACE", help="a trace, or a dump with one call in it")
    parser.add_argument("--output", metavar="FILE", help="where to write it (default: to stdout)")
    parser.add_argument("--name", default="", metavar="NAME", help="what the program is called")


def run(arguments: argparse.Namespace) -> int:
    """Write the program."""
    files = find_recordings([arguments.trace])
    if len(files) != 1:
        listed = ", ".join(files[:5])
        raise UsageError(f"{arguments.trace}: {len(files)} recordings; name one of them: {listed}")
    made = program_of(read_recording(files[0]), arguments.name)
    put(as_json(made.program), arguments.output)
    for note in made.notes:
        warn(f"note: {note}")
    return 0

"""The sequence diagram of one recording, or of one call of a dump."""

from __future__ import annotations

import argparse

from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.diagrams.sequence import DEPTH, sequence_of
from ..reports.diagrams.sequence_mermaid import sequence_mermaid
from ..reports.diagrams.sequence_svg import sequence_svg
from ..reports.replaying import Replay
from .part_options import part_of
from .places import place, trace_with
from .reading_options import readings_of

FORMATS = {"svg": sequence_svg, "mermaid": sequence_mermaid}

INSTEAD = {
    "png": "let a browser, or rsvg-convert, make a picture of --format svg",
    "dot": "Graphviz draws no sequences; use svg or mermaid",
}


def draw_sequence(arguments: argparse.Namespace, format: str) -> str:
    """The diagram in this format.

    Raises:
        UsageError: no recording was named, or there is no such format, peer or line.
    """
    if format not in FORMATS:
        raise UsageError(f"a sequence diagram is no {format}: {INSTEAD[format]}")
    if arguments.trace is None:
        raise UsageError("which recording? write: negotiation diagram sequence TRACE")
    if arguments.layout is not None:
        raise UsageError("--layout is for diagrams of the model; a sequence has one, leave it out")
    file, line = place(arguments.trace)
    trace = trace_with(file, line, arguments.peer)
    replay = Replay(trace, Checker(readings_of(arguments)))
    depth = DEPTH if arguments.depth is None else arguments.depth
    focus = _line(arguments.focus) if arguments.focus is not None else line
    chart = sequence_of(replay, part_of(arguments), focus=focus, depth=depth)
    return FORMATS[format](chart)


def _line(focus: str) -> int:
    if not focus.isdecimal():
        raise UsageError(
            f"--focus {focus!r}: of a sequence, it is a line of the recording; write 120"
        )
    return int(focus)

"""`negotiation why`: why an event fired here, or did not; why a call was refused."""

from __future__ import annotations

import argparse

from ..checking.half_seen import limits_of
from ..checking.why import Answer, NotFollowedError, why
from ..errors import UsageError
from ..reports.gate_json import as_json
from ..reports.reasons import answer_as_rows, tell_answer
from ..traces.reading import Trace
from .places import place, trace_with
from .printing import paper_for, put
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation why traces/first-change.jsonl:4",
    "negotiation why traces/wrong-calls-in-stable.jsonl:28",
    "negotiation why call.jsonl:57 --format json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("place", metavar="TRACE:LINE", help="a line of a trace")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer."""
    file, line = place(arguments.place)
    if line is None:
        raise UsageError(f"{file}: which line? write {file}:LINE (`negotiation replay` shows them)")
    trace = trace_with(file, line)
    answer = _answer(file, trace, line, arguments)
    if arguments.format == "json":
        put(as_json(answer_as_rows(answer, file)))
        return 0
    paper = paper_for()
    tell_answer(paper, answer, file)
    for limit in limits_of(trace.header):
        paper.blank()
        paper.paragraph(f"This is told as if nothing had been missed, but {limit}.")
    put(paper.text())
    return 0


def _answer(file: str, trace: Trace, line: int, arguments: argparse.Namespace) -> Answer:
    try:
        return why(trace, line, readings_of(arguments))
    except NotFollowedError as reason:
        raise UsageError(f"{file}:{line}: the checker gave up before: {reason}") from None

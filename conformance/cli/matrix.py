"""`negotiation matrix`: stacks and versions across, rules and programs down."""

from __future__ import annotations

import argparse
import sys

from ..checking.judging import Checker
from ..errors import UsageError
from ..importing.opening import find_recordings
from ..reports.expectations import expectations_for, read_expectations
from ..reports.gate_json import as_json
from ..reports.matrix.cells import Matrix
from ..reports.matrix.markdown import matrix_as_markdown
from ..reports.matrix.page import matrix_as_page
from ..reports.matrix.surveying import Survey
from ..reports.matrix.text import tell_matrix
from ..traces.finding_files import STDIN
from .printing import Progress, paper_for, put
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation matrix traces",
    "negotiation matrix traces --rows rules",
    "negotiation matrix traces --format html --output matrix.html",
    "negotiation matrix traces/chromium traces/firefox --format markdown --output matrix.md",
    "",
    "The page opens the evidence of each cell; it is one file, and needs no network. What cells",
    "and the members of the JSON mean: docs/matrix.md.",
    "",
    "exit codes:",
    "  0 told, whatever it says (`check` is the gate); 2 wrong usage, or nothing to judge; 3 a",
    "  trace could not be read",
)

TOLD, UNREADABLE = 0, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "traces", nargs="+", metavar="TRACE", help="a file, a folder, a pattern, or - for stdin"
    )
    parser.add_argument("--format", choices=("text", "markdown", "json", "html"), default="text")
    parser.add_argument("--output", metavar="FILE", help="write it to a file")
    parser.add_argument(
        "--rows",
        choices=("all", "rules", "programs"),
        default="all",
        help="which rows text and Markdown tell (JSON and the page have all)",
    )
    parser.add_argument(
        "--expectations",
        metavar="FILE",
        help="what is expected (instead of the expectations.json beside the traces)",
    )
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the traces and tell the matrix."""
    if arguments.format == "html" and arguments.output is None and sys.stdout.isatty():
        raise UsageError("a page is not for a terminal; name its file with --output")
    matrix = _matrix(arguments)
    if not matrix.recordings and not matrix.unreadable:
        raise UsageError("nothing was judged; name recordings")
    put(_told(matrix, arguments), arguments.output)
    for one in matrix.unreadable:
        print(one.error, file=sys.stderr)
    return UNREADABLE if matrix.unreadable else TOLD


def _matrix(arguments: argparse.Namespace) -> Matrix:
    files = find_recordings(arguments.traces)
    if files.count(STDIN) and len(files) > 1:
        raise UsageError("- (standard input) cannot be mixed with files; name one or the other")
    if arguments.expectations is not None:
        expectations = read_expectations(arguments.expectations)
    else:
        expectations = expectations_for(arguments.traces)
    survey = Survey(Checker(readings_of(arguments)), expectations)
    with Progress("judging") as progress:
        for done, file in enumerate(files, start=1):
            survey.take(file)
            progress(done, len(files), file)
    return survey.matrix()


def _told(matrix: Matrix, arguments: argparse.Namespace) -> str:
    rows = {
        "rules": arguments.rows != "programs",
        "programs": arguments.rows != "rules",
    }
    if arguments.format == "json":
        return as_json(matrix)
    if arguments.format == "html":
        return matrix_as_page(matrix)
    if arguments.format == "markdown":
        return matrix_as_markdown(matrix, **rows)
    paper = paper_for(arguments.output)
    tell_matrix(paper, matrix, **rows)
    return paper.text()

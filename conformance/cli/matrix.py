"""`negotiation matrix`: stacks and versions across, rules and programs down."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.expectations import expected_of, read_expectations
from ..reports.gate_json import as_json
from ..reports.matrix.cells import Matrix
from ..reports.matrix.markdown import matrix_as_markdown
from ..reports.matrix.page import matrix_as_page
from ..reports.matrix.surveying import Survey
from ..reports.matrix.text import tell_matrix
from ..reports.paper import Paper
from .outputs import Tell, add_output_options, outputs_of, put_reports
from .places import add_traces, recordings_named
from .printing import Progress, on_paper, warn
from .reading_options import add_reading_options, readings_of

if TYPE_CHECKING:
    from ..reports.formats.report import Report

EXAMPLES = (
    "negotiation matrix traces",
    "negotiation matrix traces --rows rules",
    "negotiation matrix traces --format html --output matrix.html",
    "negotiation matrix traces/chromium traces/firefox --format markdown --output matrix.md",
    "negotiation matrix traces --output matrix.html --format junit --output matrix.xml",
    "",
    "The page opens the evidence of each cell; it is one file, and needs no network. What cells",
    "and the members of the JSON mean: docs/matrix.md.",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_traces(parser)
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
    add_output_options(parser)
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the traces and tell the matrix."""
    outputs = outputs_of(arguments)
    matrix = _matrix(arguments)
    if not matrix.recordings and not matrix.unreadable:
        raise UsageError("nothing was judged; name recordings")
    put_reports(outputs, _own(matrix, arguments), lambda: _report(matrix))
    for one in matrix.unreadable:
        warn(one.error)
    return matrix.exit_code


def _matrix(arguments: argparse.Namespace) -> Matrix:
    files = recordings_named(arguments.traces)
    if arguments.expectations is not None:
        expectations = read_expectations(arguments.expectations)
    else:
        expectations = expected_of(arguments.traces)
    survey = Survey(Checker(readings_of(arguments)), expectations)
    with Progress("judging") as progress:
        for done, file in enumerate(files, start=1):
            survey.take(file)
            progress(done, len(files), file)
    return survey.matrix()


def _own(matrix: Matrix, arguments: argparse.Namespace) -> dict[str, Tell]:
    """The tables, in the forms that a table has."""
    rules, programs = arguments.rows != "programs", arguments.rows != "rules"

    def tell(paper: Paper) -> None:
        tell_matrix(paper, matrix, rules=rules, programs=programs)

    return {
        "text": lambda output: on_paper(tell, output.file),
        "json": lambda output: as_json(matrix),
        "markdown": lambda output: matrix_as_markdown(matrix, rules=rules, programs=programs),
        "html": lambda output: matrix_as_page(matrix),
    }


def _report(matrix: Matrix) -> Report:
    from ..reports.formats.of_matrix import report_of_matrix

    return report_of_matrix(matrix)

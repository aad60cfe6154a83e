"""`negotiation check`: the gate."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from ..checking.findings import Finding
from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.expectations import (
    Expectation,
    expected_of,
    read_expectations,
)
from ..reports.gate import NOTHING, Gate, weigh
from ..reports.gate_json import gate_as_json
from ..reports.gate_text import tell_gate
from ..reports.judged import Judged, judge_traces
from .covering import Covering, add_covering_options
from .outputs import Tell, add_output_options, outputs_of, put_reports
from .places import add_traces, recordings_named
from .printing import Progress, on_paper
from .reading_options import add_reading_options, readings_of

if TYPE_CHECKING:
    from ..reports.formats.report import Report

EXAMPLES = (
    "negotiation check traces",
    "negotiation check 'traces/**/chromium*.jsonl' --format json --output report.json",
    "negotiation check traces --format text --format junit --output report.xml",
    "negotiation check traces --format github --output - --format sarif --output report.sarif",
    "negotiation check traces --output report.html --output report.md",
    "gunzip -c call.jsonl.gz | negotiation check -",
    "negotiation check call.jsonl --reading rollback-of-the-other-side=both",
    "negotiation check traces --baseline baseline.json --update-baseline",
    "negotiation check traces --baseline baseline.json",
    "negotiation check traces --against origin/main",
)

WITH_LEADING = ("sarif", "html")
"""The formats that tell the lines which lead to a finding."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_traces(parser)
    parser.add_argument(
        "--allow-undecided", action="store_true", help="undecided traces do not fail"
    )
    parser.add_argument(
        "--expectations",
        metavar="FILE",
        action="append",
        help="what is expected (instead of the expectations.json beside the traces); repeatable",
    )
    add_output_options(parser)
    add_covering_options(parser)
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge the traces, report, and return the gate's exit code."""
    outputs = outputs_of(arguments)
    gate = _gate(arguments, leading=any(one.format in WITH_LEADING for one in outputs))
    own: dict[str, Tell] = {
        "text": lambda output: on_paper(lambda paper: tell_gate(paper, gate), output.file),
        "json": lambda output: gate_as_json(gate),
    }
    put_reports(outputs, own, lambda: _report(gate))
    if gate.exit_code == NOTHING:
        raise UsageError("nothing was checked; the traces hold no observation, record some")
    sys.stdout.flush()
    return gate.exit_code


def _report(gate: Gate) -> Report:
    from ..reports.formats.of_gate import report_of_gate

    return report_of_gate(gate)


def _gate(arguments: argparse.Namespace, *, leading: bool) -> Gate:
    files = recordings_named(arguments.traces)
    expectations = _expectations(arguments)
    checker = Checker(readings_of(arguments))
    covering = Covering(arguments, checker)

    of_id: dict[str, list[Expectation]] = {}
    for one in expectations:
        of_id.setdefault(one.row.id, []).append(one)

    def is_expected(judged: Judged, finding: Finding) -> bool:
        if any(one.expects(judged, finding) for one in of_id.get(finding.id, ())):
            return True
        return covering.knows(judged, finding)

    begun = time.perf_counter()
    with Progress("checking") as progress:
        judged = judge_traces(files, checker, progress, is_expected, leading=leading)
    gate = weigh(
        judged,
        expectations,
        seconds=time.perf_counter() - begun,
        allow_undecided=arguments.allow_undecided,
    )
    return covering.covered(gate)


def _expectations(arguments: argparse.Namespace) -> list[Expectation]:
    if arguments.expectations is not None:
        return [one for file in arguments.expectations for one in read_expectations(file)]
    return expected_of(arguments.traces)

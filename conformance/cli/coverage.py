"""`negotiation coverage`: what of the model recordings exercise, and what none does."""

from __future__ import annotations

import argparse
import time

import msgspec

from ..checking.judging import Checker
from ..coverage.recordings import Recordings
from ..errors import UsageError
from ..reports.coverage_json import coverage_as_json
from ..reports.coverage_text import tell_coverage
from ..reports.covering import CoverageReport, cover_recordings
from .places import add_traces, recordings_named
from .printing import Progress, paper_for, put
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation coverage traces/chromium",
    "negotiation coverage traces --missing",
    "negotiation coverage 'traces/*/1*' --by stack",
    "negotiation coverage recorded --fail-under 90 --format json --output coverage.json",
    "",
    "What is counted, and what a recording can be said to cover: docs/coverage.md.",
)

TOLD, BELOW, UNREADABLE = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_traces(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", metavar="FILE", help="write the report to a file")
    parser.add_argument(
        "--missing", action="store_true", help="only what is missing (JSON always has all)"
    )
    parser.add_argument("--by", choices=("stack",), help="the totals of each stack, too")
    parser.add_argument(
        "--fail-under",
        type=float,
        metavar="PERCENT",
        help="exit code 1 if less of what can be listed is covered",
    )
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Follow the recordings, tell what they cover, and return the exit code."""
    wanted = arguments.fail_under
    if wanted is not None and not 0 <= wanted <= 100:
        raise UsageError(f"--fail-under {wanted:g}: a share is from 0 to 100; write, say, 90")
    report = _report(arguments)
    if arguments.format == "json":
        text = coverage_as_json(report)
    else:
        paper = paper_for(arguments.output)
        tell_coverage(paper, report, missing=arguments.missing, by_stack=arguments.by is not None)
        text = paper.text()
    put(text, arguments.output)
    if wanted is not None and report.coverage.share * 100 < wanted:
        return BELOW
    if report.unreadable:
        return UNREADABLE
    if report.observations == 0:
        raise UsageError("nothing was covered; the traces hold no observation, record some")
    return TOLD


def _report(arguments: argparse.Namespace) -> CoverageReport:
    files = recordings_named(arguments.traces)
    recordings = Recordings(Checker(readings_of(arguments)))
    begun = time.perf_counter()
    with Progress("covering") as progress:
        report = cover_recordings(files, recordings, progress)
    return msgspec.structs.replace(report, seconds=time.perf_counter() - begun)

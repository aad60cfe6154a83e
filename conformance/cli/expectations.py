"""`negotiation expectations`: read what is expected of stacks, and keep it true."""

from __future__ import annotations

import argparse
import os

from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.expectations import Expectation, expectations_for, folder_of, read_expectations
from ..reports.expectations_text import (
    expectations_as_data,
    proposed_as_data,
    tell_expectations,
    tell_proposed,
)
from ..reports.gate import NOTHING
from ..reports.gate_json import as_json
from ..reports.judged import judge_traces
from ..reports.proposing import ExpectationFiles, Proposed, propose
from .parsing import add_commands
from .places import add_traces, recordings_named
from .printing import Progress, on_paper, paper_for, put, put_bytes
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation expectations list traces --stack chromium",
    "negotiation expectations update traces",
    "negotiation expectations update traces --write",
)

_LIST_EXAMPLES = (
    "negotiation expectations list traces",
    "negotiation expectations list traces/expectations.json --stack firefox --format json",
)

_UPDATE_EXAMPLES = (
    "negotiation expectations update traces               # what would change, as a diff",
    "negotiation expectations update traces --write       # write it; then fill in the reasons",
    "negotiation expectations update new --expectations new.json --write --format json",
    "",
    "A finding without a row becomes a row with an empty reason: say why it is expected, or mend",
    "what is wrong. `negotiation check` refuses the file until every reason is written.",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    told = {
        "list": ("a table of what is expected", _LIST_EXAMPLES),
        "update": ("make the files true again, from results", _UPDATE_EXAMPLES),
    }
    parsers = add_commands(parser, told, required=True)
    _add_list_arguments(parsers["list"])
    _add_update_arguments(parsers["update"])


def _add_list_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="an expectations file, or traces that it is beside or above",
    )
    parser.add_argument("--stack", metavar="NAME", help="only what is said of this stack")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _add_update_arguments(parser: argparse.ArgumentParser) -> None:
    add_traces(parser)
    parser.add_argument("--write", action="store_true", help="write the changes")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--allow-undecided", action="store_true", help="undecided traces do not fail"
    )
    parser.add_argument(
        "--expectations",
        metavar="FILE",
        help="the file (instead of the expectations.json beside the traces)",
    )
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand."""
    return _list(arguments) if arguments.command == "list" else _update(arguments)


def _list(arguments: argparse.Namespace) -> int:
    known: dict[tuple[str, int], Expectation] = {}
    for path in arguments.paths:
        for one in _expectations_at(path):
            known.setdefault((os.path.realpath(one.file), one.number), one)
    chosen = [one for one in known.values() if one.speaks_of(arguments.stack)]
    if arguments.format == "json":
        put(as_json(expectations_as_data(chosen)))
        return 0
    paper = paper_for()
    if chosen:
        tell_expectations(paper, chosen)
    else:
        of = "" if arguments.stack is None else f" of {arguments.stack}"
        paper.paragraph(f"Nothing is expected{of} there.")
    put(paper.text())
    return 0


def _expectations_at(path: str) -> list[Expectation]:
    if path.endswith(".json"):
        return read_expectations(path, folder=folder_of(path), unfilled=True)
    return expectations_for([path], unfilled=True)


def _update(arguments: argparse.Namespace) -> int:
    proposed = _proposed(arguments)
    if arguments.write:
        for one in proposed.proposals:
            if one.is_change:
                put_bytes(one.after.encode(), one.file)
    if arguments.format == "json":
        put(as_json(proposed_as_data(proposed, written=arguments.write)))
    else:
        put(on_paper(lambda paper: tell_proposed(paper, proposed, written=arguments.write)))
    code = proposed.exit_code(written=arguments.write)
    if code == NOTHING:
        raise UsageError("nothing was judged; the traces hold no observation, record some")
    return code


def _proposed(arguments: argparse.Namespace) -> Proposed:
    files = recordings_named(arguments.traces)
    known = ExpectationFiles(arguments.traces, arguments.expectations)
    with Progress("judging") as progress:
        judged = judge_traces(files, Checker(readings_of(arguments)), progress)
    return propose(judged, known, allow_undecided=arguments.allow_undecided)

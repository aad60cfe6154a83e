"""`negotiation stacks`: which stacks there are, which are here; and whether an adapter is right."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from negotiation.model import REVISION

from ..errors import UsageError
from ..reports.gate_json import as_json
from ..stacks.registry import STACKS
from .parsing import Parser
from .printing import paper_for, put

EXAMPLES = (
    "negotiation stacks",
    "negotiation stacks --format json",
    "negotiation stacks test -- node my-adapter.mjs",
)

_TEST_EXAMPLES = (
    "negotiation stacks test -- python docs/adapters/minimal.py",
    "negotiation stacks test --timeout 5 --format json -- ./my-adapter --verbose",
    "",
    "exit codes: 0 the adapter keeps to the protocol (docs/adapters.md); 1 it does not; 2 usage",
)

WRONG = 1
"""The exit code where an adapter breaks a rule."""

PAGE = "page"
"""Any browser that opens the recorder's page, on this machine or another."""

MODEL = "model"
"""The model itself is a stack: it runs programs on a schedule that a seed picks."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--format", choices=("text", "json"), default="text")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command", parser_class=Parser)
    about = "check whether an adapter keeps to the recorder protocol"
    test = commands.add_parser(
        "test", help=about, description=f"{about.capitalize()}.", examples=_TEST_EXAMPLES
    )
    test.add_argument("adapter", nargs="+", metavar="CMD", help="the command, after --")
    test.add_argument("--format", choices=("text", "json"), default=argparse.SUPPRESS)
    test.add_argument(
        "--timeout",
        type=float,
        default=30.0,
        metavar="S",
        help="seconds for which it is waited for, each time (default: 30)",
    )


def run(arguments: argparse.Namespace) -> int:
    """List the stacks, or try an adapter."""
    if arguments.command == "test":
        return _test(arguments)
    rows = list(_rows())
    put(as_json(rows) if arguments.format == "json" else _text(rows))
    return 0


def _test(arguments: argparse.Namespace) -> int:
    import asyncio

    from ..reports.trials_text import results_as_data, tell_results
    from ..stacks.trials import Adapter, tried

    if not arguments.timeout > 0:
        raise UsageError("--timeout must be more than 0 seconds")
    adapter = Adapter(tuple(arguments.adapter), arguments.timeout, os.getcwd())
    results = asyncio.run(tried(adapter))
    if arguments.format == "json":
        put(as_json(results_as_data(adapter, results)))
    else:
        paper = paper_for()
        tell_results(paper, results)
        put(paper.text())
    return WRONG if any(one.problems for one in results) else 0


def _rows() -> Iterator[dict[str, object]]:
    yield {
        "name": MODEL,
        "title": "the model of the specification",
        "version": REVISION[:12],
        "available": True,
        "install": None,
    }
    yield {
        "name": PAGE,
        "title": "any browser that opens the recorder's page",
        "version": None,
        "available": True,
        "install": None,
    }
    for row in STACKS:
        available = row.executable() is not None
        yield {
            "name": row.name,
            "title": row.title,
            "version": row.stack().version or None if available else None,
            "available": available,
            "install": row.install,
        }


def _text(rows: list[dict[str, object]]) -> str:
    paper = paper_for()
    widest = max(len(str(row["name"])) for row in rows)
    for row in rows:
        name = f"{row['name']:{widest}}"
        if row["available"]:
            version = "" if row["name"] == PAGE else f"{row['version'] or 'of unknown version'}, "
            paper.paragraph(f"{name}  {version}here ({row['title']})", style="green")
        else:
            paper.paragraph(f"{name}  not here; to get it: {row['install']}", hanging=widest + 2)
    return paper.text()

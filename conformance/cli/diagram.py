"""`negotiation diagram`: the model's diagrams, plain or as observed; a recording as a sequence."""

from __future__ import annotations

import argparse
import os
import sys

from negotiation.model.diagrams import DIAGRAMS
from negotiation.model.graphs import Graph

from ..errors import UsageError
from ..reports.diagrams.nearby import bounded, focused
from ..reports.diagrams.rendering import FORMATS, LAYOUTS, graph_named, render
from .amounts import at_least
from .part_options import add_part
from .printing import Progress, put, put_bytes, warn
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation diagram signaling --output signaling.svg",
    "negotiation diagram signaling --format mermaid",
    "negotiation diagram sequence call.jsonl --output call.svg",
    "negotiation diagram sequence webrtc_internals_dump.txt --focus 120 --format mermaid",
    "negotiation diagram signaling --observed traces/chromium --output observed.svg",
    "negotiation diagram operation --observed traces --by stack --output operation.svg",
    "negotiation diagram flag --observed traces --differ chromium firefox --output apart.svg",
    "negotiation diagram signaling --observed before --against after --output apart.svg",
    "negotiation diagram signaling --focus have-local-offer --depth 1",
)

SEQUENCE = "sequence"

DRAWN, UNREADABLE = 0, 3

OF_RECORDINGS = ("stack", "by", "against", "differ")
OF_SEQUENCES = ("peer", "first", "last")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    known = ", ".join((*DIAGRAMS, SEQUENCE))
    parser.add_argument("what", metavar="WHAT", help=f"one of: {known}")
    parser.add_argument("trace", nargs="?", metavar="TRACE", help=f"the recording ({SEQUENCE})")
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help="default: as the name of the --output file ends, else svg",
    )
    parser.add_argument("--output", metavar="FILE", help="write it to a file")
    parser.add_argument(
        "--focus",
        metavar="NODE",
        help=f"only what is near this node ({SEQUENCE}: near this line of the recording)",
    )
    parser.add_argument(
        "--depth",
        type=at_least(0),
        metavar="N",
        help=f"how near: so many arrows (default: 1; {SEQUENCE}: rows before and after, 12)",
    )
    parser.add_argument(
        "--layout",
        choices=LAYOUTS,
        help="default: Graphviz's where it is installed, else our own",
    )
    _add_observed(parser.add_argument_group("as observed in recordings"))
    add_part(parser.add_argument_group(SEQUENCE))
    add_reading_options(parser)


def _add_observed(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--observed",
        nargs="+",
        metavar="TRACE",
        help="how often recordings took each edge; files, folders, patterns",
    )
    group.add_argument(
        "--stack",
        action="append",
        metavar="NAME[@VERSION]",
        help="count this stack's connections only; repeatable",
    )
    group.add_argument("--by", choices=("stack",), help="a diagram for each stack: FILE-STACK.svg")
    group.add_argument(
        "--against", nargs="+", metavar="TRACE", help="compare with these other recordings"
    )
    group.add_argument(
        "--differ", nargs=2, metavar="NAME[@VERSION]", help="compare these two stacks"
    )


def run(arguments: argparse.Namespace) -> int:
    """Draw the diagram."""
    format = arguments.format or _format_of(arguments.output)
    if arguments.what == SEQUENCE:
        return _run_sequence(arguments, format)
    _refuse(arguments, OF_SEQUENCES, f"diagram {SEQUENCE} TRACE")
    if arguments.trace is not None:
        raise UsageError(f"{arguments.trace}: to count in recordings, write --observed TRACE")
    graphs, unreadable = _graphs(arguments)
    for name, graph in graphs:
        depth = 1 if arguments.depth is None else arguments.depth
        shown = bounded(focused(graph, arguments.focus, depth))
        drawn = render(shown, format, name=arguments.what, layout=arguments.layout)
        _write(drawn, _file_named(arguments.output, name))
    for error in unreadable:
        warn(f"{error}; counted as far as it could be read")
    return UNREADABLE if unreadable else DRAWN


def _refuse(arguments: argparse.Namespace, options: tuple[str, ...], needs: str) -> None:
    """Say so where an option is given that this diagram does not have."""
    spelled = {"first": "from", "last": "to"}
    for option in options:
        if getattr(arguments, option) is not None:
            raise UsageError(f"--{spelled.get(option, option)} is for {needs}; leave it out")


def _run_sequence(arguments: argparse.Namespace, format: str) -> int:
    from .diagram_sequence import draw_sequence

    _refuse(arguments, ("observed", *OF_RECORDINGS), "diagrams of the model's tables")
    _write(draw_sequence(arguments, format), arguments.output)
    return 0


def _graphs(arguments: argparse.Namespace) -> tuple[list[tuple[str, Graph]], list[str]]:
    """The graphs that are asked for, each with what its file is called besides ("": nothing).

    The other list tells what could not be read.
    """
    plain_graph = graph_named(arguments.what)
    if arguments.observed is None:
        _refuse(arguments, OF_RECORDINGS, "--observed TRACE")
        return [("", plain_graph)], []
    from .diagram_observed import observed_graphs

    with Progress("observing") as progress:
        return observed_graphs(arguments, readings_of(arguments), progress)


def _file_named(output: str | None, name: str) -> str | None:
    if not name or output is None:
        return output
    stem, ending = os.path.splitext(output)
    return f"{stem}-{name}{ending}"


def _write(drawn: bytes | str, output: str | None) -> None:
    if isinstance(drawn, str):
        put(drawn, output)
    elif output not in (None, "-"):
        put_bytes(drawn, str(output))
    elif sys.stdout.isatty():
        raise UsageError("a terminal shows no PNG; name a file with --output")
    else:
        sys.stdout.buffer.write(drawn)
        sys.stdout.buffer.flush()


def _format_of(output: str | None) -> str:
    ending = (output or "").rpartition(".")[2].lower()
    return {"mmd": "mermaid", "gv": "dot"}.get(ending, ending if ending in FORMATS else "svg")

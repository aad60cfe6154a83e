"""`negotiation bisect`: between which versions of a stack something changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..checking.findings import finding_named
from ..checking.judging import Checker
from ..errors import UsageError
from ..programs.library import load
from ..reports.bisected import Ladder, bisected
from ..reports.bisected_text import bisected_as_data, tell_bisected
from ..reports.bisecting import between
from ..reports.catalogue import Catalogue
from ..reports.gate_json import as_json
from ..traces.finding_files import SUFFIXES
from .printing import Progress, on_paper, put
from .reading_options import add_reading_options, readings_of

EXAMPLES = (
    "negotiation bisect rollback-of-a-local-offer --stack chromium",
    "negotiation bisect first-change --stack chromium --between 106 153 --finding NN-EARLY",
    "negotiation bisect two-peers-glare --stack chromium --install",
    "",
    "The versions are those that are recorded (--traces); with --install, or where the stack is",
    "not recorded, also those that can be installed: they are fetched and recorded one by one,",
    "into the folder of --output. Times, ids and texts that a stack invents are no behaviour.",
)

FOUND, SAME, NOTHING = 0, 1, 4


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("program", metavar="PROGRAM", help="`negotiation programs` lists them")
    parser.add_argument("--stack", required=True, metavar="NAME", help="the stack")
    parser.add_argument(
        "--between",
        nargs=2,
        metavar=("VERSION", "VERSION"),
        help="only from one version to the other, both included",
    )
    parser.add_argument(
        "--finding", metavar="ID", help="whether there is this finding, and nothing else, counts"
    )
    parser.add_argument(
        "--traces", metavar="FOLDER", default="traces", help="where recordings are (traces)"
    )
    parser.add_argument(
        "--install", action="store_true", help="install and record versions that are not recorded"
    )
    parser.add_argument(
        "--output", metavar="DIR", default="bisected", help="where these are written (bisected)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_reading_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """Bisect, and tell what was found."""
    finding = None if arguments.finding is None else finding_named(arguments.finding).id
    with Progress("looking through") as progress:
        ladder = _ladder(arguments, progress)
    versions = _versions(ladder, arguments)
    with Progress("bisecting") as progress:

        def asked(done: int, doing: str) -> None:
            progress(done, len(versions), doing)

        found = bisected(
            arguments.program,
            arguments.stack,
            ladder,
            versions,
            finding=finding,
            checker=Checker(readings_of(arguments)),
            progress=asked,
        )
    if arguments.format == "json":
        put(as_json(bisected_as_data(found)))
    else:
        put(on_paper(lambda paper: tell_bisected(paper, found)))
    return FOUND if found.boundaries else SAME if found.behaviours else NOTHING


def _ladder(arguments: argparse.Namespace, progress: Progress) -> Ladder:
    from .ladders import InstallingLadder, RecordedLadder

    folders = [one for one in (arguments.traces, arguments.output) if _has_traces(one)]
    catalogue = Catalogue(folders, progress) if folders else None
    files = {} if catalogue is None else catalogue.versions_of(arguments.stack, arguments.program)
    if files and not arguments.install:
        return RecordedLadder(files)
    if catalogue is not None and catalogue.holds(arguments.stack) and not arguments.install:
        load(arguments.program)
        raise UsageError(
            f"{arguments.program} is not recorded on {arguments.stack}; --install records it"
        )
    program = load(arguments.program)
    ladder = InstallingLadder(arguments.stack, program, files, Path(arguments.output))
    if not ladder.versions:
        where = ", ".join(folders) or arguments.traces
        raise UsageError(
            f"no version of {arguments.stack!r} is recorded in {where}, and none can be installed; "
            "`negotiation stacks` lists what can"
        )
    return ladder


def _has_traces(folder: str) -> bool:
    return any(path.name.endswith(SUFFIXES) for path in Path(folder).rglob("*"))


def _versions(ladder: Ladder, arguments: argparse.Namespace) -> list[str]:
    versions = list(ladder.versions)
    chosen = between(versions, *arguments.between) if arguments.between else versions
    if len(chosen) < 2:
        which = f"between {' and '.join(arguments.between)} " if arguments.between else ""
        raise UsageError(
            f"there are not two versions of {arguments.stack} {which}to bisect; "
            f"known are {', '.join(versions)} (--install adds those that can be installed)"
        )
    return chosen

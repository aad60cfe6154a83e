"""`negotiation diff`: where two recordings first differ, or how two stacks do in all programs."""

from __future__ import annotations

import argparse
import os
import re

from ..errors import UsageError
from ..importing.opening import find_recordings
from ..reports.catalogue import Catalogue
from ..reports.comparing import Pair, compared
from ..reports.comparing_text import counted, pairs_as_data, tell_pair
from ..reports.counts import count
from ..reports.gate_json import as_json
from ..reports.stacks_apart import stacks_apart
from ..reports.stacks_apart_text import apart_as_data, tell_apart
from ..traces.finding_files import SUFFIXES
from .printing import Progress, on_paper, paper_for, put, warn

EXAMPLES = (
    "negotiation diff first/two-peers-glare.jsonl second/two-peers-glare.jsonl",
    "negotiation diff traces/chromium/156.0.8078.79 traces/firefox/153.7.0esr",
    "negotiation diff chromium@156 firefox@153",
    "negotiation diff chromium@143 chromium --traces recorded --format json",
    "",
    "Each peer's observations are compared in their order. What differs between any two runs does",
    "not count: times, silences, ICE credentials, ids that the stack invents, error messages.",
    "",
    "Stacks (STACK or STACK@VERSION, the newest that fits) are looked up among the recordings in",
    "the folder of --traces. What differs is told by what it is, with all programs that show it;",
    "what comes with a difference, up to where both are alike again, is not told by itself.",
)

SAME, DIFFER, UNREADABLE = 0, 1, 3

_STACK = re.compile(r"[A-Za-z][\w.+-]*(?:@[\w.+-]+)?(?<!\.jsonl)(?<!\.gz)")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "first", metavar="A", help="a trace, a folder of traces, or a stack (STACK@VERSION)"
    )
    parser.add_argument("second", metavar="B", help="another one")
    parser.add_argument(
        "--traces",
        metavar="FOLDER",
        default="traces",
        help="where recordings of stacks are looked up (traces)",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Compare, and tell what differs."""
    if _is_stack(arguments.first) and _is_stack(arguments.second):
        return _run_stacks(arguments)
    ours, theirs = _named(arguments.first, arguments.second)
    both = [name for name in ours if name in theirs]
    if not both:
        raise UsageError(
            f"{arguments.first} and {arguments.second} have no trace of the same name; "
            "name two traces, or folders with traces that are called alike"
        )
    pairs: list[Pair] = []
    with Progress("comparing") as progress:
        for done, name in enumerate(both, start=1):
            pairs.append(compared(name, ours[name], theirs[name]))
            progress(done, len(both), name)
    alone = [ours[name] for name in ours if name not in theirs]
    alone += [theirs[name] for name in theirs if name not in ours]
    put(_told(pairs, alone, arguments.format))
    errors = [each.error for pair in pairs for each in (pair.first, pair.second) if each.error]
    for error in errors:
        warn(str(error))
    if any(pair.differences for pair in pairs):
        return DIFFER
    return UNREADABLE if errors else SAME


def _is_stack(name: str) -> bool:
    return _STACK.fullmatch(name) is not None and not os.path.lexists(name)


def _run_stacks(arguments: argparse.Namespace) -> int:
    if not os.path.isdir(arguments.traces):
        raise UsageError(
            f"{arguments.first} and {arguments.second} are no files, so stacks are meant, but "
            f"there is no folder {arguments.traces} with recordings; name one with --traces"
        )
    with Progress("looking through") as progress:
        catalogue = Catalogue([arguments.traces], progress)
    first, second = catalogue.chosen(arguments.first), catalogue.chosen(arguments.second)
    with Progress("comparing") as progress:
        apart = stacks_apart(
            (first, second), catalogue.programs(*first), catalogue.programs(*second), progress
        )
    if not apart.compared:
        raise UsageError(
            f"{apart.titles[0]} and {apart.titles[1]} have no program in common; record the same"
        )
    if arguments.format == "json":
        put(as_json(apart_as_data(apart)))
    else:
        put(on_paper(lambda paper: tell_apart(paper, apart)))
    for error in apart.errors:
        warn(str(error))
    if apart.groups:
        return DIFFER
    return UNREADABLE if apart.errors else SAME


def _told(pairs: list[Pair], alone: list[str], format: str) -> str:
    if format == "json":
        return as_json({"pairs": pairs_as_data(pairs), "alone": alone})
    paper = paper_for()
    differing = [pair for pair in pairs if pair.differences]
    if len(pairs) > 1 or not differing:
        pairs_in_words, how = count(len(pairs), "pair"), counted(len(differing))
        paper.paragraph(f"{pairs_in_words} of traces compared: {how}.", style="bold")
    for pair in differing:
        tell_pair(paper, pair)
    if alone:
        paper.blank()
        paper.paragraph("Not compared, as there is no other of the same name:")
        for file in alone:
            paper.item(file)
    return paper.text()


def _named(first: str, second: str) -> tuple[dict[str, str], dict[str, str]]:
    """The traces of both by the names that they have in common."""
    if os.path.isdir(first) and os.path.isdir(second):
        return _in(first), _in(second)
    ours, theirs = find_recordings([first]), find_recordings([second])
    if len(ours) != 1 or len(theirs) != 1:
        raise UsageError("name two traces, or two folders; one of these stands for several")
    name = _without_suffix(os.path.basename(ours[0]))
    return {name: ours[0]}, {name: theirs[0]}


def _in(folder: str) -> dict[str, str]:
    return {
        _without_suffix(os.path.relpath(file, folder)): file for file in find_recordings([folder])
    }


def _without_suffix(name: str) -> str:
    suffix = next((one for one in sorted(SUFFIXES, key=len)[::-1] if name.endswith(one)), "")
    return name.removesuffix(suffix)

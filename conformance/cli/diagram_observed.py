"""The diagrams of what was observed: which recordings, which stacks, which are compared."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator

from negotiation.model import Readings
from negotiation.model.graphs import Graph

from ..checking.judging import Checker
from ..errors import UsageError
from ..reports.diagrams.observed import Observing, Seen, Tally
from ..reports.diagrams.weighing import Side, differing_graph, observed_graph
from ..reports.paper import plain
from .places import recordings_named

LONGEST_NAME = 24

Told = Callable[[int, int], None]
Named = list[tuple[str, Graph]]


def observed_graphs(
    arguments: argparse.Namespace, readings: Readings, progress: Told
) -> tuple[Named, list[str]]:
    """The graphs that are asked for, each with what its file is called besides.

    The other list tells what could not be read.

    Raises:
        UsageError: options contradict each other, or the recordings hold nothing of what is asked.
    """
    _refuse_together(arguments)
    files = recordings_named(arguments.observed)
    others = recordings_named(arguments.against) if arguments.against else []
    observing = Observing(arguments.what, Checker(readings))
    whole = len(files) + len(others)
    seen = observing.observe(files, lambda done, _: progress(done, whole))
    against = observing.observe(others, lambda done, _: progress(len(files) + done, whole))
    unreadable = list(dict.fromkeys((*seen.unreadable, *against.unreadable)))
    if others:
        return [("", _against(arguments, seen, against))], unreadable
    return list(_of_one(arguments, seen)), unreadable


def _of_one(arguments: argparse.Namespace, seen: Seen) -> Iterator[tuple[str, Graph]]:
    """The graphs of one set of recordings."""
    if arguments.differ is not None:
        left, right = (_side(seen, [one], one, "--differ") for one in arguments.differ)
        yield "", differing_graph(arguments.what, left, right)
    elif arguments.by is not None:
        for name in arguments.stack or seen.names:
            yield _as_file(name), _observed(arguments, seen, [name])
    else:
        yield "", _observed(arguments, seen, arguments.stack)


def _against(arguments: argparse.Namespace, seen: Seen, against: Seen) -> Graph:
    names = (_called(arguments.observed), _called(arguments.against))
    ours, theirs = names if names[0] != names[1] and all(names) else ("left", "right")
    left = _side(seen, arguments.stack, ours, "--observed")
    right = _side(against, arguments.stack, theirs, "--against")
    return differing_graph(arguments.what, left, right)


def _refuse_together(arguments: argparse.Namespace) -> None:
    given = [name for name in ("by", "against", "differ") if getattr(arguments, name) is not None]
    if len(given) > 1:
        told = " and ".join(f"--{one}" for one in given)
        raise UsageError(f"{told} are different questions; ask one at a time")
    if arguments.differ is not None and arguments.stack is not None:
        raise UsageError("--differ names the stacks itself; leave --stack out")
    if arguments.by is not None and arguments.output in (None, "-"):
        raise UsageError(
            "--by stack writes a file for each stack; name them with --output FILE.svg"
        )


def _observed(arguments: argparse.Namespace, seen: Seen, stacks: list[str] | None) -> Graph:
    name = ", ".join(stacks) if stacks else "all stacks"
    return observed_graph(arguments.what, _side(seen, stacks, name, "--observed"))


def _side(seen: Seen, stacks: list[str] | None, name: str, option: str) -> Side:
    """What was seen of these stacks; it is an error if that is nothing."""
    tally: Tally = seen.of(stacks or ())
    if tally.peers == 0:
        there = ", ".join(map(plain, seen.names)) or "none"
        wanted = f" of {', '.join(stacks)}" if stacks else ""
        why = f"; {plain(seen.unreadable[0])}" if seen.unreadable else ""
        raise UsageError(
            f"{option}: no connection{wanted} is in these recordings; there are: {there}{why}"
        )
    return Side(name, tally)


def _called(names: list[str]) -> str:
    """What a set of recordings is called: as it was named, if that is short; else nothing."""
    return plain(names[0]) if len(names) == 1 and len(names[0]) <= LONGEST_NAME else ""


def _as_file(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.+-]", "_", name)[:60] or "_"

"""`--from`, `--to` and `--peer`: the part of a recording that is shown."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from .amounts import at_least

if TYPE_CHECKING:
    from ..reports.replaying import Part


def add_part(group: argparse._ActionsContainer) -> None:
    """Add the options; `part_of` is what they name."""
    group.add_argument(
        "--from", type=at_least(1), metavar="N", dest="first", help="only from this line on"
    )
    group.add_argument(
        "--to", type=at_least(1), metavar="N", dest="last", help="only up to this line"
    )
    group.add_argument("--peer", metavar="A", help="only this peer")


def part_of(arguments: argparse.Namespace) -> Part:
    """The part that the options name."""
    from ..reports.replaying import Part  # what draws no recording need not wait for it

    return Part(arguments.first, arguments.last, arguments.peer)

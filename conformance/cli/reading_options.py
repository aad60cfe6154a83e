"""`--reading` and `--freedom`: how the specification is read, for the commands that judge."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from negotiation.model import FREEDOMS, INTERPRETATIONS, Readings

from ..errors import UsageError, did_you_mean

_READING = ("default", "other", "both")
_FREEDOM = ("on", "off")


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add both options."""
    group = parser.add_argument_group(
        "reading the specification",
        "where it can be read in several ways, or leaves something to implementations; repeatable",
    )
    group.add_argument(
        "--reading",
        action="append",
        default=[],
        metavar="NAME=CHOICE",
        help="read an interpretation as default, other or both",
    )
    group.add_argument(
        "--freedom",
        action="append",
        default=[],
        metavar="NAME=CHOICE",
        help="grant a freedom of implementations (on), or do not (off)",
    )


def readings_of(arguments: argparse.Namespace) -> Readings:
    """The readings that the arguments choose.

    Raises:
        UsageError: there is no such name or choice.
    """
    chosen = _chosen("--reading", arguments.reading, INTERPRETATIONS, _READING)
    chosen |= _chosen("--freedom", arguments.freedom, FREEDOMS, _FREEDOM)
    return Readings().changed(chosen)


def _chosen(
    option: str, given: Sequence[str], names: Collection[str], choices: Sequence[str]
) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for one in given:
        name, _, choice = one.partition("=")
        if name not in names:
            hint = did_you_mean(name, names, f"there are {', '.join(sorted(names))}")
            raise UsageError(f"{option} {one!r}: there is no {name!r}; {hint}")
        if choice not in choices:
            listed = " or ".join(f"{name}={each}" for each in choices)
            raise UsageError(f"{option} {one!r}: no such choice; write {listed}")
        chosen[name] = choice
    return chosen

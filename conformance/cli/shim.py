"""`negotiation shim`: the script that records in any page."""

from __future__ import annotations

import argparse

from ..shim.script import ShimOptions, shim
from .amounts import at_least
from .printing import put

USERSCRIPT = """\
// ==UserScript==
// @name         negotiation
// @description  Records the RTCPeerConnections of a page
// @match        {match}
// @run-at       document-start
// @grant        none
// ==/UserScript==
"""

EXAMPLES = (
    "negotiation shim --output negotiation-shim.js",
    "negotiation shim --userscript 'https://meet.example/*' --output negotiation.user.js",
    "negotiation shim --observations 100000 --without transceivers --output negotiation-shim.js",
)

_READS = ("transceivers", "descriptions")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    default = ShimOptions()
    parser.add_argument("--output", metavar="FILE", help="where to write it (default: to stdout)")
    parser.add_argument(
        "--userscript", metavar="PAGES", help="for a userscript manager, on pages that match this"
    )
    parser.add_argument(
        "--observations",
        type=at_least(1),
        default=default.observations,
        metavar="N",
        help="the most observations of a page; then its recording is cut (%(default)s)",
    )
    parser.add_argument(
        "--characters",
        type=at_least(1),
        default=default.characters,
        metavar="N",
        help="the most characters of session descriptions (%(default)s)",
    )
    parser.add_argument(
        "--without",
        action="append",
        choices=_READS,
        default=[],
        help="what is not read with each observation",
    )
    parser.add_argument(
        "--socket", metavar="ADDRESS", help="a WebSocket that is sent each line, as JSON"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the script."""
    options = ShimOptions(
        observations=arguments.observations,
        characters=arguments.characters,
        transceivers="transceivers" not in arguments.without,
        descriptions="descriptions" not in arguments.without,
        socket=arguments.socket,
    )
    head = USERSCRIPT.format(match=arguments.userscript) if arguments.userscript else ""
    put(head + shim(options), arguments.output)
    return 0

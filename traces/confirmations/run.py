"""Confirms what is said of stacks: runs the scripts of this folder in the plain stack.

    python run.py chromium chromium@131 firefox wrtc webrtcbin pion werift
                  libdatachannel [--only SLUG...] [--all]

chromium@131 is the newest release that begins so of those that `negotiation stacks install` has
fetched. Needs nothing but Python 3.11 and the stack. README.md says what a script looks like.
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from running.browsers import browser, qtwebengine
from running.fetched import fulfils
from running.gos import pion
from running.nodes import node_package
from running.pythons import aiortc, run_child, webrtcbin, wrtc
from running.results import TRACES, Result, Stack, StackError

EXPECTATIONS = "expectations.json"
NO_SCRIPTS = ("run", "main")
MORE_TRIES = 4
STACKS: Mapping[str, Callable[[str], Stack]] = {
    "chromium": partial(browser, "chromium", ("chromium", "chromium-browser", "google-chrome")),
    "firefox": partial(browser, "firefox", ("firefox-esr", "firefox")),
    "qtwebengine": qtwebengine,
    "wrtc": wrtc,
    "webrtcbin": webrtcbin,
    "aiortc": aiortc,
    "pion": pion,
    "werift": partial(node_package, "werift", "werift"),
    "roamhq-wrtc": partial(node_package, "roamhq-wrtc", "@roamhq/wrtc"),
    "libdatachannel": partial(node_package, "libdatachannel", "node-datachannel"),
}


def claimed(stack: str, version: str) -> set[str]:
    """The scripts (file names) that the expectations of this version of the stack rest on."""
    files = TRACES.rglob(EXPECTATIONS)
    rows = [row for file in files for row in json.loads(file.read_text("utf-8"))]
    return {
        row["confirmed"]
        for row in rows
        if row.get("confirmed")
        and any(fnmatch.fnmatchcase(stack, pattern) for pattern in stacks_of(row))
        and all(fulfils(version, part) for part in (row.get("versions") or ">=0").split(","))
    }


def stacks_of(row: Mapping[str, Any]) -> Sequence[str]:
    """The patterns of the stacks that a row is about."""
    named = row.get("stack") or "*"
    return [named] if isinstance(named, str) else named


def again(stack: Stack, first: Result) -> Result:
    """The result, of some more tries where it should depart and did not.

    What a stack's threads decide may come out as specified now and then.
    """
    result = first
    for _ in range(MORE_TRIES):
        if result.verdict == "departs":
            break
        print(f"  {result.verdict:9} {result.slug}: tried again", flush=True)
        result = next(iter(stack.run([first.slug])), result)
    return result


def scripts(stack: Stack) -> list[str]:
    """The scripts that there are for a stack."""
    found = (path.stem for path in stack.home.glob(f"*.{stack.suffix}"))
    return sorted(
        stem for stem in found if stem not in ("run", "main") and not stem.startswith("_")
    )


def report(name: str, only: Sequence[str], tell_unclaimed: bool) -> bool:
    """Runs the scripts for a stack and prints what came out; whether all is as claimed."""
    kind, _, asked = name.partition("@")
    stack = STACKS[kind](asked)
    claims = claimed(kind, stack.version)
    there = scripts(stack)
    slugs = [slug for slug in there if not only or slug in only]
    print(f"{kind} {stack.version}: {len(slugs)} scripts, {len(claims)} claims", flush=True)
    fine = True
    for first in stack.run(slugs):
        file = f"{first.slug}.{stack.suffix}"
        result = again(stack, first) if file in claims else first
        print(f"  {result.verdict:9} {file}")
        if result.specified is not None:
            print(f"            specified: {result.specified}")
        print(f"            seen:      {result.seen}", flush=True)
        if result.verdict != "departs" and file in claims:
            print("            WRONG: it should depart")
            fine = False
        elif tell_unclaimed and result.verdict == "departs" and file not in claims:
            print("            no expectation rests on it")
    for file in sorted(claims - {f"{slug}.{stack.suffix}" for slug in there}):
        print(f"  WRONG: {file} is named as a confirmation, and does not exist")
        fine = False
    return fine


def main() -> int:
    """0: all is as claimed; 1: it is not; 2: wrong usage, or a stack is not here."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("stacks", nargs="*", metavar="STACK[@VERSION]", help=", ".join(STACKS))
    parser.add_argument("--only", nargs="+", default=[], metavar="SLUG", help="only these scripts")
    parser.add_argument(
        "--all", action="store_true", help="say also which departures no expectation rests on"
    )
    parser.add_argument("--child", metavar="PATH", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        run_child(Path(options.child))
        return 0
    kinds = {name.partition("@")[0] for name in options.stacks}
    if not kinds or not kinds <= set(STACKS):
        parser.error(f"name stacks: {', '.join(STACKS)}")
    unknown = [slug for slug in options.only if not any(TRACES.rglob(f"confirmations/{slug}.*"))]
    if unknown:
        parser.error(f"there is no script {', '.join(unknown)}")
    fine = True
    for name in options.stacks:
        try:
            fine = report(name, options.only, options.all) and fine
        except StackError as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 2
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())

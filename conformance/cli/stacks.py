"""`negotiation stacks`: which there are and are here; get and remove them; try an adapter."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator

from negotiation.model import REVISION

from ..errors import UsageError
from ..reports.gate_json import as_json
from ..stacks.installed import Installed, installed, remove
from ..stacks.installing import FetchError, StartError, install
from ..stacks.registry import STACKS, StackRow, UnknownStackError, row
from ..stacks.releases import UnknownReleaseError, parted, release, releases_of
from .amounts import positive
from .parsing import add_commands
from .printing import Progress, on_paper, paper_for, put

EXAMPLES = (
    "negotiation stacks",
    "negotiation stacks --format json",
    "negotiation stacks install chromium@131 firefox@140",
    "negotiation stacks remove chromium@131",
    "negotiation stacks test -- node my-adapter.mjs",
)

_INSTALL_EXAMPLES = (
    "negotiation stacks install chromium@131",
    "negotiation stacks install chromium@80 chromium@106 chromium@131 chromium@153",
    "",
    "A release goes into a cache: NEGOTIATION_CACHE, or negotiation in XDG_CACHE_HOME, or",
    "~/.cache/negotiation. Nothing else on the machine is changed. It is loaded with npm, pip or",
    "apt-get, compared with what the registry says of it, and started once.",
)

_REMOVE_EXAMPLES = ("negotiation stacks remove chromium@131",)

_TEST_EXAMPLES = (
    "negotiation stacks test -- python docs/adapters/minimal.py",
    "negotiation stacks test --timeout 5 --format json -- ./my-adapter --verbose",
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
    told = {
        "install": ("fetch releases of stacks into a cache", _INSTALL_EXAMPLES),
        "remove": ("remove releases from the cache", _REMOVE_EXAMPLES),
        "test": ("check whether an adapter keeps to the recorder protocol", _TEST_EXAMPLES),
    }
    parsers = add_commands(parser, told, required=False)
    parsers["install"].add_argument(
        "names",
        nargs="+",
        metavar="NAME[@VERSION]",
        help="a stack; without a version, the newest that is known",
    )
    parsers["remove"].add_argument(
        "names", nargs="+", metavar="NAME@VERSION", help="an installed release"
    )
    _add_test_arguments(parsers["test"])


def _add_test_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("adapter", nargs="+", metavar="CMD", help="the command, after --")
    parser.add_argument("--format", choices=("text", "json"), default=argparse.SUPPRESS)
    parser.add_argument(
        "--timeout",
        type=positive,
        default=30.0,
        metavar="S",
        help="seconds for which it is waited for, each time (default: 30)",
    )


def run(arguments: argparse.Namespace) -> int:
    """List the stacks, install or remove releases, or try an adapter."""
    if arguments.command == "install":
        return _install(arguments.names)
    if arguments.command == "remove":
        return _remove(arguments.names)
    if arguments.command == "test":
        return _test(arguments)
    rows = list(_rows())
    put(as_json(rows) if arguments.format == "json" else _text(rows))
    return 0


def _test(arguments: argparse.Namespace) -> int:
    import asyncio

    from ..reports.trials_text import results_as_data, tell_results
    from ..stacks.trials import Adapter, tried

    adapter = Adapter(tuple(arguments.adapter), arguments.timeout, os.getcwd())
    results = asyncio.run(tried(adapter))
    if arguments.format == "json":
        put(as_json(results_as_data(adapter, results)))
    else:
        put(on_paper(lambda paper: tell_results(paper, results)))
    return WRONG if any(one.problems for one in results) else 0


def _install(names: list[str]) -> int:
    try:
        chosen = [release(name) for name in names]
        for one in chosen:
            row(one.stack)
    except (UnknownReleaseError, UnknownStackError) as error:
        raise UsageError(f"{error}; `negotiation stacks` lists what there is") from None
    with Progress("installing") as progress:
        for done, one in enumerate(chosen, start=1):

            def telling(doing: str, done: int = done, name: str = one.name) -> None:
                progress(done, len(chosen), f"{name}: {doing}")

            try:
                got = install(one, telling)
            except (FetchError, StartError) as error:
                raise UsageError(f"{one.name} is not installed: {error}") from None
            put(f"{got.stack}@{got.version} is in {got.folder}\n")
    return 0


def _remove(names: list[str]) -> int:
    chosen = {one.folder: one for name in names for one in _to_remove(name)}
    for one in chosen.values():
        remove(one)
        put(f"removed {one.stack}@{one.version}\n")
    return 0


def _to_remove(name: str) -> tuple[Installed, ...]:
    stack, version = parted(name)
    here = installed(stack, version)
    if version and here:
        return here
    told = ", ".join(f"{one.stack}@{one.version}" for one in here or installed(stack))
    reason = f"{name} names no version" if here else f"{name} is not in the cache"
    hint = f"there are {told}" if told else f"there is no {stack} at all"
    raise UsageError(f"{reason}; {hint}")


def _rows() -> Iterator[dict[str, object]]:
    yield {
        "name": MODEL,
        "title": "the model of the specification",
        "version": REVISION[:12],
        "available": True,
        "install": None,
        "installed": [],
        "releases": [],
    }
    yield {
        "name": PAGE,
        "title": "any browser that opens the recorder's page",
        "version": None,
        "available": True,
        "install": None,
        "installed": [],
        "releases": [],
    }
    yield from map(_row, STACKS)


def _row(stack: StackRow) -> dict[str, object]:
    available = stack.executable() is not None
    here = installed(stack.name)
    return {
        "name": stack.name,
        "title": stack.title,
        "version": stack.stack().version or None if available else None,
        "available": available,
        "install": stack.install,
        "installed": [one.version for one in here],
        "releases": [one.name for one in releases_of(stack.name)],
    }


def _text(rows: list[dict[str, object]]) -> str:
    paper = paper_for()
    widest = max(len(str(each["name"])) for each in rows)
    for each in rows:
        name = f"{each['name']:{widest}}"
        if each["available"]:
            version = "" if each["name"] == PAGE else f"{each['version'] or 'of unknown version'}, "
            paper.paragraph(f"{name}  {version}here ({each['title']})", style="green")
        else:
            paper.paragraph(f"{name}  not here; to get it: {each['install']}", hanging=widest + 2)
        for told in _versions(each):
            paper.paragraph(f"{'':{widest}}  {told}", hanging=widest + 4)
    return paper.text()


def _versions(told: dict[str, object]) -> Iterator[str]:
    """The versions in the cache, and the command for the others."""
    here, known = told["installed"], told["releases"]
    assert isinstance(here, list)
    assert isinstance(known, list)
    if here:
        yield "in the cache: " + ", ".join(f"{told['name']}@{one}" for one in here)
    if known:
        yield f"versions: negotiation stacks install {' '.join(known)}"

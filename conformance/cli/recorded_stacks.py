"""Which stack is recorded, and how long it is waited for: the options of `negotiation record`."""

from __future__ import annotations

import argparse
import re
import shlex
import shutil
import sys
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..traces.profiles import profile_named
from .amounts import positive
from .stacks import MODEL, PAGE

if TYPE_CHECKING:
    from ..stacks.recording import Settings
    from ..stacks.registry import StackRow

_LONG = 24 * 3600.0
"""Seconds for which somebody may take to open a page."""

_WAITS = 10
"""How often a program may wait in vain within its time-out."""

_NAME = r"\w[\w.+-]*"
_LISTEN = r"(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?"
_ANY = {"0.0.0.0", "[::]"}


def add_stack_options(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Which stack, and its bounds."""
    which = parser.add_mutually_exclusive_group(required=required)
    which.add_argument(
        "--stack",
        action="append",
        metavar="NAME[@VERSION]",
        help="`negotiation stacks` lists them; twice for the two peers of each program",
    )
    which.add_argument(
        "--adapter", metavar="CMD", help="a command that speaks the recorder protocol"
    )
    parser.add_argument(
        "--name", metavar="NAME", help="what traces call an adapter's or page's stack"
    )
    parser.add_argument(
        "--listen",
        metavar="ADDRESS[:PORT]",
        help="for --stack page: this machine's address, as the other machine reaches it",
    )
    bounds = parser.add_argument_group("bounds", "what is beyond them is a finding, not the end")
    bounds.add_argument(
        "--timeout", type=positive, metavar="S", help="seconds for a program (default: 60)"
    )
    bounds.add_argument(
        "--batch-timeout", type=positive, metavar="S", help="seconds for all programs together"
    )
    bounds.add_argument(
        "--process-timeout",
        type=positive,
        metavar="S",
        help="seconds after which a stack's "
        "process makes way for a fresh one, before the next program",
    )
    bounds.add_argument(
        "--memory",
        type=positive,
        metavar="MIB",
        help="by how much the stack's memory may grow (default: 1024)",
    )


def check_stack_options(arguments: argparse.Namespace) -> None:
    """Refuses options that do not go together."""
    stacks = arguments.stack or []
    if stacks != [MODEL] and arguments.seed is not None:
        raise UsageError("--seed is for --stack model; leave it out")
    check_stacks(arguments)


def check_stacks(arguments: argparse.Namespace) -> None:
    """As `check_stack_options`, where a seed is for all stacks."""
    stacks = arguments.stack or []
    _check_pair(stacks)
    if stacks != [MODEL] and arguments.adapter is None and arguments.profile is not None:
        raise UsageError("--profile is for --stack model and --adapter; leave it out")
    if arguments.listen is not None and stacks != [PAGE]:
        raise UsageError("--listen is for --stack page; leave it out")
    if arguments.name is not None and stacks not in ([], [PAGE]):
        raise UsageError("--name is for --adapter and --stack page; leave it out")
    if arguments.adapter is not None and arguments.name is None:
        raise UsageError("an adapter's stack has no name; give it one with --name")
    if arguments.name is not None and not re.fullmatch(_NAME, arguments.name):
        raise UsageError(f"{arguments.name!r} is no name; use letters, digits and . + - only")


def _check_pair(stacks: list[str]) -> None:
    if len(stacks) > 2:
        raise UsageError("a program has two peers at most; name two stacks")
    if len(stacks) == 2 and {MODEL, PAGE} & {*stacks}:
        raise UsageError(
            f"--stack {MODEL} and --stack {PAGE} play alone; name others for two peers"
        )


def name_of_stack(arguments: argparse.Namespace) -> str:
    """What the stack is called, or both of them."""
    return str(arguments.name or "+".join(arguments.stack))


def rows_of(arguments: argparse.Namespace) -> list[StackRow]:
    """The rows of the stacks that the options name; the model has none."""
    from ..stacks.registry import adapter_row, page_row

    if arguments.adapter is not None:
        profile = profile_named(arguments.profile or "page")
        return [adapter_row(arguments.name, _command(arguments.adapter), profile.name)]
    if arguments.stack == [PAGE]:
        return [page_row(name_of_stack(arguments), _listen(arguments.listen))]
    return [_row(name) for name in arguments.stack]


def _row(name: str) -> StackRow:
    from ..stacks.registry import MissingStackError, UnknownStackError, row

    try:
        return row(name)
    except MissingStackError as error:
        raise UsageError(str(error)) from None
    except UnknownStackError as error:
        others = f"the model is a stack, too: --stack {MODEL}; any browser is: --stack {PAGE}"
        raise UsageError(f"{error}; {others}") from None


def settings_of(arguments: argparse.Namespace) -> Settings:
    """How long it is waited for, and how much is borne."""
    from msgspec.structs import replace

    from ..stacks.measuring import MIB
    from ..stacks.recording import Settings

    usual = Settings()
    timeout = arguments.timeout or usual.timeout
    # A promise that never settles must be given up before the stack seems to hang.
    patience = min(usual.options.patience, timeout * 1000 / _WAITS)
    return Settings(
        timeout=timeout,
        options=replace(usual.options, patience=patience),
        start=_LONG if arguments.stack == [PAGE] else usual.start,
        batch=arguments.batch_timeout,
        process=arguments.process_timeout,
        memory=int(arguments.memory * MIB) if arguments.memory else usual.memory,
        announce=_announce,
    )


def _announce(address: str) -> None:
    print(f"open this page in the browser that is to be recorded: {address}", file=sys.stderr)


def _command(given: str) -> tuple[str, ...]:
    try:
        command = tuple(shlex.split(given))
    except ValueError as error:
        raise UsageError(f"--adapter: {error}; quote it as a shell would") from None
    if not command or shutil.which(command[0]) is None:
        first = command[0] if command else given
        raise UsageError(f"--adapter: {first!r} is no program that can be run; check its path")
    return command


def _listen(given: str | None) -> str:
    """Where to listen, HOST:PORT, the port 0 if it is not given."""
    from ..stacks.registry import LOOPBACK

    found = re.fullmatch(_LISTEN, given or LOOPBACK)
    if found is None or int(found[2] or 0) > 65535:
        raise UsageError(f"--listen {given!r} is no address; write ADDRESS or ADDRESS:PORT")
    if found[1] in _ANY:
        # The Host that is asked for has to be the one that is listened on.
        raise UsageError(
            f"--listen {found[1]} is every address of this machine; name the one under which the "
            "other machine reaches it"
        )
    return f"{found[1]}:{found[2] or 0}"

"""`negotiation completion`: a script for a shell, made from the parsers."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Iterator
from typing import Any, cast

from ..errors import MissingExtraError
from . import COMMANDS
from .parsing import PROGRAM, Command
from .printing import put

EXAMPLES = (
    "negotiation completion bash > ~/.local/share/bash-completion/completions/negotiation",
    "negotiation completion zsh > ~/.zfunc/_negotiation",
    "negotiation completion fish > ~/.config/fish/completions/negotiation.fish",
)

SHELLS = ("bash", "zsh", "fish")

FILES = ("TRACE", "TRACE[:LINE]", "TRACE:LINE", "FILE", "DUMP", "CASE", "A", "B", "PROGRAM")
FOLDERS = ("DIR", "FOLDER")
"""What arguments are called that are files, and folders."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that will read it")


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    put(script_for(arguments.shell))
    return 0


def script_for(shell: str) -> str:
    """The script.

    Raises:
        MissingExtraError: shtab is not installed.
    """
    try:
        import shtab
    except ModuleNotFoundError:
        raise MissingExtraError("completion", "completion") from None
    parser = whole_parser()
    for action in _actions(parser):
        _say_what_it_takes(action, shtab.FILE, shtab.DIRECTORY)
    return shtab.complete(parser, shell=shell) + "\n"


def whole_parser() -> argparse.ArgumentParser:
    """One parser of all commands, with their own commands in it."""
    parser = argparse.ArgumentParser(prog=PROGRAM)
    parser.add_argument("--version", action="store_true", help="show the version and exit")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command of all")
    for name, about in COMMANDS.items():
        command = cast(Command, importlib.import_module(f"{__package__}.{name}"))
        command.add_arguments(commands.add_parser(name, help=about, description=about))
    return parser


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _actions(inner)


def _say_what_it_takes(action: argparse.Action, file: Any, folder: Any) -> None:
    named = action.metavar if isinstance(action.metavar, str) else ""
    option = next(iter(action.option_strings), "")
    known = OF_OPTIONS.get(option, KNOWN.get(named))
    if action.choices is None and known is not None:
        action.choices = list(known())
    elif action.choices is None and named in FOLDERS:
        action.complete = folder  # type: ignore[attr-defined]
    elif action.choices is None and named in FILES:
        action.complete = file  # type: ignore[attr-defined]


def _stacks() -> list[str]:
    from ..stacks.registry import STACKS

    return sorted(one.name for one in STACKS)


def _programs() -> list[str]:
    from ..programs.library import names

    return sorted(names())


def _findings() -> list[str]:
    from ..checking.findings import FINDINGS

    return list(FINDINGS)


def _diagrams() -> list[str]:
    from negotiation.model.diagrams import DIAGRAMS

    return list(DIAGRAMS)


def _readings() -> list[str]:
    from negotiation.model import INTERPRETATIONS

    return [f"{name}={choice}" for name in INTERPRETATIONS for choice in ("other", "both")]


def _freedoms() -> list[str]:
    from negotiation.model import FREEDOMS

    return [f"{name}={choice}" for name in FREEDOMS for choice in ("on", "off")]


KNOWN: dict[str, Callable[[], list[str]]] = {
    "NAME[@VERSION]": _stacks,
    "STACK": _stacks,
    "NAME": _programs,
    "PROGRAM": _programs,
    "ID": _findings,
    "WHAT": _diagrams,
    "COMMAND": lambda: list(COMMANDS),
}
"""What arguments are called whose values are known."""

OF_OPTIONS: dict[str, Callable[[], list[str]] | None] = {
    "--name": None,
    "--stack": _stacks,
    "--finding": _findings,
    "--reading": _readings,
    "--freedom": _freedoms,
}

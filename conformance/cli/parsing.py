"""Arguments: the parser of all commands, and the one of each."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn, Protocol, cast

from ..errors import UsageError, did_you_mean
from ..release import tool_version
from . import COMMANDS
from .printing import reading_told

PROGRAM = "negotiation"

_EXAMPLES = (
    "negotiation record --stack model --all --output traces",
    "negotiation check traces",
    "negotiation why traces/first-change.jsonl:4",
    "negotiation explain NN-SPURIOUS",
)


class Command(Protocol):
    """What the module of a command has."""

    EXAMPLES: Sequence[str]

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Tell the parser what the command takes."""

    def run(self, arguments: argparse.Namespace) -> int:
        """Do it, and return the exit code."""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal, in which each option tells its default."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if "\n" in text:
            return super()._fill_text(text, width, indent)
        import textwrap

        return textwrap.fill(text, width, initial_indent=indent, subsequent_indent=indent)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        told, default = action.help, action.default
        silent = default in (None, False, argparse.SUPPRESS) or default == [] or default == ""
        if silent or not told or "default" in told or f"({default})" in told:
            return told
        return f"{told} (default: %(default)s)"


class Parser(argparse.ArgumentParser):
    """A parser whose errors are UsageErrors, and whose help ends with examples and more.

    `about` is the command of which the table of `about` tells the rest.
    """

    def __init__(
        self, prog: str, description: str, examples: Sequence[str], about: str | None = None
    ) -> None:
        super().__init__(
            prog=prog, description=description, formatter_class=Formatter, allow_abbrev=False
        )
        self.examples = examples
        self.about = about

    def add_argument(self, *names: Any, **given: Any) -> argparse.Action:
        """Add an argument; what all commands have need not be told by each."""
        if names and names[0] == "--format":
            given.setdefault("help", "how it is told")
        return super().add_argument(*names, **given)

    def format_help(self) -> str:
        """The help; what stands below the options is put together only now."""
        from .manuals import prose_of, told_below

        shown, self.description = self.description, prose_of(self)
        self.epilog = told_below(self)
        try:
            return super().format_help()
        finally:
            self.description = shown

    def error(self, message: str) -> NoReturn:
        """Raise what is wrong with the arguments."""
        raise UsageError(f"{message}; see {self.prog} --help")


class Version(argparse.Action):
    """Prints the version."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any, **named: Any) -> NoReturn:
        """Print and leave."""
        print(f"{PROGRAM} {tool_version()}")
        parser.exit()


def add_commands(
    parser: argparse.ArgumentParser,
    told: Mapping[str, tuple[str, Sequence[str]]],
    *,
    required: bool,
) -> dict[str, Parser]:
    """Commands of a command, each with what it does and its examples; gives their parsers."""
    commands = parser.add_subparsers(
        metavar="COMMAND", required=required, dest="command", parser_class=Parser
    )
    return {
        name: commands.add_parser(name, help=does, description=_sentence(does), examples=examples)
        for name, (does, examples) in told.items()
    }


def _sentence(does: str) -> str:
    return f"{does[0].upper()}{does[1:]}."


def run_command(argv: list[str]) -> int:
    """Run the command that the arguments name, and return its exit code."""
    if not argv or argv[0].startswith("-"):
        return _run_none(argv)
    name, *rest = argv
    if name not in COMMANDS:
        hint = did_you_mean(name, COMMANDS, f"there are {', '.join(COMMANDS)}")
        raise UsageError(f"there is no command {name!r}; {hint}")
    command = cast(Command, importlib.import_module(f"{__package__}.{name}"))
    given = parser_of(name, command).parse_args(rest)
    with reading_told():
        return command.run(given)


def parser_of(name: str, command: Command) -> Parser:
    """The parser of a command."""
    parser = Parser(f"{PROGRAM} {name}", _sentence(COMMANDS[name]), command.EXAMPLES, name)
    command.add_arguments(parser)
    return parser


def _run_none(argv: list[str]) -> int:
    parser = overview_parser()
    parser.parse_args(argv)
    parser.error("no command was given")


def overview_parser() -> Parser:
    """The parser of what is given without a command."""
    widest = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{widest}}  {about}" for name, about in COMMANDS.items())
    parser = Parser(
        PROGRAM,
        "Judges recordings of WebRTC negotiation against an executable model of the "
        f"specification.\n\ncommands:\n{listed}",
        _EXAMPLES,
    )
    parser.usage = f"{PROGRAM} [--help] [--version] COMMAND ..."
    parser.add_argument("--version", nargs=0, action=Version, help="show the version and exit")
    return parser

"""`negotiation manual`: the manual pages, made from the parsers."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterator
from typing import cast

from ..errors import UsageError
from . import COMMANDS
from .manuals import Entry, Section, as_man, as_markdown, parsers_within, sections_of
from .parsing import PROGRAM, Command, Parser, overview_parser, parser_of
from .printing import put

EXAMPLES = (
    "negotiation manual check > negotiation-check.1",
    "negotiation manual --format markdown > commands.md",
)

GENERATED = """# Commands

Made by `negotiation manual --format markdown` from what `negotiation COMMAND --help` tells. As a
manual page: `negotiation manual COMMAND | man -l -`.

Commands, options, stacks, programs and findings are completed by a script for the shell
(`pip install 'negotiation[completion]'`):

| shell | |
|---|---|
| bash | `eval "$(negotiation completion bash)"` in `~/.bashrc` |
| zsh | `negotiation completion zsh > ~/.zfunc/_negotiation`, with `~/.zfunc` in `fpath` |
| fish | `negotiation completion fish > ~/.config/fish/completions/negotiation.fish` |
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "name", nargs="?", metavar="COMMAND", help="the command (without it: all of them)"
    )
    parser.add_argument(
        "--format", choices=("man", "markdown"), default="man", help="how it is written"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the manual."""
    name = arguments.name
    if name is not None and name not in COMMANDS:
        raise UsageError(f"there is no command {name!r}; there are {', '.join(COMMANDS)}")
    put(manual_of(name, arguments.format))
    return 0


def manual_of(name: str | None, format: str) -> str:
    """The manual of a command, or of all."""
    if format == "markdown":
        parts = [as_markdown(one.prog, list(sections_of(one))) for one in _parsers(name)]
        return "\n".join([GENERATED, *parts] if name is None else parts)
    if name is None:
        about = "judges recordings of WebRTC negotiation against an executable model"
        return as_man(PROGRAM, about, list(_overview()))
    sections = [one for parser in _parsers(name) for one in _named(parser, name)]
    return as_man(f"{PROGRAM} {name}", COMMANDS[name], sections)


def _overview() -> Iterator[Section]:
    for section in sections_of(overview_parser()):
        if section.title != "description":
            yield section
            continue
        yield section._replace(prose=section.prose.partition("\n\n")[0])
        yield Section("commands", entries=[Entry(*one) for one in COMMANDS.items()])


def _parsers(name: str | None) -> Iterator[Parser]:
    for one in COMMANDS if name is None else [name]:
        command = cast(Command, importlib.import_module(f"{__package__}.{one}"))
        parser = parser_of(one, command)
        yield parser
        for _, within in parsers_within(parser):
            yield within


def _named(parser: Parser, name: str) -> Iterator[Section]:
    inner = parser.prog.removeprefix(f"{PROGRAM} {name}").strip()
    for section in sections_of(parser):
        yield section._replace(title=f"{inner}: {section.title}") if inner else section

"""The manual of a command, made from its parser and the table of `about`: as help, for man, as
Markdown.
"""

from __future__ import annotations

import argparse
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from .about import ABOUT, CODES, VARIABLES
from .parsing import PROGRAM, Formatter, Parser

NARROWEST = 40
WIDEST = 100


class Entry(NamedTuple):
    """A term and what is told of it."""

    term: str
    about: str


class Section(NamedTuple):
    """A part of a manual: prose, then terms, then lines as they are."""

    title: str
    prose: str = ""
    entries: Sequence[Entry] = ()
    lines: Sequence[str] = ()


def prose_of(parser: Parser) -> str:
    """What the command does, broken at the width of the terminal."""
    if parser.about is None:
        return parser.description or ""
    width = _width()
    told = (parser.description or "", ABOUT[parser.about].does)
    return "\n\n".join(textwrap.fill(one, width) for one in told)


def _width() -> int:
    return max(NARROWEST, min(shutil.get_terminal_size().columns - 2, WIDEST))


def told_below(parser: Parser) -> str:
    """What the help tells below the options."""
    width = _width()
    return "\n\n".join(_as_help(one, width) for one in sections_below(parser))


def sections_below(parser: Parser) -> Iterator[Section]:
    """Examples, notes, uses, exit codes, variables, files, and what else to read."""
    examples, notes = _apart(parser.examples)
    if examples:
        yield Section("examples", lines=examples)
    if notes:
        yield Section("notes", prose=notes)
    # What a command's own commands return and read is told where the command's is.
    about = ABOUT.get(parser.prog.removeprefix(f"{PROGRAM} ").partition(" ")[0])
    if about is None:
        return
    if about.uses:
        yield Section("where it goes", entries=_entries(about.uses))
    codes = {**CODES, **about.codes}
    yield Section("exit codes", entries=_entries({str(one): codes[one] for one in sorted(codes)}))
    yield Section("environment", entries=_entries({**about.variables, **VARIABLES}))
    if about.files:
        yield Section("files", entries=_entries(about.files))
    yield Section("see also", prose=about.page)


def sections_of(parser: Parser) -> Iterator[Section]:
    """The whole manual, from the synopsis on."""
    usage = " ".join(parser.format_usage().split()).removeprefix("usage: ")
    yield Section("synopsis", lines=[usage])
    does = "" if parser.about is None else f"\n\n{ABOUT[parser.about].does}"
    yield Section("description", prose=f"{parser.description}{does}")
    for group in parser._action_groups:
        entries = [_option(parser, one) for one in group._group_actions if _is_told(one)]
        if entries:
            yield Section(group.title or "options", group.description or "", entries)
    yield from sections_below(parser)


def parsers_within(parser: Parser) -> Iterator[tuple[str, Parser]]:
    """The parsers of a command's own commands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def as_man(name: str, about: str, sections: Sequence[Section], date: str = "") -> str:
    """The manual page as man reads it."""
    title = name.replace(" ", "-")
    lines = [f'.TH "{_groff(title).upper()}" "1" "{date}" "{PROGRAM}" "{PROGRAM}"', ".nh", ".ad l"]
    lines += [".SH NAME", f"{_groff(title)} \\- {_groff(about)}"]
    for section in sections:
        lines.append(f".SH {_groff(section.title.upper())}")
        lines += _paragraphs(section.prose)
        for term, told in section.entries:
            lines += [".TP", f"\\fB{_groff(term)}\\fR", _groff(told)]
        for line in section.lines:
            lines += [".PP", _groff(line)]
    return "\n".join(lines) + "\n"


def as_markdown(name: str, sections: Sequence[Section]) -> str:
    """The manual as a part of a page of documentation."""
    lines = [f"## {name}", ""]
    for title, prose, entries, listed in sections:
        if title not in ("synopsis", "description"):
            lines += [f"**{title[0].upper()}{title[1:]}**", ""]
        if prose:
            lines += [_linked(prose) if title == "see also" else prose, ""]
        if entries:
            lines += ["| | |", "|---|---|"]
            lines += [f"| `{_cell(term)}` | {_cell(told)} |" for term, told in entries]
            lines.append("")
        if listed:
            lines += [*(f"    {line}" for line in listed), ""]
    return "\n".join(lines)


def _apart(examples: Sequence[str]) -> tuple[Sequence[str], str]:
    """The examples, and the paragraphs that follow them after an empty line."""
    at = examples.index("") if "" in examples else len(examples)
    paragraphs = "\n".join(examples[at + 1 :]).split("\n\n")
    return examples[:at], "\n\n".join(" ".join(one.split()) for one in paragraphs)


def _entries(told: Mapping[str, str]) -> list[Entry]:
    return [Entry(*one) for one in told.items()]


def _as_help(section: Section, width: int) -> str:
    lines = [f"{section.title}:"]
    wrapped = [textwrap.wrap(one, width - 2) for one in section.prose.split("\n\n") if one]
    for number, paragraph in enumerate(wrapped):
        lines += ["", *(f"  {line}" for line in paragraph)][not number :]
    lines += [f"  {line}" for line in section.lines]
    widest = min(max((len(one.term) for one in section.entries), default=0), 22)
    for term, told in section.entries:
        before = f"  {term:{widest}}  "
        first = before if len(term) <= widest else f"  {term}\n{' ' * len(before)}"
        room = width - widest - 4
        told_lines = textwrap.wrap(told, room, break_long_words=False, break_on_hyphens=False)
        lines.append(first + f"\n{' ' * (widest + 4)}".join(told_lines or [""]))
    return "\n".join(lines)


def _is_told(action: argparse.Action) -> bool:
    return action.help != argparse.SUPPRESS


def _option(parser: Parser, action: argparse.Action) -> Entry:
    formatter = Formatter(parser.prog, width=1000)
    term = formatter._format_action_invocation(action)
    if isinstance(action, argparse._SubParsersAction):
        listed = [f"{one.dest}: {one.help}" for one in action._get_subactions()]
        return Entry(term, action.help or "; ".join(listed))
    return Entry(term, formatter._expand_help(action) if action.help else "")


def _groff(text: str) -> str:
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text


def _paragraphs(prose: str) -> Iterator[str]:
    for paragraph in prose.split("\n\n"):
        if paragraph:
            yield from (".PP", _groff(" ".join(paragraph.split())))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _linked(page: str) -> str:
    target = page.removeprefix("docs/") if page.startswith("docs/") else f"../{page}"
    return f"[{page}]({target})"

"""The matrix as Markdown, for documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..paper import plain
from .cells import Column, Matrix, ProgramRow, Rule
from .marks import UNKNOWN, Signs, program_marks, rule_mark

SIGNS = Signs(conforms="·", unsupported="–")

_MARKUP = re.compile(r"([\\`*_\[\]<>|&~#])")

HEAD = (
    "# How stacks negotiate, measured",
    "",
    "Made by `negotiation matrix --format markdown` from recordings; not to be edited.",
)

LEGEND = (
    f"A number is how many programs depart, `{UNKNOWN}` that some of it is not expected; "
    f"{SIGNS.conforms} conforms, in the programs that show the departure elsewhere; "
    f"{SIGNS.undecided} undecided; {SIGNS.unsupported} these programs were not recorded, "
    "or the recorder cannot see it."
)


def matrix_as_markdown(matrix: Matrix, *, rules: bool = True, programs: bool = True) -> str:
    """Tables with the legend before them; a table of its own for the columns."""
    told = f"Each was judged against the model of webrtc-pc `{matrix.revision[:12]}`. {LEGEND}"
    lines = [*HEAD, told, ""]
    lines += _columns(matrix.columns)
    if rules:
        lines += _rules("Departures, by rule", matrix.departures, matrix.columns)
        if matrix.unseen:
            lines += ["", f"Seen nowhere: {', '.join(matrix.unseen)}."]
        faults = "Faults: the doing of a program or of the network, not the stack's"
        lines += _rules(faults, matrix.faults, matrix.columns)
    if programs:
        lines += _programs(matrix.programs, matrix.columns)
    if matrix.unreadable:
        lines += ["", "Could not be read:", ""]
        lines += [f"* {text(one.error)}" for one in matrix.unreadable]
    return "\n".join(lines) + "\n"


def _columns(columns: Sequence[Column]) -> Iterator[str]:
    yield "| stack | version | platform and build | programs | conform | depart | undecided |"
    yield "|---|---|---|--:|--:|--:|--:|"
    for one in columns:
        counts = (one.recorded, one.conforms, one.departs, one.undecided)
        platforms = text("; ".join(one.platforms))
        yield _row([text(one.stack), text(one.version), platforms, *map(str, counts)])


def _rules(title: str, rules: Sequence[Rule], columns: Sequence[Column]) -> Iterator[str]:
    if not rules:
        return
    yield from ("", f"## {title}", "")
    yield from _head("rule", columns)
    for one in rules:
        yield _row([_rule(one), *(rule_mark(cell, SIGNS) for cell in one.cells)])


def _rule(one: Rule) -> str:
    """The rule with its link to the text; a page of this project is only named."""
    if "://" in one.url:
        return f"[{one.id}]({one.url}): {one.says}"
    return f"{one.id} (`{one.url}`): {one.says}"


def _programs(programs: Sequence[ProgramRow], columns: Sequence[Column]) -> Iterator[str]:
    yield from ("", "## Programs", "")
    yield from _head("program", columns)
    for one in programs:
        name = text(one.name) or "(no program)"
        yield _row([name, *(program_marks(cell, SIGNS)[0] for cell in one.cells)])


def _head(what: str, columns: Sequence[Column]) -> Iterator[str]:
    yield _row([what, *(f"{text(one.stack)} {text(one.short)}".strip() for one in columns)])
    yield "|---|" + "--:|" * len(columns)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def text(told: str) -> str:
    """Text that is no markup, whatever it says."""
    return _MARKUP.sub(r"\\\1", plain(told))

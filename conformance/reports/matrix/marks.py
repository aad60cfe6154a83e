"""A cell in a sign, a number or a few words, for tables of text and of Markdown."""

from __future__ import annotations

import msgspec

from .cells import Cell

UNKNOWN = "!"


class Signs(msgspec.Struct, frozen=True):
    """What stands for cells in which nothing was found."""

    conforms: str
    undecided: str = "?"
    unsupported: str = "-"

    def of(self, cell: Cell) -> str:
        """The sign of a cell without findings."""
        told: str = getattr(self, cell.status)
        return told


def rule_mark(cell: Cell, signs: Signs) -> str:
    """A cell of a rule: how many programs have the finding."""
    return f"{cell.programs}{_unknown(cell)}" if cell.programs else signs.of(cell)


def program_marks(cell: Cell, signs: Signs) -> tuple[str, ...]:
    """A cell of a program: its kinds of departures by name, and how many they are."""
    if cell.status != "departs":
        return (signs.of(cell) + _unknown(cell),)
    return " ".join(cell.ids) + _unknown(cell), f"{len(cell.ids)}{_unknown(cell)}"


def _unknown(cell: Cell) -> str:
    return UNKNOWN if cell.unknown else ""

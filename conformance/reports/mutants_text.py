"""Which mutations fuzzing found, as a table: for people, and as Markdown."""

from __future__ import annotations

from statistics import median

import msgspec

from ..fuzzing.mutants import Caught
from ..fuzzing.wording import in_words
from .paper import Paper


class MutantsReport(msgspec.Struct, frozen=True):
    """Mutations that were hunted with so many programs; `equivalent` ones cannot be found."""

    seed: int
    programs: int
    seconds: float
    caught: tuple[Caught, ...]
    equivalent: tuple[str, ...]

    @property
    def found(self) -> list[Caught]:
        """Those that were found, in their order."""
        return [one for one in self.caught if one.programs is not None]

    @property
    def missed(self) -> list[Caught]:
        """Those that were not."""
        return [one for one in self.caught if one.programs is None]


def summary(report: MutantsReport) -> str:
    """How many were found, and with how much, in a sentence."""
    found = report.found
    told = (
        f"{len(found)} of {len(report.caught)} mutations found by {report.programs} generated "
        f"programs (seed {report.seed}, {report.seconds:.0f} s)"
    )
    if not found:
        return f"{told}."
    needed = median(one.programs or 0 for one in found)
    size = median(one.size or 0 for one in found)
    return f"{told}: half of them within {needed:g} programs, cut down to {size:g} calls."


def tell_mutants(paper: Paper, report: MutantsReport) -> None:
    """Tell the table: mutation, programs needed, size, and what was found; then the rest."""
    paper.paragraph(summary(report))
    paper.blank()
    width = max((len(one.mutation) for one in report.caught), default=0)
    paper.as_it_is(f"{'mutation':<{width}}  programs  calls  found as", style="bold")
    for one in report.found:
        left = f"{one.mutation:<{width}}  {one.programs:>8}  {one.size:>5}"
        paper.beside(left, str(one.fault))
    if report.missed:
        paper.blank()
        paper.paragraph(f"Not found within {report.programs} programs:")
        for one in report.missed:
            paper.item(f"{one.mutation}: {_first_line(one.says)}")
    if report.equivalent:
        told = ", ".join(report.equivalent)
        paper.blank()
        paper.paragraph(f"Not hunted, as nobody can tell them from the original: {told}.")


def mutants_as_markdown(report: MutantsReport) -> str:
    """The same as a Markdown document's body, with each shortest program."""
    rows = [
        f"| `{one.mutation}` | {one.programs} | {one.size} | {one.fault} | {_program(one)} |"
        for one in report.found
    ]
    missed = [f"* `{one.mutation}`: {_first_line(one.says)}" for one in report.missed]
    lines = [
        summary(report),
        "",
        "| mutation | programs | calls | found as | the shortest program |",
        "|---|---|---|---|---|",
        *rows,
        "",
        f"Not found within {report.programs} programs ({len(missed)}):",
        "",
        *missed,
    ]
    return "\n".join(lines) + "\n"


def _first_line(text: str) -> str:
    return next(iter(text.splitlines()), "")


def _program(one: Caught) -> str:
    told = " / ".join(in_words(one.program)) if one.program is not None else ""
    return f"`{told}`".replace("|", "\\|")

"""`negotiation programs`: the programs that come along."""

from __future__ import annotations

import argparse
from collections import defaultdict

import msgspec

from ..programs.language import Program
from ..programs.library import load, names
from ..reports.gate_json import as_json
from ..reports.links import url_of
from .printing import paper_for, put

EXAMPLES = (
    "negotiation programs",
    "negotiation programs two-peers-glare",
    "negotiation programs two-peers-glare --format json > mine.json",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("name", nargs="?", metavar="NAME", help="show this one")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Show one program, or list all."""
    if arguments.name is not None:
        program = load(arguments.name)
        put(as_json(program) if arguments.format == "json" else _told(program))
        return 0
    programs = [load(name) for name in names()]
    put(as_json([_row(one) for one in programs]) if arguments.format == "json" else _list(programs))
    return 0


def _row(program: Program) -> dict[str, object]:
    return {
        "name": program.name,
        "area": program.area,
        "about": program.about,
        "rule": program.rule,
        "peers": list(program.peers),
    }


def _list(programs: list[Program]) -> str:
    paper = paper_for()
    areas: dict[str, list[Program]] = defaultdict(list)
    for program in programs:
        areas[program.area].append(program)
    for area in sorted(areas):
        paper.blank()
        paper.paragraph(area, style="bold")
        for program in areas[area]:
            paper.paragraph(f"{program.name}: {program.about}", indent=2, hanging=6)
    return paper.text()


def _told(program: Program) -> str:
    paper = paper_for()
    paper.paragraph(f"{program.name} ({program.area})", style="bold")
    paper.paragraph(program.about)
    paper.paragraph(f"The rule: {url_of(program.rule)}")
    paper.blank()
    for line in msgspec.json.format(msgspec.json.encode(program), indent=2).decode().splitlines():
        paper.as_it_is(line)
    return paper.text()

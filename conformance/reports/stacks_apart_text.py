"""How two stacks differ, as text and as JSON."""

from __future__ import annotations

from typing import Any

from .contrasting import Side
from .counts import count
from .links import command
from .paper import Paper
from .stacks_apart import Apart, Group, Instance


def tell_apart(paper: Paper, apart: Apart) -> None:
    """The groups, those of the most programs first, each with an example."""
    first, second = apart.titles
    paper.paragraph(
        f"{first} and {second}: {count(len(apart.compared), 'program')} recorded on both, "
        f"{len(apart.differing)} of them differ.",
        style="bold",
    )
    if apart.unseen:
        paper.paragraph(
            f"Not compared, as the recorder of one cannot see it: {', '.join(apart.unseen)}."
        )
    for number, group in enumerate(apart.groups, start=1):
        _tell_group(paper, number, group, apart)
    for name, programs in zip(apart.names, apart.alone, strict=True):
        if programs:
            paper.blank()
            paper.paragraph(f"Recorded on {name} only: {', '.join(programs)}.", hanging=2)


def _tell_group(paper: Paper, number: int, group: Group, apart: Apart) -> None:
    programs = group.programs
    paper.blank()
    heading = f"{number}. {group.what}: {count(len(programs), 'program')}"
    paper.paragraph(heading, hanging=3, style="cyan")
    paper.paragraph(_departs(group, apart), indent=3, hanging=5)
    example = _example(group)
    paper.paragraph(f"For example {example.program}, peer {example.contrast.peer}:", indent=3)
    sides = (example.contrast.first, example.contrast.second)
    for name, side, file in zip(apart.names, sides, example.files, strict=True):
        words = side.words if side.words is not None else "(not there; the next line is this one)"
        paper.as_it_is(f"{name}: {words}", indent=5, style="bold")
        paper.as_it_is(command("replay", file, side.line or None), indent=7, style="faint")
    if programs[1:]:
        paper.paragraph(f"Programs: {', '.join(programs)}.", indent=3, hanging=5)


def _example(group: Group) -> Instance:
    """One that comes early in its trace, so that little has to be read before it."""
    return min(group.instances, key=lambda one: (not any(one.departs), one.contrast.first.line))


def _departs(group: Group, apart: Apart) -> str:
    told = []
    for side, name in enumerate(apart.names):
        ids = group.departing(side)
        if ids:
            counted = ", ".join(f"{id} in {number}" for id, number in ids.items())
            told.append(f"{name} departs from the specification there ({counted})")
    if group.both_conform:
        among = "" if not told else f" in {count(group.both_conform, 'program')}"
        told.append(f"neither departs at it{among}")
    return f"{'; '.join(told)}."


def apart_as_data(apart: Apart) -> dict[str, Any]:
    """The comparison as one object, with every difference of every program."""
    return {
        "first": apart.titles[0],
        "second": apart.titles[1],
        "compared": list(apart.compared),
        "differing": list(apart.differing),
        "only_first": list(apart.alone[0]),
        "only_second": list(apart.alone[1]),
        "unseen": list(apart.unseen),
        "groups": [
            {
                "what": group.what,
                "programs": list(group.programs),
                "first_departs": group.departing(0),
                "second_departs": group.departing(1),
                "both_conform": group.both_conform,
                "differences": [_instance(one) for one in group.instances],
            }
            for group in apart.groups
        ],
    }


def _instance(one: Instance) -> dict[str, Any]:
    sides = (one.contrast.first, one.contrast.second)
    first, second = (
        _side(side, file, ids)
        for side, file, ids in zip(sides, one.files, one.departs, strict=True)
    )
    return {
        "program": one.program,
        "peer": one.contrast.peer,
        "more": one.contrast.more,
        "first": first,
        "second": second,
    }


def _side(side: Side, file: str, ids: tuple[str, ...]) -> dict[str, Any]:
    return {
        "trace": file,
        "line": side.line,
        "observed": side.words,
        "departs": list(ids),
        "replay": command("replay", file, side.line or None),
    }

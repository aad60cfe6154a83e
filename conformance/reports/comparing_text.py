"""What differs between recordings, as text and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .comparing import Pair, Told
from .paper import Paper


def counted(differing: int) -> str:
    """How many differ, in words."""
    if not differing:
        return "no difference"
    return f"{differing} differs" if differing == 1 else f"{differing} differ"


def tell_pair(paper: Paper, pair: Pair) -> None:
    """Where the recordings first differ, peer by peer."""
    paper.blank()
    paper.paragraph(f"{pair.name} differs:", style="red")
    for one in pair.differences:
        paper.paragraph(f"peer {one.peer}", indent=2, style="bold")
        _tell_line(paper, pair.first.file, one.first)
        _tell_line(paper, pair.second.file, one.second)
        for field in one.fields:
            paper.item(field, indent=4)


def _tell_line(paper: Paper, file: str, told: Told | None) -> None:
    if told is None:
        paper.as_it_is(f"{file}: nothing more", indent=4)
    else:
        paper.as_it_is(f"{file}:{told.line}: {told.words}", indent=4)


def pairs_as_data(pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """The pairs with all of their differences."""
    return [
        {
            "name": pair.name,
            "first": pair.first.file,
            "second": pair.second.file,
            "differences": [
                {
                    "peer": one.peer,
                    "first": _line(one.first),
                    "second": _line(one.second),
                    "fields": list(one.fields),
                }
                for one in pair.differences
            ],
        }
        for pair in pairs
    ]


def _line(told: Told | None) -> dict[str, Any] | None:
    return None if told is None else {"line": told.line, "observed": told.words}

"""The line at the end of a run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..reports.counts import count

_COUNTED = (
    ("unexpected", "unexpected finding"),
    ("stale", "stale expectation"),
    ("undecided", "undecided trace"),
    ("unreadable", "unreadable trace"),
    ("expected", "expected finding"),
)


def tell(terminal: Any, told: Sequence[dict[str, Any]]) -> None:
    """Tells how much was recorded, what came of it, and where the files are."""

    def total(name: str) -> int:
        return sum(one[name] for one in told)

    empty = sum(not one["observations"] for one in told)
    failed = sum(not one["passed"] for one in told)
    wrong = [count(failed - empty, "test") + " with a wrong negotiation"] if failed > empty else []
    wrong += [count(empty, "test") + " that recorded nothing"] if empty else []
    verdict = ", ".join(wrong) or "all conform"
    seen = f"{count(total('connections'), 'connection')}"
    seen += f" with {count(total('observations'), 'observation')} in {count(len(told), 'test')}"
    counted = [count(total(name), what) for name, what in _COUNTED if total(name)]
    line = f"negotiation: {seen}: {', '.join([verdict, *counted])}"
    files = [file for one in told for file in one["files"]]
    if terminal.verbosity < 0:
        if failed:
            terminal.write_line(line, red=True)
        return
    terminal.section("negotiation", sep="-")
    terminal.write_line(line, red=bool(failed))
    for file in files:
        terminal.write_line(f"  {file}")

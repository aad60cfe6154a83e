"""What came of trying an adapter, as text and as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from ..stacks.trials import Adapter, Result
from .paper import Paper

_WIDEST = 9
_MOST = 4
"""Problems of one kind that are told: nobody needs more to mend it."""


def tell_results(paper: Paper, results: Sequence[Result]) -> None:
    """Each check in a line; below it what is wrong, and what to do."""
    for result in results:
        if result.problems is None:
            told = f"{result.check.asks}: {result.reason}"
            paper.paragraph(f"{'not tried':{_WIDEST}}  {told}", hanging=_WIDEST + 2)
        elif result.passed:
            paper.paragraph(f"{'ok':{_WIDEST}}  {result.check.asks}", style="green")
        else:
            _tell_wrong(paper, result, result.problems)
    paper.blank()
    wrong = sum(bool(one.problems) for one in results)
    many = "is broken" if wrong == 1 else "are broken"
    told = (
        f"{wrong} of {len(results)} rules {many}."
        if wrong
        else "The adapter keeps to the protocol."
    )
    paper.paragraph(told, style="red" if wrong else "green")


def _tell_wrong(paper: Paper, result: Result, problems: Sequence[str]) -> None:
    paper.paragraph(f"{'wrong':{_WIDEST}}  {result.check.asks}", style="red")
    for problem in problems[:_MOST]:
        paper.item(problem, indent=_WIDEST + 2)
    if len(problems) > _MOST:
        paper.item(f"and {len(problems) - _MOST} more", indent=_WIDEST + 2)
    paper.paragraph(f"What to do: {result.check.todo}", indent=_WIDEST + 2)


def results_as_data(adapter: Adapter, results: Sequence[Result]) -> dict[str, Any]:
    """The same, for JSON."""
    return {
        "command": list(adapter.command),
        "passed": not any(one.problems for one in results),
        "checks": [
            {
                **msgspec.to_builtins(one.check),
                "result": "not tried" if one.problems is None else "ok" if one.passed else "wrong",
                "problems": list(one.problems or ()),
                "reason": one.reason or None,
            }
            for one in results
        ],
    }

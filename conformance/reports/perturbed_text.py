"""What came of perturbing recordings, as text and as JSON; and the rows, as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from negotiation.model import REVISION

from ..fuzzing.perturbing import ROWS, Row
from ..fuzzing.perturbing.campaign import Failure, Perturbed
from .gate_json import as_json
from .links import command, url_of
from .paper import Paper
from .telling import tell_finding

MOST_NEVER = 8
"""Rows that were not tried, beyond which the rest is counted."""


def tell_perturbed(paper: Paper, told: Perturbed) -> None:
    """Tell what was tried, and where the checker contradicts the text."""
    paper.paragraph(_summary(told), style="red" if told.failures else "green")
    many = told.recordings != 1
    recordings = f"{told.recordings} recordings" if many else "1 recording"
    paper.paragraph(
        f"{recordings}, {told.distinct} different perturbations by "
        f"{sum(map(bool, told.tried.values()))} of {len(told.tried)} rows; seed {told.seed}, "
        f"{told.seconds:.0f} s, {told.stopped}.",
        indent=2,
        style="faint",
    )
    if told.never:
        named = ", ".join(told.never[:MOST_NEVER])
        more = len(told.never) - MOST_NEVER
        rest = f" and {more} more" if more > 0 else ""
        paper.paragraph(f"Not tried this time: {named}{rest}.", indent=2, style="yellow")
    for number, one in enumerate(told.failures, start=1):
        paper.blank()
        _tell_failure(paper, number, one)


def _summary(told: Perturbed) -> str:
    if not told.examples:
        return "Nothing was perturbed."
    if not told.failures:
        return f"The checker agrees with the text on {told.examples} perturbations."
    failures = len(told.failures)
    many = "1 kind" if failures == 1 else f"{failures} kinds"
    return f"The checker contradicts the text on {many} of {told.examples} perturbations."


def _tell_failure(paper: Paper, number: int, one: Failure) -> None:
    head = f"{number}. {one.row} ({one.kind}): {one.says}"
    paper.paragraph(head, hanging=3, style="bold")
    paper.as_it_is(f"{one.recording}:{one.line}", indent=3)
    for before in one.before:
        paper.paragraph(f"after {before}", indent=3)
    paper.paragraph(f"The text: {one.why}", indent=3, hanging=5)
    paper.as_it_is(url_of(one.anchor), indent=5, style="faint")
    if one.finding is not None:
        tell_finding(paper, one.finding, commands=False)
    paper.paragraph(_shrunk(one), indent=3)
    if one.file is not None:
        paper.as_it_is(command("check", one.file), indent=5, style="cyan")


def _shrunk(one: Failure) -> str:
    times = "once" if one.times == 1 else f"{one.times} times"
    shown = "; to see it:" if one.file is not None else "."
    return f"Came {times}; {one.observations} observations are left of it{shown}"


def perturbed_as_json(told: Perturbed) -> str:
    """The same as one object."""
    return as_json(
        {
            "specification": REVISION,
            "recordings": told.recordings,
            "examples": told.examples,
            "distinct": told.distinct,
            "seconds": round(told.seconds, 6),
            "seed": told.seed,
            "stopped": told.stopped,
            "tried": told.tried,
            "failures": [_failure(one) for one in told.failures],
        }
    )


def _failure(one: Failure) -> dict[str, Any]:
    found = one.finding
    return {
        "row": one.row,
        "kind": one.kind,
        "anchor": one.anchor,
        "why": one.why,
        "recording": one.recording,
        "line": one.line,
        "before": list(one.before),
        "says": one.says,
        "finding": None
        if found is None
        else {"id": found.id, "line": found.line, "message": found.message},
        "observations": one.observations,
        "times": one.times,
        "file": one.file,
    }


def rows_as_markdown() -> str:
    """The tables of docs/fuzzing-recordings.md."""
    allowed = [one for one in ROWS.values() if one.kind == "allowed"]
    forbidden = [one for one in ROWS.values() if one.kind == "forbidden"]
    return "\n".join(
        (
            "## Allowed",
            "",
            *_table(allowed, stays=True),
            "",
            "## Forbidden",
            "",
            *_table(forbidden, stays=False),
            "",
        )
    )


_STAYS = {
    "findings": "every finding",
    "departures": "every departure",
    "conformance": "what conforms",
}


def _table(rows: Iterable[Row], *, stays: bool) -> Iterator[str]:
    yield "| row | why | text |" + (" stays |" if stays else "")
    yield "|---|---|---|" + ("---|" if stays else "")
    for one in rows:
        link = f"[{_short(one.anchor)}]({_linked(one.anchor)})"
        cells = f"| `{one.name}` | {one.why} | {link} |"
        yield cells + (f" {_STAYS[one.keeps]} |" if stays else "")


def _short(anchor: str) -> str:
    if anchor.startswith("https://"):
        return anchor.partition("//")[2].partition(".")[0] + ": " + anchor.partition("#")[2]
    return anchor.removeprefix("#").removeprefix("dfn-").removeprefix("dom-")


def _linked(anchor: str) -> str:
    return "../traces/README.md" if anchor == "traces" else url_of(anchor)

"""A finding told fully, so that nobody has to open the source."""

from __future__ import annotations

from ..checking.findings import FINDINGS, Finding
from ..traces.format import Stack
from .judged import Quoted
from .links import command, place_in_text, url_of
from .paper import Paper, Style

CLASS_STYLES: dict[str, Style] = {"departure": "red", "fault": "yellow", "note": "cyan"}

MOST_LISTED = 8
"""States, and things that were allowed, beyond which only their number is told."""


def tell_finding(
    paper: Paper,
    finding: Finding,
    *,
    quoted: Quoted | None = None,
    stack: Stack | None = None,
    number: int | None = None,
    commands: bool = True,
    known: bool = False,
) -> None:
    """Tell the finding: what was seen, what the model says of it, and what can be done."""
    kind = FINDINGS[finding.id]
    counted = "" if number is None else f"{number}. "
    heading = f"{counted}{finding.id}: {kind.title}"
    paper.paragraph(heading, hanging=len(counted), style=CLASS_STYLES[finding.class_])
    place = f"{finding.trace}:{finding.line}"
    what = f"{finding.class_}, blame: {finding.blame}{', known' if known else ''}"
    paper.as_it_is(f"{place}  ({what})", indent=3, style="bold")
    _tell_observation(paper, finding, quoted, stack)
    paper.paragraph(f"{finding.message}.", indent=3)
    _tell_rule(paper, finding)
    _tell_listed(paper, "The model could be in", finding.states)
    _tell_listed(paper, "Allowed instead", finding.expected)
    if finding.alternative is not None:
        _tell(paper, "Nearest that is accepted", finding.alternative)
    _tell_listed(paper, "Rests on", finding.rests_on)
    if finding.after is not None:
        _tell(paper, "Follows from", f"the finding in line {finding.after}")
    _tell(paper, "What to do", kind.todo)
    if commands:
        _tell(paper, "Shortest prefix", f"lines 1 to {finding.line}; to replay it, and to ask why:")
        for name in ("replay", "why"):
            paper.as_it_is(command(name, finding.trace, finding.line), indent=5, style="cyan")


def _tell_observation(
    paper: Paper, finding: Finding, quoted: Quoted | None, stack: Stack | None
) -> None:
    of = "" if stack is None else f" ({stack.title})"
    if quoted is None:
        _tell(paper, "Observed", f"peer {finding.peer}{of}")
        return
    _tell(paper, "Observed", f"peer {finding.peer}{of}{quoted.when}: {quoted.told}")
    if quoted.read:
        _tell(paper, "Read with it", quoted.read)


def _tell_rule(paper: Paper, finding: Finding) -> None:
    label = "The rule" if finding.refused_by is None else "Refused by"
    told = (finding.refused_by, place_in_text(finding.refused_by), url_of(finding.anchor))
    _tell(paper, label, ", ".join(one for one in told if one is not None))


def _tell(paper: Paper, label: str, text: str) -> None:
    paper.paragraph(f"{label}: {text}", indent=3, hanging=5)


def _tell_listed(paper: Paper, label: str, told: tuple[str, ...]) -> None:
    if len(told) == 1:
        _tell(paper, label, told[0])
    elif told:
        paper.paragraph(f"{label}:", indent=3)
        for one in told[:MOST_LISTED]:
            paper.item(one, indent=5)
        if len(told) > MOST_LISTED:
            paper.item(f"... and {len(told) - MOST_LISTED} more", indent=5)

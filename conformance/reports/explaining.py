"""What a finding means, from the registry, with an example that the checker tells."""

from __future__ import annotations

from typing import Any

import msgspec

from ..checking.findings import FINDINGS, FindingKind
from ..traces import format
from .examples import Example, show
from .falsifying import unchanged
from .links import url_of
from .observing import Methods, observation_in_words, reading_in_words
from .paper import Paper
from .telling import CLASS_STYLES, tell_finding

BLAMES = {
    "stack": "the stack: its output is one that no state of the model allows",
    "application": "the application that makes the calls",
    "network": "what carries the messages between the ends",
    "recording": "the recording: it was made badly, or contradicts itself",
}


def tell_all(paper: Paper) -> None:
    """List all findings, one a line."""
    widest = max(map(len, FINDINGS))
    for class_ in dict.fromkeys(kind.class_ for kind in FINDINGS.values()):
        paper.blank()
        paper.paragraph(f"{class_}s", style="bold")
        for kind in FINDINGS.values():
            if kind.class_ == class_:
                text = f"{kind.id}{' ' * (widest - len(kind.id))}  {kind.title}"
                paper.as_it_is(text, indent=2)
    paper.blank()
    paper.paragraph("`negotiation explain ID` tells what one means, with an example.")


def tell_kind(paper: Paper, kind: FindingKind) -> None:
    """Tell what a finding means, show one, and tell what to do."""
    paper.paragraph(f"{kind.id}: {kind.title}", style=CLASS_STYLES[kind.class_])
    paper.paragraph(f"A {kind.class_}, blamed on {BLAMES[kind.blame]}.")
    paper.blank()
    paper.paragraph(f"What it means: {kind.means}")
    paper.paragraph(f"What to do: {kind.todo}")
    paper.as_it_is(f"The rule: {url_of(kind.anchor)}")
    shown = show(kind.id)
    if shown is not None:
        example, finding, judged = shown
        paper.blank()
        how = "falsified" if example.edit is not unchanged else "as it was"
        paper.paragraph(f"An example, a run of the model, {how}: {example.does}.", style="bold")
        _tell_lines(paper, example, finding.line)
        paper.blank()
        paper.paragraph("What the checker says of it:", style="bold")
        stack = judged.stack(finding.peer)
        quoted = judged.quoted.get(finding.line)
        tell_finding(paper, finding, quoted=quoted, stack=stack, commands=False)


def _tell_lines(paper: Paper, example: Example, named: int) -> None:
    methods: Methods = {}
    for number, line in enumerate(example.lines(), start=1):
        if isinstance(line, format.Call):
            methods[line.id] = line.method
        if isinstance(line, format.Observation):
            read = reading_in_words(line.state).partition(";")[0]
            told = f"{line.peer}  {observation_in_words(line, methods)}" + (
                f"  [{read}]" if read else ""
            )
            mark = ">" if number == named else " "
            paper.item(f"{number:3}  {told}", mark=mark, style="bold" if number == named else "")


def as_rows() -> list[dict[str, Any]]:
    """All findings of the registry, for JSON."""
    return [_row(kind) for kind in FINDINGS.values()]


def as_row(kind: FindingKind) -> dict[str, Any]:
    """One finding of the registry, with its example, for JSON."""
    row = _row(kind)
    shown = show(kind.id)
    if shown is not None:
        example, finding, _ = shown
        lines = [msgspec.to_builtins(line) for line in example.lines()]
        found = msgspec.to_builtins(finding)
        row["example"] = {"does": example.does, "lines": lines, "finding": found}
    return row


def _row(kind: FindingKind) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(kind)
    told["class"] = told.pop("class_")
    return {**told, "url": url_of(kind.anchor)}

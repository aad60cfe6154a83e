"""What is known already, as text: of a baseline, and of another run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from ..checking.findings import FINDINGS
from .counts import count
from .gate import Gate, Weighed
from .known import Baselined, Compared, Entry, Identity
from .paper import Paper

MOST = 10
"""Entries up to which each is told."""


def tell_known(paper: Paper, gate: Gate) -> None:
    """What the baseline and the other run cover, and what came no more."""
    if gate.baseline is not None:
        _tell_baseline(paper, gate.baseline, gate.known)
        if gate.unexpected:
            paper.paragraph(
                "What is unexpected is not in it. Mend it; or, if it has to be lived with, give the"
                " reason in expectations.json, or add it with --update-baseline."
            )
    if gate.against is not None:
        _tell_against(paper, gate.against, gate)


def _tell_baseline(paper: Paper, told: Baselined, known: Iterable[Weighed]) -> None:
    paper.blank()
    paper.paragraph(f"Baseline {told.file} ({told.entries} known): {_changed(told)}.")
    for line in _by_kind(known):
        paper.item(line)
    _listed(paper, "Added to it:", map(str, (one.identity for one in told.added)))
    _listed(paper, "Taken out of it:", map(_last_seen, told.removed))
    _listed(
        paper,
        "Known, and came no more although their programs were judged (--prune-baseline takes them"
        " out):",
        map(_last_seen, told.gone),
    )


def _changed(told: Baselined) -> str:
    if not told.is_written:
        return "not changed"
    return f"written, {len(told.added)} added, {len(told.removed)} taken out"


def _by_kind(known: Iterable[Weighed]) -> list[str]:
    of_kind: dict[str, list[Weighed]] = defaultdict(list)
    for one in known:
        of_kind[one.finding.id].append(one)
    lines = []
    for id, each in of_kind.items():
        since = min(one.known_since for one in each if one.known_since is not None)
        lines.append(f"{len(each)} x {id}: {FINDINGS[id].title} (known since {since})")
    return lines


def _last_seen(entry: Entry) -> str:
    return f"{entry.identity} (seen from {entry.first_seen} to {entry.last_seen})"


def _tell_against(paper: Paper, told: Compared, gate: Gate) -> None:
    counts = f"{len(gate.unexpected)} new, {len(gate.unchanged)} unchanged, {len(told.gone)} gone"
    paper.blank()
    paper.paragraph(f"Compared with {told.what} ({count(told.traces, 'trace')}): {counts}.")
    if told.traces == 0:
        paper.item("there are no traces in it: everything counts as new")
    if told.not_judged:
        paper.item(f"{told.not_judged} of its findings are of programs that were not judged here")
    _listed(paper, "Could not be read there (what they show counts as new):", told.troubles)
    _listed(paper, "Gone:", map(str, told.gone))


def _listed(paper: Paper, what: str, items: Iterable[str | Identity]) -> None:
    listed = list(items)
    if listed:
        paper.paragraph(what)
    for one in listed[:MOST]:
        paper.item(str(one))
    if len(listed) > MOST:
        paper.item(f"and {len(listed) - MOST} more; --format json has all")

"""The report of a gate: an entry for each trace, and for each expectation that no longer holds."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ...checking.findings import Finding
from ...traces.format import Stack
from ..counts import count
from ..expectations import Stale
from ..gate import Gate, Weighed
from ..gate_text import CONCLUSIONS, summary_of
from ..judged import Judged, Quoted
from ..links import command
from ..rows_of_text import line_of_row
from .facts import facts_of_model
from .report import (
    STALE,
    Compared,
    Entry,
    Fact,
    Known,
    Outcome,
    Report,
    Section,
    Told,
)


def report_of_gate(gate: Gate) -> Report:
    """Everything that the text tells of it."""
    weighed: dict[str, list[Weighed]] = defaultdict(list)
    for one in gate.weighed:
        weighed[one.judged.verdict.trace].append(one)
    traces = [_entry(gate, judged, weighed[judged.verdict.trace]) for judged in gate.judged]
    return Report(
        command="check",
        conclusion=CONCLUSIONS[gate.exit_code][0],
        summary=summary_of(gate),
        exit_code=gate.exit_code,
        seconds=gate.seconds,
        entries=(*traces, *map(_stale, gate.stale)),
        properties=(
            ("traces", str(len(gate.judged))),
            ("observations", str(gate.observations)),
            ("verdict", gate.verdict),
        ),
        sections=tuple(_sections(gate)),
        allows_undecided=gate.allow_undecided,
    )


def _entry(gate: Gate, judged: Judged, weighed: list[Weighed]) -> Entry:
    verdict = judged.verdict
    folder, name = os.path.split(verdict.trace)
    found = tuple(told_of(one, gate) for one in weighed)
    reasons = (*verdict.undecided, *([] if verdict.error is None else [verdict.error]))
    about = [f"program {verdict.program}"] if verdict.program else []
    about += [f"stack {one}" for one in dict.fromkeys(verdict.stacks)]
    about.append(count(verdict.observations, "observation"))
    if verdict.truncated:
        about.append("cut off in the last line")
    return Entry(
        group=folder or os.curdir,
        name=name,
        outcome=_outcome(judged, found),
        file=verdict.trace,
        found=found,
        reasons=reasons,
        about=tuple(about),
    )


def _outcome(judged: Judged, found: tuple[Told, ...]) -> Outcome:
    if any(one.is_wrong for one in found):
        return "failed"
    if judged.verdict.error is not None:
        return "unreadable"
    if judged.verdict.undecided:
        return "undecided"
    return "expected" if any(one.known for one in found) else "passed"


def told_of(weighed: Weighed, gate: Gate) -> Told:
    """A finding of the gate."""
    finding = weighed.finding
    stack = weighed.judged.stack(finding.peer)
    return Told(
        id=finding.id,
        class_=finding.class_,
        message=finding.message,
        file=finding.trace,
        line=finding.line,
        fault=(
            finding.id,
            finding.anchor,
            finding.refused_by or "",
            finding.about,
            "" if stack is None else stack.name,
        ),
        stack="" if stack is None else stack.title,
        facts=tuple(facts_of(finding, weighed.quoted, stack)),
        known=_known(weighed, gate),
        flow=weighed.judged.leading.get((finding.peer, finding.line), ()),
        baseline=_compared(weighed, gate),
    )


def facts_of(finding: Finding, quoted: Quoted | None, stack: Stack | None) -> Iterator[Fact]:
    """What `tell_finding` tells of it, in the same order."""
    of = "" if stack is None else f" ({stack.title})"
    seen = "" if quoted is None else f"{quoted.when}: {quoted.told}"
    yield Fact("Observed", (f"peer {finding.peer}{of}{seen}",))
    if quoted is not None and quoted.read:
        yield Fact("Read with it", (quoted.read,))
    yield from facts_of_model(finding, finding.after)
    commands = (command(name, finding.trace, finding.line) for name in ("replay", "why"))
    yield Fact("To replay it, and to ask why", tuple(commands), "command")


def _known(weighed: Weighed, gate: Gate) -> Known | None:
    """Why it does not fail: an expectation, the baseline, or the run that this is compared with."""
    if weighed.expected_by is not None:
        expected = weighed.expected_by
        return Known(expected.row.reason, expected.place, expected.row.link)
    if weighed.known_since is not None and gate.baseline is not None:
        return Known(f"known since {weighed.known_since}", gate.baseline.file)
    if weighed.is_unchanged and gate.against is not None:
        return Known(f"it is in {gate.against.what}, too")
    return None


def _compared(weighed: Weighed, gate: Gate) -> Compared | None:
    """How it stands to the baseline, or the other run, where there is one."""
    if gate.baseline is None and gate.against is None:
        return None
    if weighed.fails:
        return "new"
    is_known = weighed.known_since is not None or weighed.is_unchanged
    return "unchanged" if is_known else None


def _stale(one: Stale) -> Entry:
    expectation = one.expectation
    row, named = expectation.row, ", ".join(one.programs)
    text = Path(expectation.file).read_text(encoding="utf-8")
    line = line_of_row(text, expectation.number - 1)
    told = Told(
        id=STALE,
        class_="fault",
        message=f"{row.id} is expected of {named}, and no longer found there",
        file=expectation.file,
        line=line,
        fault=(STALE, row.id, named),
        facts=(Fact("The reason that it gives", (row.reason,)),),
    )
    name = f"{row.id} of {named}"
    return Entry(expectation.file, name, "failed", expectation.file, line, (told,))


def _sections(gate: Gate) -> Iterator[Section]:
    cut = [one.verdict.trace for one in gate.judged if one.verdict.truncated]
    gone = [] if gate.baseline is None else [str(one.identity) for one in gate.baseline.gone]
    left = [] if gate.against is None else list(map(str, gate.against.gone))
    for title, told in (
        ("In the baseline, and came no more although their programs were judged", gone),
        ("Gone, compared with the other run", left),
        ("Cut off in the last line (what came before it was judged)", cut),
        ("What could not be concluded", gate.limits),
        ("This rests on", gate.assumptions),
    ):
        if told:
            yield Section(title, tuple(told))

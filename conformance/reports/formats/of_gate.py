"""The report of a gate: an entry for each trace, and for each expectation that no longer holds."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from ...checking.findings import FINDINGS, Finding
from ...traces.format import Stack
from ..expectations import Expectation, Stale
from ..gate import FAILED, NOTHING, PASSED, UNDECIDED, UNREADABLE, Gate, Weighed
from ..gate_text import CONCLUSIONS, summary_of
from ..judged import Judged, Quoted
from ..links import command, url_of
from ..rows_of_text import line_of_row
from .report import STALE, Entry, Fact, Known, Outcome, Report, Section, Told, count

assert set(CONCLUSIONS) == {PASSED, FAILED, NOTHING, UNREADABLE, UNDECIDED}


def report_of_gate(gate: Gate) -> Report:
    """Everything that the text tells of it."""
    weighed: dict[str, list[Weighed]] = defaultdict(list)
    for one in gate.weighed:
        weighed[one.judged.verdict.trace].append(one)
    traces = [_entry(judged, weighed[judged.verdict.trace]) for judged in gate.judged]
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


def _entry(judged: Judged, weighed: list[Weighed]) -> Entry:
    verdict = judged.verdict
    folder, name = os.path.split(verdict.trace)
    found = tuple(told_of(one) for one in weighed)
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


def told_of(weighed: Weighed) -> Told:
    """A finding of a gate."""
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
        stack=_named(stack),
        facts=tuple(facts_of(finding, weighed.quoted, stack)),
        known=None if weighed.expected_by is None else _known(weighed.expected_by),
        flow=weighed.judged.leading.get((finding.peer, finding.line), ()),
    )


def _named(stack: Stack | None) -> str:
    return "" if stack is None else f"{stack.name} {stack.version}".strip()


def facts_of(finding: Finding, quoted: Quoted | None, stack: Stack | None) -> Iterator[Fact]:
    """What `tell_finding` tells of it, in the same order."""
    of = f" ({_named(stack)})" if stack is not None else ""
    seen = "" if quoted is None else f" at {quoted.t:g} ms: {quoted.told}"
    yield Fact("Observed", (f"peer {finding.peer}{of}{seen}",))
    if quoted is not None and quoted.read:
        yield Fact("Read with it", (quoted.read,))
    if finding.refused_by is not None:
        yield Fact("Refused by", (finding.refused_by,))
    yield Fact("The rule", (url_of(finding.anchor),), "url")
    for label, values in (
        ("The model could be in", finding.states),
        ("Allowed instead", finding.expected),
        ("Nearest that is accepted", () if finding.alternative is None else (finding.alternative,)),
        ("Rests on", finding.rests_on),
    ):
        if values:
            yield Fact(label, values)
    if finding.after is not None:
        yield Fact("Follows from", (f"the finding in line {finding.after}",))
    yield Fact("What to do", (FINDINGS[finding.id].todo,))
    commands = (command(name, finding.trace, finding.line) for name in ("replay", "why"))
    yield Fact("To replay it, and to ask why", tuple(commands), "command")


def _known(one: Expectation) -> Known:
    return Known(one.row.reason, one.place, one.row.link)


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
    for title, told in (
        ("Cut off in the last line (what came before it was judged)", cut),
        ("What could not be concluded", gate.limits),
        ("This rests on", gate.assumptions),
    ):
        if told:
            yield Section(title, tuple(told))

"""Whether the checker says of a perturbed recording what the text says of it."""

from __future__ import annotations

import io
from collections import Counter

import msgspec

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker, TraceVerdict
from negotiation.conformance.errors import TraceError
from negotiation.conformance.traces.reading import open_trace

from .recorded import Recording, written
from .rows import Place, Row


class Applied(msgspec.Struct, frozen=True):
    """A row, and where it was applied."""

    row: Row
    place: Place


class Objection(msgspec.Struct, frozen=True):
    """How the checker contradicts the text; `finding` is one that it should not have."""

    says: str
    finding: Finding | None = None


def judge(checker: Checker, recording: Recording) -> TraceVerdict:
    """The verdict on the recording, read as a file is."""
    try:
        with open_trace(io.BytesIO(written(recording)), checker.memory) as reader:
            return checker.follow(recording.file, reader)[1]
    except TraceError as error:
        return TraceVerdict(recording.file, "undecided", 0, error=str(error))


def is_wrong(finding: Finding) -> bool:
    """Whether it says that the stack, or the recording, cannot be right."""
    return finding.class_ == "departure" or finding.blame == "recording"


def conforming_part(checker: Checker, recording: Recording) -> Recording:
    """The recording up to its first departure: what comes before conforms."""
    verdict = judge(checker, recording)
    wrong = [one.line for one in verdict.findings if is_wrong(one)]
    length = len(recording.told)
    if wrong:
        length = min(wrong) - recording.written_line(0)
    if verdict.undecided:
        return recording.cut(0)
    return recording.cut(max(length, 0))


def objection(
    row: Row, before: TraceVerdict, after: TraceVerdict, line: int
) -> Objection | None:
    """How the verdict after a perturbation contradicts the row; `before` is without it.

    `line` is the first that the perturbation touched.
    """
    if row.kind == "forbidden":
        return _not_flagged(after, line)
    if after.error is not None:
        return Objection(f"a reader refuses what is allowed: {after.error}")
    if row.keeps == "findings":
        return _not_the_same(before, after)
    return _not_conforming(before, after)


def _not_flagged(after: TraceVerdict, line: int) -> Objection | None:
    if after.error is not None:
        return None
    wrong = [one for one in after.findings if is_wrong(one)]
    early = next((one for one in wrong if one.line < line), None)
    if early is not None:
        return Objection("something before what was perturbed is called wrong", early)
    if wrong:
        return None
    undecided = f" ({'; '.join(after.undecided)})" if after.undecided else ""
    return Objection(f"what is forbidden was accepted: {after.verdict}{undecided}")


def _not_conforming(before: TraceVerdict, after: TraceVerdict) -> Objection | None:
    if any(map(is_wrong, before.findings)):
        return None
    wrong = next(filter(is_wrong, after.findings), None)
    return None if wrong is None else Objection("what is allowed was called wrong", wrong)


def _not_the_same(before: TraceVerdict, after: TraceVerdict) -> Objection | None:
    ours, theirs = Counter(map(_about, before.findings)), Counter(map(_about, after.findings))
    for one in after.findings:
        if theirs[_about(one)] > ours[_about(one)]:
            return Objection("what is allowed adds a finding", one)
    for one in before.findings:
        if ours[_about(one)] > theirs[_about(one)]:
            return Objection("what is allowed takes a finding away", one)
    if before.verdict != after.verdict:
        return Objection(f"what was {before.verdict} is {after.verdict} now")
    return None


def _about(finding: Finding) -> tuple[object, ...]:
    return finding.id, finding.peer, finding.anchor, finding.refused_by, finding.about

"""Whether the checker says of a perturbed recording what the text says of it."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable

import msgspec

from negotiation.conformance.checking.findings import Finding
from negotiation.conformance.checking.judging import Checker, Pass, TraceVerdict
from negotiation.conformance.errors import TraceError
from negotiation.conformance.traces.reading import open_trace

from .recorded import Recording, written
from .rows import Keeps, Kind

BROKEN = "the checker broke"
"""How the reason begins why nothing could be judged."""


class Objection(msgspec.Struct, frozen=True):
    """How the checker contradicts the text; `finding` is one that it should not have."""

    says: str
    finding: Finding | None = None


def judge(checker: Checker, recording: Recording) -> TraceVerdict:
    """The verdict on the recording, read as a file is; on what findings rest is not asked."""
    try:
        with open_trace(io.BytesIO(written(recording)), checker.memory) as reader:
            return checker.follow(recording.file, reader, lambda finding: False)[1]
    except TraceError as error:
        return TraceVerdict(recording.file, "undecided", 0, error=str(error))
    except Exception as error:
        # Whatever it is, it is the checker's: and it is to be told with the recording.
        told = f"{BROKEN}: {type(error).__name__}: {error}"
        return TraceVerdict(recording.file, "undecided", 0, undecided=(told,))


def is_wrong(finding: Finding) -> bool:
    """Whether it says that the stack, or the recording, cannot be right."""
    return finding.class_ == "departure" or finding.blame == "recording"


def conforming_part(checker: Checker, recording: Recording) -> tuple[Recording, TraceVerdict]:
    """The recording up to its first departure, which conforms, and the verdict on it."""
    part = recording.cut(_followed(checker, recording))
    verdict = judge(checker, part)
    wrong = [one.line for one in verdict.findings if is_wrong(one)]
    if verdict.undecided or verdict.error is not None:
        part = part.cut(0)
    elif wrong:
        part = part.cut(min(wrong) - part.written_line(0))
    else:
        return part, verdict
    return part, judge(checker, part)


def _followed(checker: Checker, recording: Recording) -> int:
    """How many observations there are before the first that is wrong: no verdict is needed."""
    taken = Pass(checker, recording.header)
    for text in recording.sdps.values():
        taken.know(text)
    for at, one in enumerate(recording.told):
        try:
            moment = taken.take_line(at, one)
        except Exception:
            return at
        if moment is None or moment.diagnosis is not None:
            return at
    return len(recording.told)


def objection(
    kind: Kind, keeps: Keeps, before: TraceVerdict, after: TraceVerdict, line: int
) -> Objection | None:
    """How the verdict after a perturbation contradicts the text; `before` is without it.

    `line` is the first that was touched last.
    """
    broken = next((one for one in after.undecided if one.startswith(BROKEN)), None)
    if broken is not None:
        return Objection(broken)
    if kind == "forbidden":
        return _not_flagged(after, line)
    if after.error is not None:
        return Objection(f"a reader refuses what is allowed: {after.error}")
    if keeps == "conformance":
        return _not_conforming(before, after)
    return _not_the_same(before, after, lambda one: keeps == "findings" or is_wrong(one))


def _not_flagged(after: TraceVerdict, line: int) -> Objection | None:
    if after.error is not None or _means_nothing(after):
        return None
    wrong = [one for one in after.findings if is_wrong(one)]
    early = next((one for one in wrong if one.line < line), None)
    if early is not None:
        return Objection("something before what was perturbed is called wrong", early)
    if wrong:
        return None
    undecided = f" ({'; '.join(after.undecided)})" if after.undecided else ""
    return Objection(f"what is forbidden was accepted: {after.verdict}{undecided}")


def _means_nothing(after: TraceVerdict) -> bool:
    """Whether a line was called meaningless: what follows is undecided, and that is said."""
    return any("means nothing to the model" in reason for reason in after.undecided)


def _not_conforming(before: TraceVerdict, after: TraceVerdict) -> Objection | None:
    if any(map(is_wrong, before.findings)):
        return None
    wrong = next(filter(is_wrong, after.findings), None)
    return None if wrong is None else Objection("what is allowed was called wrong", wrong)


def _not_the_same(
    before: TraceVerdict, after: TraceVerdict, counts: Callable[[Finding], bool]
) -> Objection | None:
    ours, theirs = list(filter(counts, before.findings)), list(filter(counts, after.findings))
    known, now = Counter(map(_about, ours)), Counter(map(_about, theirs))
    for one in theirs:
        if now[_about(one)] > known[_about(one)]:
            return Objection("what is allowed adds a finding", one)
    for one in ours:
        if known[_about(one)] > now[_about(one)]:
            return Objection("what is allowed takes a finding away", one)
    if bool(before.undecided) != bool(after.undecided):
        return Objection(f"what was {before.verdict} is {after.verdict} now")
    return None


def _about(finding: Finding) -> tuple[object, ...]:
    return finding.id, finding.peer, finding.anchor, finding.refused_by, finding.about

"""Traces judged one after another, each with who was observed and the lines that findings name."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from ..checking.findings import Finding
from ..checking.judging import Checker, Pass, TraceVerdict
from ..errors import TraceError
from ..importing.opening import open_recording, read_recording
from ..traces import format
from ..traces.clocks import counts_from_1970
from .leading import Leading, leading_to
from .observing import Methods, observation_in_words, reading_in_words

Observed = tuple[int, format.AnyObservation]
"""An observation, and its line."""

Progress = Callable[[int, int], None]
"""Is told how many traces are done, of how many."""


BREAKS_OFF = "the recording breaks off"


class Quoted(msgspec.Struct, frozen=True):
    """An observation that a finding is about: what was observed, when, and what was read."""

    told: str
    read: str
    t: float

    @property
    def when(self) -> str:
        """The time, with the word before it; "" where it is a date: it tells nothing of a call."""
        return "" if counts_from_1970(self.t) else f" at {self.t:g} ms"


class Judged(msgspec.Struct, frozen=True):
    """A verdict with what a report needs besides; `header` is None where none could be read.

    `leading` are the lines that lead to findings, by peer and line, where they were asked for.
    """

    verdict: TraceVerdict
    header: format.Header | None = None
    quoted: dict[int, Quoted] = {}
    leading: dict[tuple[str, int], tuple[Leading, ...]] = {}

    @property
    def is_whole(self) -> bool:
        """Whether it was judged to its end: only then did not come what was not seen."""
        return not self.reasons

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it was not judged to its end, or could not be read; none where it was."""
        verdict = self.verdict
        error = () if verdict.error is None else (verdict.error,)
        return (*verdict.undecided, *error, *((BREAKS_OFF,) if verdict.truncated else ()))

    def stack(self, peer: str) -> format.Stack | None:
        """The stack of a peer."""
        told = self.header.peers.get(peer) if self.header is not None else None
        return None if told is None else told.stack

    def is_imported(self, peer: str) -> bool:
        """Whether a peer was told of by a dump."""
        told = self.header.peers.get(peer) if self.header is not None else None
        return told is not None and told.source != "live"


Expects = Callable[[Judged, Finding], bool]
"""Whether a finding in a trace is expected."""


def no_more_is_asked(judged: Judged, finding: Finding) -> bool:
    """For who only counts findings: none is looked into any further."""
    return True


def judge_traces(
    sources: Sequence[str],
    checker: Checker,
    progress: Progress | None = None,
    expects: Expects | None = None,
    *,
    leading: bool = False,
) -> list[Judged]:
    """The traces, judged in their order; what is expected is not looked into any further.

    `leading`: with the lines that lead to what is not expected.
    """
    judged: list[Judged] = []
    judge = judge_with_leading if leading else judge_trace
    for source in sources:
        judged.append(judge(source, checker, expects))
        if progress is not None:
            progress(len(judged), len(sources))
    return judged


def judge_trace(source: str, checker: Checker, expects: Expects | None = None) -> Judged:
    """The trace, judged as far as it could be read."""
    return _judged(source, checker, expects)[0]


def judge_with_observations(
    source: str, checker: Checker, expects: Expects | None = None
) -> tuple[Judged, Sequence[Observed]]:
    """As `judge_trace`, with what was observed; without findings that may be left out."""
    judged, pass_ = _judged(source, checker, expects)
    if pass_ is None or not judged.verdict.findings:
        return judged, ()
    return judged, _observed(source, pass_)


def _observed(source: str, pass_: Pass) -> Sequence[Observed]:
    """What was observed; of a recording that was not followed again, as it is in the file."""
    if pass_.is_recalled:
        return read_recording(source).observations
    return [(one.line, one.observation) for one in pass_.moments]


def judge_with_leading(source: str, checker: Checker, expects: Expects | None = None) -> Judged:
    """As `judge_trace`, with the lines that lead to what is not expected."""
    judged, pass_ = _judged(source, checker, expects)
    wanted = [
        one
        for one in judged.verdict.findings
        if one.class_ != "note" and (expects is None or not expects(judged, one))
    ]
    if pass_ is None or not wanted:
        return judged
    leading = leading_to(wanted, _observed(source, pass_))
    return msgspec.structs.replace(judged, leading=leading)


def _judged(source: str, checker: Checker, expects: Expects | None) -> tuple[Judged, Pass | None]:
    try:
        with open_recording(source, checker.memory) as reader:
            header = reader.header
            so_far = Judged(TraceVerdict(source, "undecided", 0, program=header.program), header)
            wanted = None if expects is None else lambda one: not expects(so_far, one)
            pass_, verdict = checker.follow(source, reader, wanted)
            return Judged(verdict, header, quoted_lines(pass_, verdict)), pass_
    except TraceError as error:
        return Judged(TraceVerdict(source, "undecided", 0, error=str(error))), None


def quoted_lines(pass_: Pass, verdict: TraceVerdict) -> dict[int, Quoted]:
    """The lines that the verdict's findings name, in words."""
    named = {one.line for one in verdict.findings}
    methods: Methods = {}
    quoted: dict[int, Quoted] = {}
    for line, one in pass_.told() if named else ():
        if isinstance(one, format.Call):
            methods[one.id] = one.method
        if line in named:
            told = observation_in_words(one, methods)
            quoted[line] = Quoted(told, reading_in_words(one.state), one.t)
    return quoted

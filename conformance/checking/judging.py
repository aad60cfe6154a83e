"""Judging a trace: each peer alone, then the messages between them, then the verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from negotiation.conformance.errors import TraceError
from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import Profile, profile_named
from negotiation.conformance.traces.reading import TraceReader, open_trace
from negotiation.model import FREEDOMS, INTERPRETATIONS, Readings, admit
from negotiation.model.readings import BOTH_BY_DEFAULT

from .findings import Finding
from .frontier import LARGEST_FRONTIER, Frontiers
from .messages import judge_messages
from .peers import Moment, PeerChecker

VerdictName = Literal["conforms", "violates", "undecided"]

LARGEST_TRIED = 500
"""States in a set beyond which it is not tried whether a finding rests on an interpretation."""

SETTLE = "settle: quiet that was measured at `idle` means that the stack will do nothing more"


class TraceVerdict(msgspec.Struct, frozen=True):
    """What the evidence of one trace says.

    `undecided` are reasons; `error` is why the rest of the file could not be read; `assumptions`
    are what the verdict rests on; `program` is the one that was recorded.
    """

    trace: str
    verdict: VerdictName
    observations: int
    findings: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    program: str | None = None
    stacks: tuple[str, ...] = ()
    truncated: bool = False
    error: str | None = None


class Checker:
    """Judges traces; what it has worked out about the model is shared between them.

    `readings` choose the freedoms and interpretations; `budget` bounds the set of possible states.
    """

    def __init__(self, readings: Readings | None = None, *, budget: int = LARGEST_FRONTIER) -> None:
        self.readings = readings or Readings()
        self.budget = budget
        self._frontiers: dict[Profile, Frontiers] = {}
        self._admitting: dict[str, Checker] = {}

    def frontiers(self, profile: Profile) -> Frontiers:
        """The state sets for traces of this profile."""
        if profile not in self._frontiers:
            specifications = admit(self.readings)
            self._frontiers[profile] = Frontiers(specifications, profile, budget=self.budget)
        return self._frontiers[profile]

    def admitting(self, interpretation: str) -> Checker:
        """A checker that admits both readings of one more interpretation."""
        if interpretation not in self._admitting:
            readings = self.readings.changed({interpretation: "both"})
            budget = min(self.budget, LARGEST_TRIED)
            self._admitting[interpretation] = Checker(readings, budget=budget)
        return self._admitting[interpretation]

    def judge(self, source: str) -> TraceVerdict:
        """The verdict on a trace file ("-": standard input)."""
        try:
            with open_trace(source) as reader:
                return self._judge(source, reader)
        except TraceError as error:
            return TraceVerdict(source, "undecided", 0, error=str(error))

    def _judge(self, source: str, reader: TraceReader) -> TraceVerdict:
        pass_ = Pass(self, reader.header)
        error = None
        try:
            for line, told in reader:
                pass_.take(line, told)
        except TraceError as raised:
            error = str(raised)
        return pass_.verdict(source, error=error, truncated=reader.truncated)

    def judge_lines(self, name: str, lines: Iterable[format.Line]) -> TraceVerdict:
        """The verdict on a trace that is in memory; line numbers count from 1."""
        numbered = enumerate(lines, start=1)
        _, header = next(numbered)
        assert isinstance(header, format.Header)
        pass_ = Pass(self, header)
        for line, told in numbered:
            pass_.take(line, told)
        return pass_.verdict(name)


class Pass:
    """One trace on its way through the checker."""

    def __init__(self, checker: Checker, header: format.Header) -> None:
        self.checker = checker
        self.header = header
        self.sdps: dict[str, format.Sdp] = {}
        self.moments: list[Moment] = []
        self.observations = 0
        self.peers = {
            name: PeerChecker(
                name,
                checker.frontiers(profile_named(peer.profile)),
                self.sdps,
                peer.configuration,
            )
            for name, peer in header.peers.items()
        }

    def take(self, line: int, told: format.Line) -> Moment | None:
        """Take the next line of the trace."""
        if isinstance(told, format.Sdp):
            self.sdps[told.id] = told
            return None
        if isinstance(told, format.Header):
            return None
        self.observations += 1
        moment = self.peers[told.peer].follow(line, told)
        if moment is not None:
            self.moments.append(moment)
        return moment

    def verdict(
        self, source: str, *, error: str | None = None, truncated: bool = False
    ) -> TraceVerdict:
        """The verdict on what was taken."""
        findings = [*self._departures(source), *self._faults(source, complete=not truncated)]
        findings.sort(key=lambda one: (one.line, one.peer))
        undecided = tuple(
            f"{name}: {peer.undecided}" for name, peer in self.peers.items() if peer.undecided
        )
        violates = any(one.class_ != "note" for one in findings)
        unclear = undecided or error is not None or self.observations == 0
        if self.observations == 0 and error is None:
            undecided = ("there is no observation in it",)
        return TraceVerdict(
            trace=source,
            verdict="violates" if violates else "undecided" if unclear else "conforms",
            observations=self.observations,
            findings=tuple(findings),
            undecided=undecided,
            assumptions=self._assumptions(),
            program=self.header.program,
            stacks=tuple(
                f"{peer.stack.name} {peer.stack.version}".strip()
                for peer in self.header.peers.values()
            ),
            truncated=truncated,
            error=error,
        )

    def _departures(self, source: str) -> Iterator[Finding]:
        for name, peer in self.peers.items():
            for line, diagnosis in peer.findings:
                finding = diagnosis.finding(source, line, name)
                rests_on = self._rests_on(finding) if finding.class_ == "departure" else ()
                yield msgspec.structs.replace(finding, rests_on=rests_on)

    def _faults(self, source: str, *, complete: bool) -> Iterator[Finding]:
        for peer, line, diagnosis in judge_messages(self.moments, self.header, complete=complete):
            yield diagnosis.finding(source, line, peer)

    def _rests_on(self, finding: Finding) -> tuple[str, ...]:
        """The interpretations whose other reading would make the finding disappear."""
        candidates = INTERPRETATIONS.keys() - self.checker.readings.both
        return tuple(
            f"{name}: {INTERPRETATIONS[name].default}"
            for name in sorted(candidates)
            if not self._found_under(finding, name)
        )

    def _found_under(self, finding: Finding, interpretation: str) -> bool:
        checker = self.checker.admitting(interpretation)
        told = self.header.peers[finding.peer]
        frontiers = checker.frontiers(profile_named(told.profile))
        peer = PeerChecker(finding.peer, frontiers, self.sdps, told.configuration)
        for moment in self.moments:
            if moment.observation.peer == finding.peer and moment.line <= finding.line:
                peer.follow(moment.line, moment.observation)
        return peer.undecided is not None or any(line == finding.line for line, _ in peer.findings)

    def _assumptions(self) -> tuple[str, ...]:
        readings = self.checker.readings
        told = []
        if any(peer.needs_settle for peer in self.peers.values()):
            told.append(SETTLE)
        told += [f"freedom {name}: {FREEDOMS[name].why}" for name in sorted(readings.freedoms)]
        told += [f"{name}: {INTERPRETATIONS[name].other}" for name in sorted(readings.others)]
        told += [f"{name}: both readings" for name in sorted(readings.both - BOTH_BY_DEFAULT)]
        return tuple(told)

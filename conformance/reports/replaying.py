"""A trace step by step, with the model beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import msgspec

from negotiation.model import Connection, Specification

from ..checking.findings import Finding
from ..checking.frontier import BudgetExceededError, Frontier, Frontiers
from ..checking.judging import Checker, Pass, TraceVerdict, Wanted
from ..checking.peers import Moment
from ..checking.words import label_in_words, state_in_words
from ..traces import format
from ..traces.reading import Trace
from .counts import count
from .judged import quoted_lines
from .observing import Methods, observation_in_words, reading_in_words
from .paper import Paper
from .telling import tell_finding

LEFT = 0.5
"""The part of the width that the trace has; the model has the rest."""

MOST_NEXT = 6

TOLD_EACH = 512
"""Observations between two tellings of how far the judging is."""


class Part(msgspec.Struct, frozen=True):
    """A part of a recording: from one line to another, of one peer; None: without this bound."""

    first: int | None = None
    last: int | None = None
    peer: str | None = None

    def has(self, line: int, peer: str) -> bool:
        """Whether an observation of the peer in the line is in it."""
        between = (self.first or 0) <= line and (self.last is None or line <= self.last)
        return between and self.peer in (None, peer)


WHOLE = Part()


class Beside(msgspec.Struct, frozen=True):
    """What the model could be after a line: counts and values, and what may be observed next."""

    states: int
    signaling: tuple[str, ...]
    chain: tuple[str, ...]
    flag: tuple[bool, ...]
    check: tuple[bool, ...]
    queued: tuple[str, ...]
    next: tuple[str, ...]


class Step(msgspec.Struct, frozen=True):
    """A line of the trace, in words, with the model beside it (None: it was not followed so far).

    `told` are all states, in words, as many as were asked for.
    """

    line: int
    peer: str
    observation: str
    read: str
    depth: int
    beside: Beside | None
    findings: tuple[Finding, ...] = ()
    told: tuple[str, ...] = ()


class Replay:
    """A trace that was replayed, up to the end or to one `line`, with the verdict so far.

    `progress` is told how many observations were judged, of how many. Whether a departure rests on
    an interpretation is tried for those that are `wanted`.
    """

    def __init__(
        self,
        trace: Trace,
        checker: Checker,
        line: int | None = None,
        progress: Callable[[int, int], None] | None = None,
        wanted: Wanted | None = None,
    ) -> None:
        self.trace = trace
        self.wanted = wanted
        self.line = line
        self.observations = [
            (number, one) for number, one in trace.observations if line is None or number <= line
        ]
        self.times = {number: one.t for number, one in self.observations}
        self.pass_ = Pass(checker, trace.header)
        for sdp in trace.sdps.values():
            self.pass_.take_line(0, sdp)
        for done, (number, one) in enumerate(self.observations):
            if progress is not None and done % TOLD_EACH == 0:
                progress(done, len(self.observations))
            self.pass_.take_line(number, one)
        if progress is not None:
            progress(len(self.observations), len(self.observations))
        self.verdict = self._verdict()
        self.quoted = quoted_lines(self.pass_, self.verdict)

    def _verdict(self) -> TraceVerdict:
        error = None if self.trace.error is None else str(self.trace.error)
        file, wanted = self.trace.file, self.wanted
        if self.line is not None:
            # What has not come by this line may still come: nothing is concluded from it.
            return self.pass_.verdict(file, truncated=True, wanted=wanted)
        truncated = self.trace.truncated
        return self.pass_.verdict(file, error=error, truncated=truncated, wanted=wanted)

    @cached_property
    def methods(self) -> Methods:
        """The method of each call, by its number."""
        calls = (one for _, one in self.observations if isinstance(one, format.Call))
        return {one.id: one.method for one in calls}

    @cached_property
    def moments(self) -> dict[int, Moment]:
        """What the model could be before and after each line, where it was followed."""
        return {moment.line: moment for moment in self.pass_.moments}

    @cached_property
    def findings(self) -> dict[int, tuple[Finding, ...]]:
        """What was found, by line."""
        found: dict[int, tuple[Finding, ...]] = {}
        for one in self.verdict.findings:
            found[one.line] = (*found.get(one.line, ()), one)
        return found

    def steps(self, *, states: int = 0) -> Iterator[Step]:
        """The steps; the last one of a replay to a line, or each, with so many states in words."""
        for number, one in self.observations:
            told = states if self.line in (None, number) else 0
            yield self.step(number, one, states=told)

    def step(self, number: int, one: format.AnyObservation, *, states: int = 0) -> Step:
        """The step of the observation in this line, with so many states in words."""
        moment = self.moments.get(number)
        frontiers = self.pass_.peers[one.peer].frontiers
        return Step(
            line=number,
            peer=one.peer,
            observation=observation_in_words(one, self.methods),
            read=reading_in_words(one.state),
            depth=depth_of(one),
            beside=None if moment is None else beside(moment, frontiers),
            findings=self.findings.get(number, ()),
            told=() if moment is None or not states else _states(moment.after, frontiers)[:states],
        )


def depth_of(one: format.Observation) -> int:
    """How deep inside handlers and calls it is told."""
    inside = 1 if one.within is not None else 0
    return inside + isinstance(one, format.Return | format.Throw)


def beside(moment: Moment, frontiers: Frontiers) -> Beside:
    """What the model could be after the moment."""
    connections = [one.connection for one in moment.after]
    specification = frontiers.specifications[0]
    check = {specification.check_if_negotiation_is_needed(one) for one in connections}
    return Beside(
        states=len(connections),
        signaling=_distinct(str(one.signaling_state) for one in connections),
        chain=_distinct(_chain(one) for one in connections),
        flag=tuple(sorted({one.negotiation_needed for one in connections})),
        check=tuple(sorted(check)),
        queued=_distinct(task.name for one in connections for task in one.tasks),
        next=_next(moment, frontiers),
    )


def _distinct(values: Iterator[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _chain(connection: Connection) -> str:
    return ", ".join(f"{one.method} ({one.stage})" for one in connection.operations) or "empty"


def _next(moment: Moment, frontiers: Frontiers) -> tuple[str, ...]:
    try:
        closed = frontiers.closure(moment.after)
    except BudgetExceededError as reason:
        return (str(reason),)
    labels = {label for position in closed for label, _ in frontiers.shown_steps(position)}
    return _distinct(label_in_words(label, moment.methods) for label in labels)


def _states(after: Frontier, frontiers: Frontiers) -> tuple[str, ...]:
    specification = Specification(frontiers.specifications[0].readings)
    return _distinct(state_in_words(one.connection, specification) for one in after)


# The text.


IsKnown = Callable[[Finding], bool]


def tell_steps(
    paper: Paper, replay: Replay, steps: Iterable[Step], is_known: IsKnown = lambda finding: False
) -> None:
    """Each line of the trace, the model beside it, and the findings made there in full."""
    latest: dict[str, Beside | None] = {}
    for step in steps:
        known = latest.get(step.peer) if not step.told else None
        _tell_line(paper, replay, step, known)
        _tell_more(paper, replay, step, is_known)
        latest[step.peer] = step.beside


def _tell_line(paper: Paper, replay: Replay, step: Step, known: Beside | None) -> None:
    at = int(paper.width * LEFT)
    state = step.read.partition(";")[0].removeprefix("signalingState ")
    read = f" [{state}]" if state else ""
    column = list(replay.trace.header.peers).index(step.peer)
    indent = "  " * (step.depth + 2 * column)
    right = ["not followed: undecided before"]
    if step.beside is not None:
        right = ["as before"] if step.beside == known else _beside(step.beside)
    left = f"{indent}{step.line} {step.peer}  {step.observation}{read}"
    paper.columns(left, right, at=at, style="bold" if step.findings else "")


def _tell_more(paper: Paper, replay: Replay, step: Step, is_known: IsKnown) -> None:
    if step.told and step.read:
        paper.paragraph(f"Read with it: {step.read}", indent=4, hanging=6)
    for one in step.told:
        paper.item(one, indent=4, mark="*", style="faint")
    stack = replay.trace.header.peers[step.peer].stack
    for finding in step.findings:
        paper.blank()
        quoted = replay.quoted.get(step.line)
        known = is_known(finding)
        tell_finding(paper, finding, quoted=quoted, stack=stack, commands=False, known=known)
        paper.blank()


def _beside(beside: Beside) -> list[str]:
    states = f"{count(beside.states, 'state')}: "
    parts = [
        _either(beside.signaling),
        f"chain {_either(beside.chain)}",
        f"flag {_either([str(one).lower() for one in beside.flag])}",
        f"check {_either([str(one).lower() for one in beside.check])}",
    ]
    if beside.queued:
        parts.append(f"queued: {', '.join(beside.queued)}")
    allowed = ", ".join(beside.next[:MOST_NEXT]) or "nothing, until a call is made"
    more = ", ..." if len(beside.next) > MOST_NEXT else ""
    return [states + "; ".join(parts), f"next: {allowed}{more}"]


def _either(values: Sequence[str]) -> str:
    return " or ".join(values)

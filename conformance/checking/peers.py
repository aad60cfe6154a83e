"""Checking one peer of one trace: every observation in its turn, findings as they come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import NotUnderstood, configuration_of
from negotiation.model import Output

from .diagnosis import Diagnostician
from .findings import Diagnosis
from .frontier import BudgetExceededError, Frontier, Frontiers
from .seen import Made, Relations, Seen, Stutter, Told
from .words import Methods

MOST_FINDINGS = 100
"""Findings of one peer after which the rest is undecided: nobody reads more."""


class Moment(msgspec.Struct, frozen=True):
    """One observation with what the model could be before and after it (both as it was recorded).

    `diagnosis` is the finding that it made, `methods` name the outstanding calls.
    """

    line: int
    observation: format.Observation
    seen: Seen
    before: Frontier
    after: Frontier
    methods: Methods
    diagnosis: Diagnosis | None = None


class PeerChecker:
    """Follows one peer. `undecided` tells why it stopped following, if it did."""

    def __init__(
        self,
        peer: str,
        frontiers: Frontiers,
        sdps: dict[str, format.Sdp],
        given: dict[str, Any] | None = None,
    ) -> None:
        self.peer = peer
        self.frontiers = frontiers
        self.relations = Relations(sdps, frontiers.profile.events)
        self.frontier = frontiers.start(None if given is None else configuration_of(given))
        self.methods: Methods = {}
        self.findings: list[tuple[int, Diagnosis]] = []
        self.undecided: str | None = None
        self.needs_settle = False
        self._owed: list[tuple[Output, int]] = []

    def follow(self, line: int, observation: format.Observation) -> Moment | None:
        """Take one observation; None once the peer is undecided."""
        if self.undecided is not None:
            return None
        try:
            return self._follow(line, observation)
        except NotUnderstood as reason:
            self.undecided = f"line {line}: {reason}"
        except BudgetExceededError as reason:
            self.undecided = f"line {line}: {reason}; record more of what the stack shows"
        return None

    def _follow(self, line: int, observation: format.Observation) -> Moment:
        seen = self.relations.seen(observation)
        before = self.frontier
        if isinstance(seen, Stutter):
            return Moment(line, observation, seen, before, before, self.methods)
        self._name(seen)
        after = self.frontiers.after(before, seen)
        diagnosis = None
        if not after:
            after, diagnosis = self._explained(line, seen, before)
        self.frontier = after
        self.needs_settle |= getattr(seen, "settled", False)
        return Moment(line, observation, seen, before, after, dict(self.methods), diagnosis)

    def _name(self, seen: Seen) -> None:
        if isinstance(seen, Made):
            self.methods = {**self.methods, seen.call.call: seen.call.method}

    def _explained(self, line: int, seen: Seen, before: Frontier) -> tuple[Frontier, Diagnosis]:
        closed = self.frontiers.closure(before)
        explained = Diagnostician(self.frontiers, closed, self.methods, self._owed).explain(seen)
        self.findings.append((line, explained.diagnosis))
        self._remember(line, explained.missing)
        if isinstance(seen, Told):
            self._forget(seen)
        if len(self.findings) == MOST_FINDINGS:
            self.undecided = f"line {line}: {MOST_FINDINGS} findings; the rest is not judged"
        return explained.frontier, explained.diagnosis

    def _remember(self, line: int, missing: Iterable[Output]) -> None:
        known = [label for label, _ in self._owed]
        self._owed += [(label, line) for label in missing if label not in known]

    def _forget(self, told: Told) -> None:
        self._owed = [
            (label, line)
            for label, line in self._owed
            if getattr(label, "name", None) != told.event
            or getattr(label, "call", None) != told.call
        ]

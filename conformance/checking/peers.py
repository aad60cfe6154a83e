"""Checking one peer of one trace: every observation in its turn, findings as they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.interpreting import NotUnderstood
from negotiation.conformance.traces.said import Said
from negotiation.model import Output

from .findings import Diagnosis
from .following import Place, Places, Step
from .frontier import LARGEST_FRONTIER, BudgetExceededError, Frontier, Node
from .relations import Text
from .seen import Made, Seen, Told
from .words import Methods

MOST_FINDINGS = 100
"""Findings of one peer after which the rest is undecided: nobody reads more."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """One observation with what the model could be before and after it (both as it was recorded).

    `n` and `t` are its number and time, `said` is the rest of it. `diagnosis` is the finding that
    it made.
    """

    line: int
    n: int
    t: float
    said: Said
    seen: Seen
    was: Place
    became: Place
    diagnosis: Diagnosis | None = None

    @property
    def observation(self) -> AnyObservation:
        """The observation as the line has it."""
        return self.said.at(self.n, self.t)

    @property
    def before(self) -> Frontier:
        """What the model could be before it."""
        return self.was.node.positions

    @property
    def after(self) -> Frontier:
        """What the model could be after it."""
        return self.became.node.positions

    @property
    def methods(self) -> Methods:
        """The methods of the outstanding calls, by number."""
        return self.became.methods


class PeerChecker:
    """Follows one peer. `undecided` tells why it stopped following, if it did.

    `texts` are the trace's SDP texts by id, as they come; `given` is the configuration of the
    connection (None: not known). `begins_anywhere`: its construction was not seen. After a finding
    that leaves more than `most_after` states the rest is undecided.
    """

    def __init__(
        self,
        peer: str,
        places: Places,
        texts: Mapping[str, Text],
        given: dict[str, Any] | None = None,
        *,
        begins_anywhere: bool = False,
        most_after: int = LARGEST_FRONTIER,
    ) -> None:
        self.peer = peer
        self.frontiers = places.frontiers
        self.findings: list[tuple[int, Diagnosis]] = []
        self.undecided: str | None = None
        try:
            self.place = places.start_anywhere() if begins_anywhere else places.start(given)
        except NotUnderstood as reason:
            self.undecided = f"its configuration in the header: {reason}"
            self.place = places.start(None)
        self._places = places
        self._texts = texts
        self._owed: list[tuple[Output, int]] = []
        self._calling: tuple[Place, Made] | None = None
        self._most_after = most_after

    def follow(self, line: int, n: int, t: float, said: Said) -> Moment | None:
        """Take one observation; None once the peer is undecided."""
        if self.undecided is not None:
            return None
        before = self.place
        diagnosis = None
        try:
            step = self._places.step(before, said, self._texts)
            self.place = step.place
            if not step.possible:
                diagnosis = self._explained(line, step, before)
        except NotUnderstood as reason:
            self.undecided = f"line {line}: {reason}"
            return None
        except BudgetExceededError as reason:
            self.undecided = f"line {line}: {reason}; record more of what the stack shows"
            return None
        self.took(step, before)
        return Moment(line, n, t, said, step.seen, before, self.place, diagnosis)

    def took(self, step: Step, before: Place) -> None:
        """A step was taken. If it is a call: what one that had its number owed, it does not."""
        if type(step.seen) is Made:
            self._calling = before, step.seen
            if self._owed:
                number = step.seen.call.call
                self._owed = [one for one in self._owed if getattr(one[0], "call", None) != number]

    def admits(self, said: Said) -> bool:
        """Whether the model can do so here; False where that is not known."""
        try:
            if self.undecided is None:
                return self._places.step(self.place, said, self._texts).possible
        except (NotUnderstood, BudgetExceededError):
            pass
        return False

    def _explained(self, line: int, step: Step, before: Place) -> Diagnosis:
        """What was wrong; the peer goes on from where that may have left it."""
        explained = self._places.explained(step, before, tuple(self._owed), self._calling)
        node = self.frontiers.node(explained.frontier)
        self.place = self._places.moved(step.place, node)
        self.findings.append((line, explained.diagnosis))
        self._remember(line, explained.missing)
        if isinstance(step.seen, Told):
            self._forget(step.seen)
        too_many = self._too_many(node)
        if too_many:
            self.undecided = f"line {line}: {too_many}; the rest is not judged"
        return explained.diagnosis

    def _too_many(self, node: Node) -> str:
        """What there is too much of to be followed on after a finding, in words; "": nothing."""
        if len(self.findings) == MOST_FINDINGS:
            return f"{MOST_FINDINGS} findings"
        states = len(node.positions)
        return f"{states} possible states after a finding" if states > self._most_after else ""

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

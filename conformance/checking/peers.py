"""Checking one peer of one trace: every observation in its turn, findings as they come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.interpreting import NotUnderstood
from negotiation.conformance.traces.said import Said

from .findings import Diagnosis
from .following import Called, Owed, Place, Places, Step
from .frontier import LARGEST_FRONTIER, BudgetExceededError, Frontier, Frontiers, Node
from .going_on import Explained
from .relations import Text
from .seen import Made, Seen, Told
from .words import Methods

MOST_FINDINGS = 100
"""Findings of one peer after which the rest is undecided: nobody reads more."""


class Moment(msgspec.Struct, frozen=True, gc=False):
    """One observation with what the model could be before and after it (both as it was recorded).

    `n` and `t` are its number and time, `said` is the rest of it. `diagnoses` are the findings that
    it made; the others stand beside the first.
    """

    line: int
    n: int
    t: float
    said: Said
    seen: Seen
    was: Place
    became: Place
    diagnoses: tuple[Diagnosis, ...] = ()

    @property
    def diagnosis(self) -> Diagnosis | None:
        """The first finding, None where there is none."""
        return self.diagnoses[0] if self.diagnoses else None

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


class Explaining(Protocol):
    """What tells why an observation is impossible: `Places`, and what is like them."""

    @property
    def frontiers(self) -> Frontiers:
        """The sets of states."""
        ...

    def explained(
        self, node: Node, seen: Seen, methods: Methods, owed: Owed, called: Called
    ) -> Explained:
        """Why an observation is impossible from these states."""
        ...


class Departures:
    """What was wrong with one peer so far, and what it owes; `undecided`: why the rest is not told.

    Whoever follows the peer tells of each observation that was taken (`took`), and asks of one that
    the model cannot do where it goes on from. After a finding that leaves more than `most_after`
    states the rest is undecided.
    """

    def __init__(self, places: Explaining, most_after: int = LARGEST_FRONTIER) -> None:
        self.findings: list[tuple[int, Diagnosis]] = []
        self.undecided: str | None = None
        self._places = places
        self._most_after = most_after
        self._owed: Owed = ()
        self._called: Called = None

    def explained(self, line: int, before: Node, seen: Seen, methods: Methods) -> Node:
        """Take down what is wrong with an observation; the states to go on from.

        Raises:
            BudgetExceededError: there are too many possible states.
        """
        called = self._called if _ends_a_call(seen) else None
        explained = self._places.explained(before, seen, methods, self._owed, called)
        node = self._places.frontiers.node(explained.frontier)
        self.findings += ((line, one) for one in (explained.diagnosis, *explained.besides))
        known = {label for label, _ in self._owed}
        self._owed += tuple((label, line) for label in explained.missing if label not in known)
        if isinstance(seen, Told):
            self._came(seen)
        too_many = self._too_many(node)
        if too_many:
            self.undecided = f"line {line}: {too_many}; the rest is not judged"
        return node

    def took(self, seen: Seen, before: Node) -> None:
        """An observation was taken. Of a call: what one that had its number owed, it does not."""
        if not isinstance(seen, Made):
            return
        self._called = before, seen
        if self._owed:
            number = seen.call.call
            self._owed = tuple(one for one in self._owed if getattr(one[0], "call", None) != number)

    def give_up(self, line: int, reason: Exception) -> None:
        """The rest is undecided: this line cannot be followed."""
        told = f"line {line}: {reason}"
        if isinstance(reason, BudgetExceededError):
            told += "; record more of what the stack shows"
        self.undecided = told

    def _came(self, told: Told) -> None:
        self._owed = tuple(
            (label, line)
            for label, line in self._owed
            if getattr(label, "name", None) != told.event
            or getattr(label, "call", None) != told.call
        )

    def _too_many(self, node: Node) -> str:
        """What there is too much of to be followed on after a finding, in words; "": nothing."""
        if len(self.findings) >= MOST_FINDINGS:
            return f"{MOST_FINDINGS} findings"
        states = len(node.positions)
        return f"{states} possible states after a finding" if states > self._most_after else ""


def _ends_a_call(seen: Seen) -> bool:
    """Whether a call is over with it, or its promise is there."""
    return isinstance(seen, Told) and seen.kind in ("return", "throw")


class PeerChecker:
    """Follows one peer. `undecided` tells why it stopped following, if it did.

    `texts` are the trace's SDP texts by id, as they come; `given` is the configuration of the
    connection (None: not known). `begins_anywhere`: its construction was not seen. `most_after` as
    in `Departures`.
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
        self._places = places
        self._texts = texts
        self._departures = Departures(places, most_after)
        try:
            self.place = places.start(given, anywhere=begins_anywhere)
        except NotUnderstood as reason:
            self._departures.undecided = f"its configuration in the header: {reason}"
            self.place = places.start(None)

    @property
    def findings(self) -> list[tuple[int, Diagnosis]]:
        """What was wrong, with the lines."""
        return self._departures.findings

    @property
    def undecided(self) -> str | None:
        """Why it stopped following, if it did."""
        return self._departures.undecided

    def follow(self, line: int, n: int, t: float, said: Said) -> Moment | None:
        """Take one observation; None once the peer is undecided."""
        departures = self._departures
        if departures.undecided is not None:
            return None
        before = self.place
        diagnoses: tuple[Diagnosis, ...] = ()
        try:
            step = self._places.step(before, said, self._texts)
            self.place = step.place
            if not step.possible:
                diagnoses = self._explained(line, step, before)
        except (NotUnderstood, BudgetExceededError) as reason:
            departures.give_up(line, reason)
            return None
        departures.took(step.seen, before.node)
        return Moment(line, n, t, said, step.seen, before, self.place, diagnoses)

    def _explained(self, line: int, step: Step, before: Place) -> tuple[Diagnosis, ...]:
        """What was wrong; the peer goes on from where that may have left it."""
        known = len(self.findings)
        node = self._departures.explained(line, before.node, step.seen, step.place.methods)
        self.place = self._places.moved(step.place, node)
        return tuple(diagnosis for _, diagnosis in self.findings[known:])

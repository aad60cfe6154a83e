"""The rows of a replay: one for each observation, worked out when it is looked at.

A row is known by its index, from 0. What is asked of all rows (their words, to be searched) is
kept; what the model could be is told anew, because sets of states are many and shared.
"""

from __future__ import annotations

import bisect
from functools import cached_property

import msgspec

from ..checking.findings import Finding
from ..checking.following import Place
from ..reports.observing import observation_in_words
from ..reports.replaying import Step, depth_of
from ..traces import format
from .opening import Opened

MOST_STATES = 200
"""States of a row that are told at most."""


class Glance(msgspec.Struct, frozen=True):
    """What the model could be after a line, as short as a column: distinct values, sorted."""

    signaling: tuple[str, ...]
    chain: tuple[int, ...]
    flag: tuple[bool, ...]


class Rows:
    """What there is to see of a replay that was opened."""

    def __init__(self, opened: Opened) -> None:
        self.replay = opened.replay
        self.story = opened.story
        self.peers = list(opened.replay.trace.header.peers)
        self.lines = [line for line, _ in opened.replay.observations]
        self._glances: dict[int, Glance] = {}

    def __len__(self) -> int:
        return len(self.lines)

    def observation(self, row: int) -> format.AnyObservation:
        """The observation as it was recorded."""
        return self.replay.observations[row][1]

    def time(self, row: int) -> float:
        """When it was, in milliseconds from where the recording's times count."""
        return self.observation(row).t - self.story.zero

    def words(self, row: int) -> str:
        """What was observed, in words (hostile, as all that comes from a trace)."""
        return observation_in_words(self.observation(row), self.replay.methods)

    def depth(self, row: int) -> int:
        """How deep inside handlers and calls it happened."""
        return depth_of(self.observation(row))

    def findings(self, row: int) -> tuple[Finding, ...]:
        """What was found there."""
        return self.replay.findings.get(self.lines[row], ())

    def standing(self, finding: Finding) -> str:
        """Its class, or "known" where it is expected."""
        return "known" if self.story.is_known(finding) else finding.class_

    def step(self, row: int, *, with_states: bool = False) -> Step:
        """All that is told of the row."""
        states = MOST_STATES if with_states else 0
        line, one = self.replay.observations[row]
        return self.replay.step(line, one, states=states)

    def glance(self, row: int) -> Glance | None:
        """The model after the row; None where it was not followed so far."""
        moment = self.replay.moments.get(self.lines[row])
        return None if moment is None else self._glance_at(moment.became)

    def _glance_at(self, place: Place) -> Glance:
        known = self._glances.get(id(place.node))
        if known is None:
            connections = [one.connection for one in place.node.positions]
            known = Glance(
                signaling=tuple(sorted({str(one.signaling_state) for one in connections})),
                chain=tuple(sorted({len(one.operations) for one in connections})),
                flag=tuple(sorted({one.negotiation_needed for one in connections})),
            )
            self._glances[id(place.node)] = known
        return known

    def nearest(self, line: int) -> int:
        """The row of this line of the file, or of the next one that has a row (or the last)."""
        return min(bisect.bisect_left(self.lines, line), len(self.lines) - 1)

    @cached_property
    def with_findings(self) -> list[int]:
        """The rows where something was found, in their order."""
        index = {line: row for row, line in enumerate(self.lines)}
        return sorted(index[line] for line in self.replay.findings if line in index)

    def partner(self, row: int) -> int | None:
        """The next row that belongs to the same call or message; after the last, the first."""
        rows = self._together.get(_what_it_belongs_to(self.observation(row)), [])
        if len(rows) < 2:
            return None
        return rows[(bisect.bisect_left(rows, row) + 1) % len(rows)]

    @cached_property
    def _together(self) -> dict[object, list[int]]:
        together: dict[object, list[int]] = {}
        for row, (_, one) in enumerate(self.replay.observations):
            together.setdefault(_what_it_belongs_to(one), []).append(row)
        together.pop(None, None)
        return together


def _what_it_belongs_to(one: format.AnyObservation) -> object:
    match one:
        case format.Call():
            return ("call", one.id)
        case format.Return() | format.Throw() | format.Resolve() | format.Reject():
            return ("call", one.call)
        case format.Send() | format.Receive():
            return ("message", one.message)
    return None

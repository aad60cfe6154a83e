"""The operations chain as bars: from a call to its settlement, and while the model works on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from negotiation.model import PROMISED
from negotiation.model.state import Stage

from ...checking.frontier import Node
from ...checking.peers import Moment
from ...checking.seen import Made
from ...traces import format

NEVER = -1

LANES = 4
"""Bars of one peer that stand side by side; of more only their number can be told."""

Phase = Literal["waiting", "first"]
Phases = Mapping[int, Phase]
"""What the operations of a set of states are doing, by the call's number in the model."""


class Bar:
    """A call whose promise is to settle, in rows.

    `began`: it is nowhere waiting for those before it any more; `settled`: that was observed;
    `left`: in every state of the model it has done its work, so that it leaves the chain. `NEVER`:
    that was not seen. `lane` is where it is drawn, `NEVER` if there is no room.
    """

    __slots__ = ("began", "call", "chained", "id", "lane", "left", "number", "settled")

    def __init__(self, call: int, id: int, number: int, lane: int) -> None:
        self.call = call
        self.id = id
        self.number = number
        self.lane = lane
        self.chained = False
        self.began = self.settled = self.left = NEVER

    @property
    def is_over(self) -> bool:
        """Nothing more can come of it."""
        return self.settled != NEVER and (self.left != NEVER or not self.chained)


class Bars:
    """Takes all observations in their order."""

    def __init__(self) -> None:
        self._all: list[Bar] = []
        self._open: dict[str, list[Bar]] = {}
        self._phases: dict[Node, Phases] = {}

    def packed(self) -> list[int]:
        """Five numbers for each bar: call, began, settled, left and lane."""
        return [
            told
            for one in self._all
            for told in (one.call, one.began, one.settled, one.left, one.lane)
        ]

    def take(self, row: int, one: format.AnyObservation, moment: Moment | None) -> None:
        """Take the observation of a row, with the model beside it, if it was followed."""
        open = self._open.setdefault(one.peer, [])
        if isinstance(one, format.Call):
            open = _without(_number(moment), open, row)
            if one.method in PROMISED:
                bar = Bar(row, one.id, _number(moment), _free_lane(open))
                self._all.append(bar)
                open.append(bar)
        elif isinstance(one, format.Resolve | format.Reject | format.Throw):
            for bar in open:
                if bar.id == one.call:
                    bar.settled = row
        if moment is not None and open:
            self._follow(row, open, self._phases_of(moment.became.node))
        self._open[one.peer] = [bar for bar in open if not bar.is_over]

    def _follow(self, row: int, open: list[Bar], phases: Phases) -> None:
        for bar in open:
            phase = phases.get(bar.number)
            bar.chained = bar.chained or phase is not None
            if bar.chained and bar.began == NEVER and phase != "waiting":
                bar.began = row
            if bar.chained and bar.left == NEVER and phase is None:
                bar.left = row

    def _phases_of(self, node: Node) -> Phases:
        known = self._phases.get(node)
        if known is None:
            known = self._phases[node] = _phases(node)
        return known


def _number(moment: Moment | None) -> int:
    if moment is None or not isinstance(moment.seen, Made):
        return NEVER
    return moment.seen.call.call


def _without(number: int, open: Sequence[Bar], row: int) -> list[Bar]:
    """The bars that go on: a number is given again when nothing can come of its call any more."""
    for one in open:
        if number != NEVER and one.number == number and one.left == NEVER:
            one.left = row
    return [one for one in open if not one.is_over]


def _free_lane(open: list[Bar]) -> int:
    taken = {one.lane for one in open}
    return next((lane for lane in range(LANES) if lane not in taken), NEVER)


def _phases(node: Node) -> Phases:
    phases: dict[int, Phase] = {}
    for position in node.positions:
        for one in position.connection.operations:
            if one.stage == Stage.SETTLED:
                continue  # it leaves with the next microtask
            if one.stage == Stage.WAITING:
                phases[one.call] = "waiting"
            else:
                phases.setdefault(one.call, "first")
    return phases

"""The rows of a page: one for each observation, in columns, the model's states by their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ...checking.following import Place
from ...checking.peers import Moment
from ...traces import format
from ..judged import Observed, Progress
from ..observing import kind_of, observation_in_words, reading_in_words
from ..replaying import TOLD_EACH, Beside, Replay, beside
from .bars import Bars
from .origins import Origins
from .texts import Texts

KINDS = ("call", "return", "throw", "resolve", "reject", "event", "send", "receive", "idle", "mark")

MICROSECONDS = 1000
"""Parts of a millisecond in which times are told, where that loses nothing."""


class Rows(msgspec.Struct):
    """The columns, a value for each observation, and what they name by its place.

    `of` is how many rows back the origin is (0: none): the call of a settlement, the sending of a
    message, where a description came from. `besides` are what the model thought, each once; `bars`
    are those of `Bars`. `numbers` fill the slots of `text` and `read`, in turn.
    """

    columns: dict[str, list[int]]
    time: dict[str, Any]
    numbers: list[int]
    besides: list[Beside]
    bars: list[int]


def rows_of(
    replay: Replay,
    observations: Sequence[Observed],
    texts: Texts,
    progress: Progress | None = None,
) -> Rows:
    """The rows of these observations of the replay."""
    packing = _Packing(replay, texts)
    for done, (line, one) in enumerate(observations):
        packing.take(line, one)
        if progress is not None and done % TOLD_EACH == 0:
            progress(done, len(observations))
    return Rows(
        columns=packing.columns,
        time=packed_times([one.t for _, one in observations]),
        numbers=packing.numbers,
        besides=list(packing.besides),
        bars=packing.bars.packed(),
    )


def packed_times(times: Sequence[float]) -> dict[str, Any]:
    """Times as differences in microseconds; as they are, where that would change one."""
    if all(round(one * MICROSECONDS) / MICROSECONDS == one for one in times):
        whole = [round(one * MICROSECONDS) for one in times]
        return {"scale": MICROSECONDS, "told": list(_differences(whole))}
    return {"scale": 0, "told": list(times)}


def _differences(values: Sequence[int]) -> Iterator[int]:
    before = 0
    for one in values:
        yield one - before
        before = one


class _Packing:
    """Takes the observations in their order."""

    def __init__(self, replay: Replay, texts: Texts) -> None:
        names = ("line", "peer", "kind", "text", "read", "within", "state", "of", "beside")
        self.columns: dict[str, list[int]] = {name: [] for name in names}
        self.numbers: list[int] = []
        self.besides: dict[Beside, int] = {}
        self.bars = Bars()
        self._replay = replay
        self._texts = texts
        self._peers = {name: place for place, name in enumerate(replay.trace.header.peers)}
        self._places: dict[Place, int] = {}
        self._origins = Origins()
        self._last = 0

    def take(self, line: int, one: format.AnyObservation) -> None:
        row = len(self.columns["line"])
        moment = self._replay.moments.get(line)
        origin = self._origins.of(row, one)
        read = reading_in_words(one.state)
        state = None if one.state is None else one.state.signalingState
        told = {
            "line": line - self._last,
            "peer": self._peers[one.peer],
            "kind": KINDS.index(kind_of(one)),
            "text": self._slotted(observation_in_words(one, self._replay.methods)),
            "read": self._slotted(read) if read else -1,
            "within": self._texts.place(one.within),
            "state": self._texts.place(state),
            "of": 0 if origin is None else row - origin,
            "beside": -1 if moment is None else self._beside(moment, one.peer),
        }
        for name, value in told.items():
            self.columns[name].append(value)
        self.bars.take(row, one, moment)
        self._last = line

    def _slotted(self, told: str) -> int:
        place, numbers = self._texts.slotted(told)
        self.numbers += numbers
        return place

    def _beside(self, moment: Moment, peer: str) -> int:
        known = self._places.get(moment.became)
        if known is None:
            told = beside(moment, self._replay.pass_.peers[peer].frontiers)
            known = self.besides.setdefault(told, len(self.besides))
            self._places[moment.became] = known
        return known

"""Where a recording's transceivers are in getTransceivers(), when a call is about one of them."""

from __future__ import annotations

from collections import Counter, defaultdict

from ..traces import format
from ..traces.reading import Trace

Named = tuple[str, str]
"""A peer, and its transceiver's name."""


class Transceivers:
    """The places of the transceivers of a recording.

    `unlisted` are those that a call is about when they are listed no more; `last_listed` tells
    after which quiet, counted from 1, they were listed for the last time before that, and where.
    """

    def __init__(self, trace: Trace) -> None:
        self.unlisted: set[Named] = set()
        self.last_listed: dict[Named, tuple[int, int]] = {}
        self._returned: dict[int, Named] = {}
        self._at: dict[int, list[str]] = {}
        self._there: defaultdict[str, list[str]] = defaultdict(list)
        self._at_rest: dict[Named, tuple[int, int]] = {}
        self._settled: Counter[str] = Counter()
        for _, one in trace.observations:
            self._take(one)

    def _take(self, one: format.AnyObservation) -> None:
        if isinstance(one, format.Call):
            self._called(one)
        elif isinstance(one, format.Return) and one.value is not None:
            self._returned[one.call] = (one.peer, one.value)
        if one.state is not None and one.state.transceivers is not None:
            self._there[one.peer] = [each.id for each in one.state.transceivers]
        if isinstance(one, format.Idle):
            self._settled[one.peer] += 1
            for index, name in enumerate(self._there[one.peer]):
                self._at_rest[one.peer, name] = (self._settled[one.peer], index)

    def _called(self, call: format.Call) -> None:
        self._at[call.id] = self._there[call.peer]
        named = (call.peer, call.args.transceiver or "")
        if not named[1] or named[1] in self._there[call.peer]:
            return
        self.unlisted.add(named)
        if named in self._at_rest:
            self.last_listed.setdefault(named, self._at_rest[named])

    def returned_by(self, call: int) -> Named | None:
        """The transceiver that a call returned."""
        return self._returned.get(call)

    def index_at(self, call: int, name: str) -> int:
        """Where a transceiver is listed when the call is made; -1: it is not."""
        return self._at[call].index(name) if name in self._at[call] else -1

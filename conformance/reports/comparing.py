"""Do two recordings tell the same? Where does what they tell first differ?

Each peer's observations are compared in their order; how those of two peers interleave is chance.
What differs between any two runs is left out or made relational: times, the length of silences,
messages of errors, the numbers of tasks and calls, ICE credentials, ids that a stack invents; where
no program was recorded, but an application, its tracks, streams and candidates, too. Of an SDP text
counts what its summary says, and whether it is one that was seen before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from ..importing.opening import read_recording
from ..traces.format import AnyObservation, Call, Idle, Reading, Reject, Throw
from ..traces.reading import Trace
from .observing import Methods, observation_in_words

MOST_FIELDS = 6
"""Fields that differ, beyond which only their number is told."""

_NOTHING = "nothing"


class Told(msgspec.Struct, frozen=True):
    """An observation: its line, what it is in words, and what is compared of it."""

    line: int
    words: str
    compared: dict[str, Any]


class Difference(msgspec.Struct, frozen=True):
    """Where what a peer shows first differs; None where a recording has no more of it.

    `fields` tells, one by one, what differs, first the one and then the other.
    """

    peer: str
    first: Told | None
    second: Told | None
    fields: tuple[str, ...] = ()


class Pair(msgspec.Struct, frozen=True):
    """Two recordings of the same, and what differs."""

    name: str
    first: Trace
    second: Trace
    differences: tuple[Difference, ...]


def compared(name: str, first: str, second: str) -> Pair:
    """The two traces, read and compared.

    Raises as `read_recording` does.
    """
    ours, theirs = read_recording(first), read_recording(second)
    return Pair(name, ours, theirs, tuple(differences(ours, theirs)))


def differences(first: Trace, second: Trace) -> list[Difference]:
    """The first difference of each peer, in the order of the first recording's lines."""
    ours, theirs = told_by_peers(first), told_by_peers(second)
    for peer in ours.keys() & theirs.keys():
        _leave_out_unseen(ours[peer], theirs[peer])
    found = [
        difference
        for peer in dict.fromkeys([*ours, *theirs])
        if (difference := _first(peer, ours.get(peer, []), theirs.get(peer, []))) is not None
    ]
    return sorted(found, key=lambda one: (one.first is None, one.first.line if one.first else 0))


def _leave_out_unseen(ours: list[Told], theirs: list[Told]) -> None:
    """What one recorder never tells, tasks or a reading, tells recorders apart, not stacks."""
    if not all(any("task" in one.compared for one in told) for told in (ours, theirs)):
        for one in (*ours, *theirs):
            one.compared.pop("task", None)
    for name in Reading.__struct_fields__:
        if not all(any(name in _state(one) for one in told) for told in (ours, theirs)):
            for one in (*ours, *theirs):
                _state(one).pop(name, None)


def _state(one: Told) -> dict[str, Any]:
    return one.compared.get("state") or {}


def told_by_peers(trace: Trace) -> dict[str, list[Told]]:
    """What is compared of a recording, by the names of the peers."""
    peers: dict[str, list[Told]] = {name: [] for name in trace.header.peers}
    relations = {name: _Relations(trace) for name in peers}
    methods: Methods = {}
    for line, one in trace.observations:
        if isinstance(one, Call):
            methods[one.id] = one.method
        compared = relations[one.peer].compared(one)
        peers[one.peer].append(Told(line, observation_in_words(one, methods), compared))
    return peers


def _first(peer: str, ours: list[Told], theirs: list[Told]) -> Difference | None:
    for mine, other in itertools.zip_longest(ours, theirs):
        if mine is None or other is None:
            return Difference(peer, mine, other)
        if mine.compared != other.compared:
            return Difference(peer, mine, other, _fields(mine.compared, other.compared))
    return None


def _fields(ours: dict[str, Any], theirs: dict[str, Any]) -> tuple[str, ...]:
    if ours["kind"] != theirs["kind"]:
        return ()
    told = list(_unlike("", ours, theirs))
    more = [f"and {len(told) - MOST_FIELDS} more"] if len(told) > MOST_FIELDS else []
    return tuple(told[:MOST_FIELDS] + more)


def _unlike(path: str, ours: Any, theirs: Any) -> Iterator[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for name in dict.fromkeys([*ours, *theirs]):
            below = f"{path}.{name}" if path else str(name)
            yield from _unlike(below, ours.get(name), theirs.get(name))
    elif _are_rows(ours) and _are_rows(theirs):
        for index, (mine, other) in enumerate(itertools.zip_longest(ours, theirs)):
            yield from _unlike(f"{path}[{index}]", mine, other)
    elif ours != theirs:
        yield f"{path}: {_value(ours)}, then {_value(theirs)}"


def _are_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, dict) for one in value)


def _value(value: Any) -> str:
    return _NOTHING if value is None else msgspec.json.encode(value).decode()


class _Relations:
    """The names of one peer's things, in the order in which this peer met them."""

    def __init__(self, trace: Trace) -> None:
        self._sdps = trace.sdps
        self._is_of_a_program = trace.header.program is not None
        self._given = {
            stream
            for _, one in trace.observations
            if isinstance(one, Call) and self._is_of_a_program
            for stream in one.args.streams or ()
        }
        self._names: dict[str, dict[Any, int]] = {}

    def compared(self, one: AnyObservation) -> dict[str, Any]:
        """What the observation says, by these names."""
        told: dict[str, Any] = msgspec.to_builtins(one)
        for name in _CHANCE.get(type(one), _MEASURED):
            told.pop(name, None)
        for name, kind in (("task", "task"), ("id", "call"), ("call", "call")):
            if told.get(name) is not None:
                told[name] = self._number(kind, told[name])
        if "pending" in told:
            told["pending"] = [self._number("call", call) for call in told["pending"]]
        arguments = told.get("args", {})
        for each in (told, arguments):
            if each.get("description"):
                each["description"] = self._description(each["description"])
            if each.get("candidate"):
                self._name_fragment(each["candidate"])
        if told.get("streams"):
            told["streams"] = self._streams(told["streams"])
        if not self._is_of_a_program:
            self._rename_chosen(arguments)
        return told

    def _rename_chosen(self, arguments: dict[str, Any]) -> None:
        """What an application hands on that its browser has chosen: tracks, streams, candidates."""
        if arguments.get("track"):
            kind = arguments["track"].partition(":")[0]
            arguments["track"] = f"{kind}:#{self._number('track', arguments['track'])}"
        if arguments.get("streams"):
            arguments["streams"] = self._streams(arguments["streams"])
        if (arguments.get("candidate") or {}).get("candidate"):
            arguments["candidate"]["candidate"] = "a candidate"

    def _number(self, kind: str, value: Any) -> int:
        names = self._names.setdefault(kind, {})
        return names.setdefault(value, len(names) + 1)

    def _description(self, reference: dict[str, Any]) -> dict[str, Any]:
        id = reference.get("sdp")
        if id is None:
            return reference
        summary = msgspec.to_builtins(self._sdps[id].summary)
        for section in summary.get("sections", ()):
            if section.get("ice") is not None:
                section["ice"] = self._number("credentials", section["ice"])
            if section.get("msids"):
                section["msids"] = self._streams(section["msids"])
        return reference | {"sdp": self._number("text", id), "summary": summary}

    def _name_fragment(self, candidate: dict[str, Any]) -> None:
        fragment = candidate.get("usernameFragment")
        if fragment is not None:
            candidate["usernameFragment"] = self._number("credentials", fragment)

    def _streams(self, ids: Iterable[str]) -> list[str]:
        """Streams that the program named keep their names; the stack chose the other ids."""
        return [id if id in self._given else f"#{self._number('stream', id)}" for id in ids]


_MEASURED = ("n", "t", "peer")
_CHANCE = {
    Idle: (*_MEASURED, "quiet", "turns"),
    Throw: (*_MEASURED, "message"),
    Reject: (*_MEASURED, "message"),
}

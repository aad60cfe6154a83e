"""Calls of connections that have no name: made before the constructor was wrapped, so that the
methods alone tell of them, all under null.

Several may be told through each other. What one connection can have done alone is kept as one's;
what needs several cannot be told apart without names and is left out, with a remark.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from negotiation.model import SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..entries import (
    CREATING,
    MOST_ENTRIES,
    SETTING,
    AnyEntry,
    Called,
    Dump,
    Remarked,
    Settled,
    tellable,
)
from ..pairing import key_of
from .telling import Record, entry_of

NAME = "null"
PROFILE = "rtcstats-nameless"


class Nameless:
    """Gathers what is told under null, and hands it to the dump at the end."""

    def __init__(self, dump: Dump) -> None:
        self._dump = dump
        self._entries: list[AnyEntry] = []

    def take(self, record: Record) -> None:
        """The next record under null; most of these are about no connection at all."""
        entry = entry_of(record) if len(self._entries) < MOST_ENTRIES else None
        if isinstance(entry, Called | Settled):
            self._entries.append(tellable(entry))

    def finish(self) -> None:
        """Everything has been told.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        ordered = sorted(self._entries, key=lambda one: one.time)
        if not any(isinstance(one, Called) and one.method in CREATING for one in ordered):
            return  # `close` under null says that the page has gone
        if is_of_one(ordered):
            connection = self._dump.connection(NAME)
            connection.profile = PROFILE
            connection.begins_unknown = True
            for entry in ordered:
                self._dump.keep(connection, entry)
            return
        for connection in list(self._dump)[:1]:
            calls = sum(isinstance(one, Called) for one in ordered)
            text = f"{calls} calls of several connections without names were left out of the dump"
            connection.entries.insert(0, Remarked(time=ordered[0].time, text=text))


def is_of_one(entries: Sequence[AnyEntry]) -> bool:
    """Whether one connection can have done this alone, without rolling anything back."""
    calls: dict[str, deque[Called]] = {}
    states = frozenset({str(SignalingState.STABLE)})
    sessions: set[str] = set()
    for entry in entries:
        if isinstance(entry, Called):
            calls.setdefault(entry.method, deque()).append(entry)
        elif isinstance(entry, Settled) and calls.get(entry.method):
            called = calls[entry.method].popleft()
            if entry.error is None:
                states = _after(states, called)
                sessions |= _session(entry)
    return bool(states) and len(sessions) < 2


def _after(states: frozenset[str], called: Called) -> frozenset[str]:
    """In which states the connection can be when the call has been carried out."""
    if called.method == "createAnswer":
        return states & {"have-remote-offer", "have-local-pranswer"}
    if called.method not in SETTING:
        return states
    type = None if called.description is None else called.description.type
    return frozenset(
        str(row.target)
        for row in TRANSITIONS
        if str(row.source) in states
        and row.side is SETTING[called.method]
        and (str(row.type) == type or (type is None and str(row.type) in ("offer", "answer")))
    )


def _session(settled: Settled) -> set[str]:
    """The session id of a description that was created."""
    if settled.method not in CREATING or settled.description is None:
        return set()
    key = key_of(settled.description.sdp)
    return set() if key is None else {key[0]}

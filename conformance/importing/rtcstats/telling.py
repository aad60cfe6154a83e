"""From records, in whichever way they were written, to the entries of connections."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from negotiation.conformance.traces.format import Arguments

from ..arguments import as_text
from ..entries import (
    CREATING,
    SETTING,
    AnyEntry,
    Called,
    Connection,
    Dump,
    Fired,
    Remarked,
    Settled,
)
from . import values
from .agents import UNKNOWN, stack_of

PROMISING = (*SETTING, *CREATING, "addIceCandidate")

_Arguments = Mapping[str, Callable[[Any], Arguments]]

OTHERS: _Arguments = {
    "createOffer": values.offer_options,
    "createAnswer": lambda _: Arguments(),
    "addIceCandidate": values.candidate,
    "addTrack": values.track,
    "addTransceiver": values.transceiver,
    "removeTrack": lambda _: Arguments(),
    "createDataChannel": values.data_channel,
    "restartIce": lambda _: Arguments(),
    "setConfiguration": lambda _: Arguments(),
    "close": lambda _: Arguments(),
}
"""Calls that are not about setting a description, and what they were given."""

_UNLABELLED: _Arguments = {
    "addTrack": lambda value: values.track(value, labelled=False),
    "addTransceiver": lambda value: values.transceiver(value, labelled=False),
}

SETTLEMENTS: Mapping[str, tuple[str, bool]] = {
    method + ending: (method, ending == "OnSuccess")
    for method in PROMISING
    for ending in ("OnSuccess", "OnFailure")
}

EVENTS: Mapping[str, str] = {
    prefix + name: name
    for name in ("signalingstatechange", "negotiationneeded")
    for prefix in ("", "on")
}

CONNECTING: Mapping[str, str] = {
    prefix + name: what
    for name, what in (
        ("iceconnectionstatechange", "ICE"),
        ("connectionstatechange", "the connection"),
    )
    for prefix in ("", "on")
}

REMARKS: Mapping[str, str] = {
    "addStream": "addStream was called",
    "removeStream": "removeStream was called",
    "replaceTrack": "replaceTrack was called",
}

STATISTICS = frozenset({"getstats", "getStats"})
KNOWN = frozenset(
    (
        *SETTING,
        *OTHERS,
        *SETTLEMENTS,
        *EVENTS,
        *CONNECTING,
        *REMARKS,
        *STATISTICS,
        "ontrack",
        "create",
        "constraints",
        "onicecandidate",
        "onicegatheringstatechange",
        "icegatheringstatechange",
        "connectionInfo",
    )
)
"""Names by which a file of the family is recognised."""

_WORTH = ("connected", "failed")


class Record(msgspec.Struct, frozen=True):
    """One thing that was told. `key` is the recorder's own name of the call, if it gave one."""

    name: str
    connection: str | None
    value: Any
    time: float
    key: str | None = None


class Telling:
    """Is told of records, and tells the dump of entries.

    `labelled`: whether tracks are told with their labels, where they are told as arrays. `old`:
    whether a connection speaks Plan B, unless it says otherwise.
    """

    def __init__(self, dump: Dump, labelled: bool = True, old: bool = False) -> None:
        self._dump = dump
        self._old = old
        self._created: set[str] = set()
        self._arguments = OTHERS if labelled else {**OTHERS, **_UNLABELLED}

    def about(self, told: Any) -> None:
        """The metadata say which browser it was."""
        agent = values.as_object(told).get("userAgent")
        if isinstance(agent, str):
            self._dump.stack = stack_of(agent)
            for connection in self._dump:
                if connection.stack.name == UNKNOWN:  # the metadata of another file in one with it
                    connection.stack = self._dump.stack

    def keep(self, record: Record) -> None:
        """Tell the dump what the next record says.

        Raises:
            BrokenOffError: the dump holds more than anybody can read.
        """
        told = self.told(record)
        if told is not None:
            self._dump.keep(*told)

    def told(self, record: Record) -> tuple[Connection, AnyEntry] | None:
        """The connection that the next record is about, and what it tells; None: nothing.

        Raises:
            BrokenOffError: there are too many connections.
        """
        self._dump.last_at(record.time)
        if record.connection is None:
            return None
        connection = self._connection(record.connection, record.name)
        if record.name in ("create", "constraints") and self._is_plan_b(record.value):
            connection.speaks_plan_b = True
        entry = entry_of(record, self._arguments)
        return None if entry is None else (connection, entry)

    def _is_plan_b(self, configuration: Any) -> bool:
        semantics = values.as_object(configuration).get("sdpSemantics")
        return semantics == "plan-b" or (semantics is None and self._old)

    def _connection(self, name: str, first: str) -> Connection:
        if first != "create":
            is_new = name not in self._dump.connections
            connection = self._dump.connection(name)
            connection.begins_unknown |= is_new
            return connection
        # What is created again is another connection: of another page, or another file in one.
        is_another = name in self._created
        self._created.add(name)
        connection = self._dump.another(name) if is_another else self._dump.connection(name)
        connection.begins_unknown = False  # lines may be out of order
        return connection


def entry_of(record: Record, arguments: _Arguments = OTHERS) -> AnyEntry | None:
    """What a record tells; None: nothing about negotiation."""
    if record.name in SETTING or record.name in arguments:
        return _called(record, arguments)
    if record.name in SETTLEMENTS:
        return _settled(record)
    if record.name in EVENTS:
        return _fired(record)
    text = _remark(record)
    return None if text is None else Remarked(time=record.time, text=text)


def _called(record: Record, arguments: _Arguments) -> Called:
    method = record.name
    is_setting = method in SETTING
    return Called(
        time=record.time,
        method=method,
        arguments=Arguments() if is_setting else arguments[method](record.value),
        description=values.description(record.value) if is_setting else None,
        key=record.key,
    )


def _settled(record: Record) -> Settled:
    method, is_fulfilled = SETTLEMENTS[record.name]
    if is_fulfilled:
        given = None if method == "addIceCandidate" else values.description(record.value)
        told = given if given is not None and (given.type or given.sdp) else None
        return Settled(time=record.time, method=method, key=record.key, description=told)
    message = as_text(record.value)
    error = values.error(message)
    return Settled(time=record.time, method=method, key=record.key, error=error, message=message)


def _fired(record: Record) -> Fired | None:
    name = EVENTS[record.name]
    if name != "signalingstatechange":
        return Fired(time=record.time, name=name)
    state = values.signaling_state(record.value)
    if state == "closed":
        return None  # old browsers fired it; close() fires none
    return Fired(time=record.time, name=name, signaling_state=state)


def _remark(record: Record) -> str | None:
    if record.name in CONNECTING:
        state = as_text(record.value)
        return f"{CONNECTING[record.name]}: {state}" if state in _WORTH else None
    return REMARKS.get(record.name)

"""From what is kept of the records to the entries of connections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from negotiation.conformance.traces.format import Arguments, Stack

from ..arguments import LONGEST
from ..entries import (
    SETTING,
    AnyEntry,
    Called,
    Dump,
    Fired,
    Given,
    Noticed,
    Remarked,
    Settled,
)
from . import names, values
from .chain import Chain
from .generations import Generation, generation_of, settles_first
from .lateness import UNPARSED, is_late, snapshot_length, unseen
from .ordering import in_javascript_order
from .retelling import without_retellings
from .times import SECOND, ended_at, in_utc, of_clock
from .updates import Record, Update

_BEGINS = "stable"
_UNSEEN = "before the recording"
_WRONG_STATE = (
    "Called in wrong state",
    "Called in wrong signalingState",
    "in a state other than",
)
_ALTERED = "SDP is modified in a non-acceptable way"
_WORTH = ("connected", "failed")

_ARGUMENTS: Mapping[str, Callable[[str], Arguments]] = {
    "createOffer": values.offer_options,
    "createDataChannel": values.data_channel,
    "setConfiguration": values.configuration,
    "addTrack": values.transceiver,
    "addTransceiver": values.transceiver,
}


def translate(dump: Dump, records: Mapping[str, Record], stack: Stack, until: float = 0.0) -> None:
    """Fill the dump; what is told besides these records is of times until that one.

    Raises:
        BrokenOffError: it holds more than anybody can read.
    """
    series = {key: record.series for key, record in records.items() if record.series}
    every = in_utc({key: _timed(record.updates) for key, record in records.items()}, series)
    timed = {key: without_retellings(updates) for key, updates in every.items()}
    made_up = {key: snapshot_length(updates) for key, updates in timed.items()}
    generation = generation_of(timed.values())
    dump.recorder = f"webrtc-internals {generation}"
    dump.profile = generation.profile
    dump.stack = stack
    if any(one.time is None for record in records.values() for one in record.updates):
        dump.resolution = SECOND
    is_settled_first = settles_first(updates[made_up[key] :] for key, updates in timed.items())
    lasts = [time for key, one in records.items() for time in _last_times(one, every[key])]
    ended = max([until, *lasts])
    for key, record in records.items():
        connection = dump.another(key)  # of each dump in the file
        connection.recorder = dump.recorder
        connection.speaks_plan_b = record.is_plan_b
        connection.begins_unknown = bool(made_up[key]) or is_late(timed[key])
        connection.in_force = [*_in_force(timed[key][: made_up[key]])]
        begins = None if connection.begins_unknown else _BEGINS
        translation = _Translation(generation, begins)
        entries: Iterable[AnyEntry] = translation.entries(timed[key], made_up[key])
        if is_settled_first:
            entries = in_javascript_order(list(entries), begins)
        for entry in entries:
            dump.keep(connection, entry)
        connection.ended = ended
    dump.last_at(ended)


def _last_times(record: Record, timed: Sequence[Update]) -> Iterator[float]:
    """When the dump tells something of the connection last: an update, or statistics."""
    if timed:
        yield _at(timed[-1])
        ended = ended_at(record.series, timed) if record.series else None
        if ended is not None:
            yield ended


def _timed(updates: Sequence[Update]) -> list[Update]:
    """The updates, each with a time; those that have a `clock` still are local, as if in UTC."""
    time, is_local = 0.0, False
    timed = []
    for update in updates:
        told = update.time if update.time is not None else of_clock(update.clock)
        if told is not None:
            time, is_local = told, update.time is None
        clock = (update.clock or "") if is_local else None
        timed.append(msgspec.structs.replace(update, time=time, clock=clock))
    return timed


class _Translation:
    """The entries of one connection."""

    def __init__(self, generation: Generation, state: str | None) -> None:
        self._generation = generation
        self._state = state
        self._told: list[AnyEntry] = []
        self._chain = Chain()
        self._unseen: dict[str, int] = {}

    def entries(self, updates: Sequence[Update], made_up: int) -> list[AnyEntry]:
        """What the updates tell, of which the first `made_up` tell how things stood."""
        for noticed in _snapshot(updates[:made_up]):
            self._told.append(noticed)
            self._state = noticed.signaling_state
        if self._state is None or made_up:
            self._unseen = unseen(updates[made_up:])
        for update in updates[made_up:]:
            self._tell(update, _at(update))
            if names.CALLS.get(update.name) == "close":
                break  # what is told after it, no script sees
        return self._told

    def _tell(self, update: Update, time: float) -> None:
        name, value = update.name, update.value
        if name in names.CALLS:
            self._call(names.CALLS[name], value, time)
        elif name in names.SETTLEMENTS:
            self._settlement(*names.SETTLEMENTS[name], value, time)
        elif name in names.CHANGES:
            self._change(values.signaling_state(value), time)
        elif name in names.NEEDED:
            self._told.append(Fired(time=time, name="negotiationneeded"))
        elif name in names.CANDIDATES:
            self._candidate(name, value, time)
        elif name in names.TRANSCEIVERS:
            self._transceiver(value, time)
        else:
            self._remark(name, value, time)

    def _change(self, state: str | None, time: float) -> None:
        """Only E tells the event; the others tell the state, and again where it stays the same."""
        is_event = self._generation is Generation.E or state is None or state != self._state
        if is_event and state != "closed":
            fired = Fired(time=time, name="signalingstatechange", signaling_state=state)
            self._told.append(fired)
        self._state = state

    def _call(self, method: str, value: str, time: float) -> None:
        key = self._chain.begin(method) if method in names.CHAINED else None
        if method in SETTING:
            description = values.description(value)
            called = Called(time=time, method=method, description=description, key=key)
        else:
            arguments = _ARGUMENTS[method](value) if method in _ARGUMENTS else Arguments()
            called = Called(time=time, method=method, arguments=arguments, key=key)
        self._told.append(called)

    def _settlement(self, method: str, ending: str, value: str, time: float) -> None:
        key = None
        if ending == "OnSuccess":
            settled = Settled(time=time, method=method, description=values.description(value))
        else:
            if UNPARSED in value:
                key = self._unparsed(method, time)
            message = value[:LONGEST]
            settled = Settled(
                time=time, method=method, error=_error(value), message=message, key=key
            )
        if key is None and self._unseen.get(method, 0):
            self._unseen[method] -= 1
            self._told.append(msgspec.structs.replace(settled, key=_UNSEEN))
            return
        self._told.append(settled)
        for waiting in self._chain.end(method, key):
            self._told.append(msgspec.structs.replace(waiting, time=time))

    def _unparsed(self, method: str, time: float) -> str:
        """The call whose text could not be parsed: that fails at once, behind no other.

        It is the latest; of E it is one that was not told, and is told now.
        """
        latest = self._chain.latest(method)
        if latest is not None and self._generation is not Generation.E:
            return latest
        key = self._chain.begin(method)
        self._told.append(Called(time=time, method=method, description=Given(), key=key))
        return key

    def _candidate(self, name: str, value: str, time: float) -> None:
        """Whether it was called before or after the calls that are open is not told.

        Behind them it has to wait for them, by the operations chain: so its settlement does, too.
        """
        method = "addIceCandidate"
        error = "" if name.endswith("failed") else None
        self._told.append(Called(time=time, method=method, arguments=values.candidate(value)))
        settled = Settled(time=time, method=method, error=error)
        if self._chain.is_busy():
            self._chain.wait(settled)
        else:
            self._told.append(settled)

    def _transceiver(self, value: str, time: float) -> None:
        method = values.cause(value)
        is_told = self._generation is Generation.E and method != "removeTrack"
        if method not in names.CAUSES or is_told:
            return
        arguments = Arguments() if method == "removeTrack" else values.transceiver(value)
        if method == "addTrack":
            arguments = msgspec.structs.replace(arguments, direction=None, kind=None)
        self._told.append(Called(time=time, method=method, arguments=arguments))

    def _remark(self, name: str, value: str, time: float) -> None:
        text = names.REMARKS.get(name)
        if name in names.CONNECTING:
            state = values.plain_state(value)
            what = "ICE" if "ice" in name else "the connection"
            text = f"{what}: {state}" if state in _WORTH else None
        if text is not None:
            self._told.append(Remarked(time=time, text=text))


def _at(update: Update) -> float:
    return update.time or 0.0


def _snapshot(updates: Sequence[Update]) -> Iterator[Noticed]:
    for update in updates:
        state = values.signaling_state(update.value) if update.name in names.CHANGES else None
        if state is not None:
            yield Noticed(time=_at(update), signaling_state=state)


def _in_force(updates: Sequence[Update]) -> Iterator[tuple[str, Given]]:
    for update in updates:
        given = values.description(update.value) if update.name in names.CALLS else None
        if given is not None:
            yield names.CALLS[update.name], given


def _error(message: str) -> str:
    """The name of the error, where its message tells. A dump has no names of errors.

    Chromium to M79 gave scripts an OperationError for local descriptions in the wrong state.
    """
    if any(one in message for one in _WRONG_STATE):
        return "InvalidStateError"
    if _ALTERED in message:
        return "InvalidModificationError"
    return "OperationError" if UNPARSED in message else ""

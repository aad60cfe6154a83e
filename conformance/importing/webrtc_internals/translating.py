"""From what is kept of the records to the entries of connections."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from negotiation.conformance.traces.format import Arguments, Stack

from ..entries import AnyEntry, Called, Dump, Fired, Given, Noticed, Remarked, Settled
from . import names, values
from .generations import Generation, generation_of, settles_first
from .lateness import is_late, snapshot_length
from .times import SECOND, ended_at, of_clock
from .updates import Record, Update

_UNPARSED = "Failed to parse SessionDescription"
_WRONG_STATE = ("Called in wrong state", "in a state other than")
_WORTH = ("connected", "failed")

_ARGUMENTS: Mapping[str, Callable[[str], Arguments]] = {
    "createOffer": values.offer_options,
    "createDataChannel": values.data_channel,
    "setConfiguration": values.configuration,
    "addTrack": values.transceiver,
    "addTransceiver": values.transceiver,
}


def translate(dump: Dump, records: Mapping[str, Record], stack: Stack) -> None:
    """Fill the dump.

    Raises:
        BrokenOffError: it holds more than anybody can read.
    """
    updates = [record.updates for record in records.values()]
    generation = generation_of(updates)
    dump.recorder = f"webrtc-internals {generation}"
    dump.profile = generation.profile
    dump.stack = stack
    dump.settles_before_events = settles_first(updates)
    if not all(one.time is not None for record in updates for one in record):
        dump.resolution = SECOND
    for key, record in records.items():
        connection = dump.connection(key)
        timed = _timed(record.updates)
        made_up = snapshot_length(timed)
        connection.begins_unknown = bool(made_up) or is_late(timed)
        for entry in _Translation(generation, record.is_plan_b).entries(timed, made_up):
            dump.keep(connection, entry)
        ended = ended_at(record.series, timed) if record.series and timed else None
        if ended is not None:
            dump.last_at(ended)


def _timed(updates: Sequence[Update]) -> list[Update]:
    """The updates, each with a time; times of day count as if they were UTC's."""
    time = 0.0
    timed = []
    for update in updates:
        told = update.time if update.time is not None else of_clock(update.clock)
        time = time if told is None else told
        timed.append(msgspec.structs.replace(update, time=time))
    return timed


class _Translation:
    """The entries of one connection."""

    def __init__(self, generation: Generation, is_plan_b: bool) -> None:
        self._generation = generation
        self._is_plan_b = is_plan_b
        self._told: list[AnyEntry] = []
        self._before: dict[int, list[AnyEntry]] = {}
        self._open: dict[str, deque[int]] = {method: deque() for method in names.CHAINED}

    def entries(self, updates: Sequence[Update], made_up: int) -> Iterator[AnyEntry]:
        """What the updates tell, of which the first `made_up` tell how things stood."""
        if self._is_plan_b and updates:
            self._told.append(Remarked(time=_at(updates[0]), text="the connection speaks Plan B"))
        self._told.extend(_snapshot(updates[:made_up]))
        for update in updates[made_up:]:
            self._tell(update, _at(update))
            if names.CALLS.get(update.name) == "close":
                break  # what is told after it, no script sees
        for at, entry in enumerate(self._told):
            yield from self._before.get(at, ())
            yield entry

    def _tell(self, update: Update, time: float) -> None:
        name, value = update.name, update.value
        if name in names.CALLS:
            self._call(names.CALLS[name], value, time)
        elif name in names.SETTLEMENTS:
            self._settlement(*names.SETTLEMENTS[name], value, time)
        elif name in names.CHANGES:
            state = values.signaling_state(value)
            if state != "closed":
                fired = Fired(time=time, name="signalingstatechange", signaling_state=state)
                self._told.append(fired)
        elif name in names.NEEDED:
            self._told.append(Fired(time=time, name="negotiationneeded"))
        elif name in names.CANDIDATES:
            self._candidate(name, value, time)
        elif name in names.TRANSCEIVERS:
            self._transceiver(value, time)
        else:
            self._remark(name, value, time)

    def _call(self, method: str, value: str, time: float) -> None:
        if method in self._open:
            self._open[method].append(len(self._told))
        if method in names.SETTING:
            called = Called(time=time, method=method, description=values.description(value))
        else:
            arguments = _ARGUMENTS[method](value) if method in _ARGUMENTS else Arguments()
            called = Called(time=time, method=method, arguments=arguments)
        self._told.append(called)

    def _settlement(self, method: str, ending: str, value: str, time: float) -> None:
        is_open = bool(self._open[method])
        if ending == "OnSuccess":
            settled = Settled(time=time, method=method, description=values.description(value))
        else:
            message = value[: values.LONGEST_NAME]
            error = _error(self._generation, method, value)
            settled = Settled(time=time, method=method, error=error, message=message)
            if _UNPARSED in value and (self._generation is Generation.E or not is_open):
                call = Called(time=time, method=method, description=Given(), key=_UNPARSED)
                self._told += (call, msgspec.structs.replace(settled, key=_UNPARSED))
                return
        if is_open:
            self._open[method].popleft()
        self._told.append(settled)

    def _candidate(self, name: str, value: str, time: float) -> None:
        """It is told when it has ended: so it was called before the calls that are open."""
        at = min((calls[0] for calls in self._open.values() if calls), default=None)
        error = "" if name.endswith("failed") else None
        if at is not None:
            time = self._told[at].time
        method = "addIceCandidate"
        pair = (
            Called(time=time, method=method, arguments=values.candidate(value)),
            Settled(time=time, method=method, error=error),
        )
        if at is None:
            self._told += pair
        else:
            self._before.setdefault(at, []).extend(pair)

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


def _snapshot(updates: Sequence[Update]) -> Iterator[AnyEntry]:
    for update in updates:
        state = values.signaling_state(update.value) if update.name in names.CHANGES else None
        if state is not None:
            yield Noticed(time=_at(update), signaling_state=state)


def _error(generation: Generation, method: str, message: str) -> str:
    """The name of the error, where its message tells; A had another one for local descriptions."""
    if any(one in message for one in _WRONG_STATE):
        is_known = generation is not Generation.A or method != "setLocalDescription"
        return "InvalidStateError" if is_known else ""
    return "OperationError" if _UNPARSED in message else ""

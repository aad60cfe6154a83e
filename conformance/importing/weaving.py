"""From the entries of connections to the lines of a trace: calls numbered, texts named."""

from __future__ import annotations

import datetime
import heapq
from collections.abc import Iterator, Sequence

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import DescriptionRef, Line
from negotiation.conformance.traces.profiles import profile_named
from negotiation.conformance.traces.summaries import Namer

from .entries import (
    CREATING,
    SETTING,
    AnyEntry,
    Called,
    Connection,
    Dump,
    Fired,
    Given,
    Noticed,
    Remarked,
    Settled,
)
from .inferring import with_types
from .lost_calls import with_lost_calls
from .open_calls import OpenCalls

LONG_QUIET = 5000.0
"""Milliseconds without any entry, nothing being open, that are told as a measurement of quiet."""

LONG_WITHOUT_ENDS = 1000.0
"""The same where it is never told that a call ended: what is quiet so long has ended."""

WAITED_FOR = (*CREATING, *SETTING)
"""Methods without whose settlement quiet means nothing. Of others it is often not recorded."""

replace = msgspec.structs.replace


def woven(dump: Dump, ends: Sequence[Connection]) -> Iterator[Line]:
    """The trace of one connection, or of the two ends of a call."""
    peers = {one.name: _peer(dump, one) for one in ends}
    begun = min((entry.time for one in ends for entry in one.entries), default=0.0)
    yield format.Header(
        format="negotiation-trace",
        version=format.VERSION,
        date=_date(begun),
        peers=peers,
    )
    weaver = _Weaver(begun)
    told = [_of(one, dump) for one in ends]
    for time, name, entry in heapq.merge(*told, key=lambda one: one[0]):
        yield from weaver.lines(name, time, entry)
    if dump.broken_off is not None:
        yield weaver.cut(ends[0].name, dump.broken_off)


def _peer(dump: Dump, connection: Connection) -> format.Peer:
    recorder = connection.recorder or dump.recorder
    return format.Peer(
        stack=connection.stack,
        recorder=recorder,
        profile=connection.profile,
        source=f"import of {recorder}",
        clock=format.Clock(resolution=dump.resolution),
        begins="unknown" if connection.begins_unknown else "constructed",
    )


def _date(time: float) -> str:
    try:
        moment = datetime.datetime.fromtimestamp(time / 1000, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        moment = datetime.datetime.fromtimestamp(0, datetime.UTC)
    return moment.isoformat(timespec="milliseconds")


class _Quiet(msgspec.Struct, frozen=True):
    """Nothing was told of a connection for so long."""

    quiet: float


_Timed = tuple[float, str, AnyEntry | _Quiet]


def _of(connection: Connection, dump: Dump) -> Iterator[_Timed]:
    """A connection's entries, as JavaScript saw them, with the quiet between them; times rise."""
    last: float | None = None
    waiting = OpenCalls()
    tells_ends = "resolve" in profile_named(connection.profile).labels
    long_quiet = LONG_QUIET if tells_ends else LONG_WITHOUT_ENDS
    waited_for = WAITED_FOR if tells_ends else ()
    told = with_lost_calls(connection.entries, connection.begins_unknown)
    for entry in with_types(told):
        time = entry.time if last is None else max(entry.time, last)
        if last is not None and time - last >= long_quiet and not waiting.is_open(waited_for):
            yield time, connection.name, _Quiet(time - last)
        yield time, connection.name, entry
        if isinstance(entry, Called):
            waiting.begin(entry, 0)
        elif isinstance(entry, Settled):
            waiting.end(entry)
        last = time
    ended = dump.ended if connection.ended is None else connection.ended
    quiet = (ended or 0.0) - (last or 0.0)
    is_at_rest = not waiting.is_open(waited_for) and dump.broken_off is None
    if last is not None and quiet > 0 and is_at_rest:
        yield last + quiet, connection.name, _Quiet(quiet)


class _Weaver:
    """Numbers calls and observations, and introduces SDP texts; one for a trace."""

    def __init__(self, begun: float) -> None:
        self._begun = begun
        self._namer = Namer()
        self._n = 0
        self._t = 0.0
        self._calls = 0
        self._open: dict[str, OpenCalls] = {}

    def lines(self, peer: str, time: float, entry: AnyEntry | _Quiet) -> Iterator[Line]:
        """The lines that tell an entry."""
        t = self._t = max(0.0, time - self._begun)
        description = getattr(entry, "description", None)
        ref = None
        if isinstance(description, Given):
            text = description.sdp or None
            if text is not None:
                introduced = self._namer.introduce(text)
                if introduced is not None:
                    yield introduced
            ref = DescriptionRef(description.type, None if text is None else self._namer.sdp(text))
        self._n += 1
        yield self._line(entry, ref, n=self._n, t=t, peer=peer)

    def cut(self, peer: str, why: str) -> format.Mark:
        """The last line of a trace of which more would have come."""
        text = f"the dump could not be read any further: {why}"
        return format.Mark(n=self._n + 1, t=self._t, peer=peer, text=text, trouble="cut")

    def _line(
        self,
        entry: AnyEntry | _Quiet,
        description: DescriptionRef | None,
        *,
        n: int,
        t: float,
        peer: str,
    ) -> Line:
        match entry:
            case Called():
                id = self._begin(peer, entry)
                args = replace(entry.arguments, description=description)
                return format.Call(n=n, t=t, peer=peer, id=id, method=entry.method, args=args)
            case Settled():
                return self._settlement(entry, description, n=n, t=t, peer=peer)
            case Fired():
                state = _state(entry.signaling_state)
                return format.Event(n=n, t=t, peer=peer, name=entry.name, state=state)
            case Noticed():
                state = _state(entry.signaling_state)
                return format.Idle(n=n, t=t, peer=peer, state=state)
            case Remarked():
                return format.Mark(n=n, t=t, peer=peer, text=entry.text)
            case _Quiet():
                return format.Idle(n=n, t=t, peer=peer, quiet=entry.quiet)

    def _begin(self, peer: str, called: Called) -> int:
        self._calls += 1
        self._open.setdefault(peer, OpenCalls()).begin(called, self._calls)
        return self._calls

    def _settlement(
        self,
        entry: Settled,
        description: DescriptionRef | None,
        *,
        n: int,
        t: float,
        peer: str,
    ) -> Line:
        calls = self._open.get(peer)
        id = None if calls is None else calls.end(entry)
        if id is None:
            what = "fulfilled" if entry.error is None else "rejected"
            text = f"{entry.method} was {what}; its call was not recorded"
            return format.Mark(n=n, t=t, peer=peer, text=text)
        if entry.error is None:
            return format.Resolve(n=n, t=t, peer=peer, call=id, description=description)
        return format.Reject(n=n, t=t, peer=peer, call=id, error=entry.error, message=entry.message)


def _state(signaling_state: str | None) -> format.Reading | None:
    return None if signaling_state is None else format.Reading(signalingState=signaling_state)

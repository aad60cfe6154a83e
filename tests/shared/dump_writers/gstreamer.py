"""Recordings of the model as webrtcbin's debug log would have told them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from negotiation.conformance.traces.format import (
    AnyObservation,
    Call,
    Event,
    Line,
    Observation,
    Reject,
    Resolve,
    Sdp,
)

OPERATIONS = ("createOffer", "createAnswer", "setLocalDescription", "setRemoteDescription")

Told = tuple[str | None, ...]
"""An event (its name, the state), or an operation's end (method, type, text, how)."""


class _Operation(msgspec.Struct):
    call: Call
    end: Resolve | Reject


def told_of(lines: Iterable[Line], *, traced: bool = True) -> dict[str, list[Told]]:
    """Of each peer, the events and the ends of operations that a log can tell, in their order."""
    found: dict[str, list[Told]] = {}
    for peer, text, one, operation in _seen(lines):
        told = found.setdefault(peer, [])
        if operation is not None:
            type = _type(operation)
            how = "resolve" if isinstance(operation.end, Resolve) else "reject"
            known = text if traced else None
            told.append((operation.call.method, type, known, how))
        elif traced and isinstance(one, Event):
            told.append((one.name, _state(one) if one.name != "negotiationneeded" else None))
    return found


_Seen = tuple[str, str | None, AnyObservation, _Operation | None]


def _seen(lines: Iterable[Line]) -> Iterator[_Seen]:
    """As `_all_seen`, without the events of operations that never ended: closed meanwhile."""
    seen = list(_all_seen(lines))
    last = {peer: at for at, (peer, _, _, operation) in enumerate(seen) if operation is not None}
    for at, one in enumerate(seen):
        event = one[2]
        is_change = isinstance(event, Event) and event.name == "signalingstatechange"
        if not is_change or at < last.get(one[0], -1):
            yield one


def _all_seen(lines: Iterable[Line]) -> Iterator[_Seen]:
    """Events, and ends of operations with the text that was set."""
    texts: dict[str, str] = {}
    calls: dict[int, Call] = {}
    for one in lines:
        if isinstance(one, Sdp):
            texts[one.id] = one.text
        elif isinstance(one, Call) and one.method in OPERATIONS:
            calls[one.id] = one
        elif isinstance(one, Event) and one.name in ("signalingstatechange", "negotiationneeded"):
            yield one.peer, None, one, None
        elif isinstance(one, Resolve | Reject) and one.call in calls:
            operation = _Operation(calls[one.call], one)
            if _is_told(operation):
                given = operation.call.args.description
                text = texts.get(given.sdp) if given and given.sdp else None
                yield one.peer, text or None, one, operation


def _is_told(operation: _Operation) -> bool:
    return operation.call.method.startswith("create") or _type(operation) is not None


def _type(operation: _Operation) -> str | None:
    """The type of what was set, which an implicit description has from what came of it."""
    if operation.call.method.startswith("create"):
        return None
    given = operation.call.args.description
    if given is not None:
        return given.type
    read = operation.end.state.descriptions if operation.end.state else None
    if read is None or isinstance(operation.end, Reject):
        return None
    return read.pendingLocal or read.currentLocal


def _state(one: Observation) -> str | None:
    return one.state.signalingState if one.state is not None else None


def log(
    lines: Iterable[Line], *, traced: bool = True, coloured: bool = False, noisy: bool = True
) -> bytes:
    """The log of a process; each peer is an element."""
    return b"".join(_Log(traced, coloured, noisy).written(list(lines)))


class _Log:
    def __init__(self, traced: bool, coloured: bool, noisy: bool) -> None:
        self._traced = traced
        self._coloured = coloured
        self._noisy = noisy
        self._time = 21.3
        self._states: dict[str, str] = {}

    def written(self, lines: list[Line]) -> Iterator[bytes]:
        yield self._line("", "DEBUG", "changing state: NULL => READY")
        peers = dict.fromkeys(one.peer for one in lines if isinstance(one, Observation))
        for peer in peers:
            yield self._line(peer, "LOG", "no local description set")
        begun: set[str] = set()
        seen = list(_seen(lines))
        for at, (peer, text, one, operation) in enumerate(seen):
            if isinstance(one, Event) and one.name == "signalingstatechange" and peer not in begun:
                coming = ((text, other) for who, text, _, other in seen[at:] if who == peer)
                yield from self._begins(peer, *next(each for each in coming if each[1]))
                begun.add(peer)
            if operation is not None:
                if peer not in begun:
                    yield from self._begins(peer, text, operation)
                begun.discard(peer)
                yield from self._ends(peer, operation)
            elif self._traced:
                yield self._event(peer, one)
        self._time += 5000
        yield self._line("", "DEBUG", "changing state: PLAYING => PAUSED")

    def _begins(self, peer: str, text: str | None, operation: _Operation | None) -> Iterator[bytes]:
        assert operation is not None
        method = operation.call.method
        if method.startswith("create"):
            type = method.removeprefix("create").lower()
            yield self._line(peer, "INFO", f"creating {type} sdp with options (NULL)")
        else:
            side = "local" if method == "setLocalDescription" else "remote"
            state = self._states.get(peer, "stable")
            message = f"Attempting to set {side} {_type(operation)} in the {state} state"
            yield self._line(peer, "INFO", message)
            if self._traced:
                yield self._line(peer, "TRACE", f"SDP contents\n{text or ''}")
        if self._noisy:
            yield self._line(peer, "TRACE" if self._traced else "LOG", "Found <x> & \x00\xff\u2028")

    def _ends(self, peer: str, operation: _Operation) -> Iterator[bytes]:
        if isinstance(operation.end, Reject):
            wrong = operation.end.error == "InvalidStateError"
            message = "Not in the correct state (stable) for" if wrong else "no"
            yield self._line(peer, "WARN", f"returning error: {message}")
        else:
            self._states[peer] = _state(operation.end) or "stable"
            yield self._line(peer, "LOG", "checking if negotiation is needed")

    def _event(self, peer: str, one: AnyObservation) -> bytes:
        assert isinstance(one, Event)
        if one.name == "negotiationneeded":
            return self._line(peer, "TRACE", "emitting on-negotiation-needed")
        state = _state(one)
        return self._line(peer, "TRACE", f"notify signaling-state from {state} to {state}")

    def _line(self, peer: str, level: str, message: str) -> bytes:
        self._time += 0.25
        time = f"0:{int(self._time // 60000):02}:{int(self._time / 1000) % 60:02}."
        time += f"{int(self._time * 1e6) % 10**9:09}"
        place, element = "gstwebrtcbin.c:6302:_set_description_task:", f"<{peer}>" if peer else ""
        thread = f"0x{sum(peer.encode()):x}" if peer else "0xffff"
        if self._coloured:
            told = f"\x1b[33;01m{level:7}\x1b[00m \x1b[00m           webrtcbin"
            line = f"{time} \x1b[32m23497\x1b[00m {thread:>14} {told} {place}{element}"
            line += f"\x1b[00m {message}"
        else:
            line = (
                f"{time} 23497 {thread:>14} {level:8} {'webrtcbin':>20} {place}{element} {message}"
            )
        return line.encode("utf-8", "replace") + b"\n"

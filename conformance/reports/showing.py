"""What a peer shows, so far as it can be compared between stacks: no times, texts or ids.

Each observation becomes a `Shown`: its `key` says what it is (an event, the end of a call), `says`
what is seen with it. Calls are counted by method, mids and credentials in the order in which they
are met. Which task something ran in does not count, nor do remarks, or how long a silence was; but
an event after a silence is another one than an event before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from ..traces import format
from ..traces.profiles import Profile, profile_named
from ..traces.reading import Trace
from .observing import Methods, kind_of, observation_in_words

INPUTS = frozenset({"call", "send", "receive"})
"""The kinds of observations that are the application's doing."""


class Shown(msgspec.Struct, frozen=True):
    """An observation: `about` is the method, event or message, `key` tells it from the others."""

    line: int
    kind: str
    about: str
    key: str
    says: Mapping[str, str]
    words: str

    @property
    def compared(self) -> tuple[str, str, frozenset[tuple[str, str]]]:
        """What makes two observations the same behaviour."""
        return self.kind, self.key, frozenset(self.says.items())


class Seeing(msgspec.Struct, frozen=True):
    """What two recorders can both see: what one of them cannot is no difference of the stacks."""

    events: frozenset[str]
    labels: frozenset[str]
    reads: frozenset[str]
    descriptions: bool
    late: frozenset[str]

    @staticmethod
    def of(profile: Profile, other: Profile) -> Seeing:
        """What is in both profiles; what is late in one may be late."""
        return Seeing(
            profile.events & other.events,
            profile.labels & other.labels,
            profile.reads & other.reads,
            profile.descriptions and other.descriptions,
            profile.late | other.late,
        )


def seeing_of(peer: str, first: Trace, second: Trace) -> Seeing:
    """What both recordings can tell of the peer."""
    profiles = [profile_named(one.header.peers[peer].profile) for one in (first, second)]
    return Seeing.of(*profiles)


def shown(trace: Trace, peer: str, seeing: Seeing) -> list[Shown]:
    """What the peer shows, in the order of the lines."""
    return list(_Reader(trace, seeing).read(peer))


class _Reader:
    def __init__(self, trace: Trace, seeing: Seeing) -> None:
        self._trace = trace
        self._seeing = seeing
        self._methods: Methods = {}
        self._calls: dict[int, str] = {}
        self._counts: dict[str, int] = {}
        self._silences = 0
        self._names: dict[str, dict[Any, int]] = {}

    def read(self, peer: str) -> Iterator[Shown]:
        for line, one in self._trace.observations:
            if isinstance(one, format.Call):
                self._methods[one.id] = one.method
            if one.peer != peer:
                continue
            told = self._told(one)
            if told is not None:
                kind, about, key, says = told
                words = observation_in_words(one, self._methods)
                yield Shown(line, kind, about, key, says | self._read(one.state, kind), words)

    def _told(self, one: format.Observation) -> tuple[str, str, str, dict[str, str]] | None:
        match one:
            case format.Call(id=id, method=method):
                self._calls[id] = f"{method} {self._next(method)}"
                return "call", method, f"call of {self._calls[id]}", {}
            case format.Return() | format.Throw():
                return self._ended(one, "return")
            case format.Resolve() | format.Reject():
                return self._ended(one, "settlement")
            case format.Event(name=name) if name in self._seeing.events:
                streams = {} if one.streams is None else {"streams": str(len(one.streams))}
                return "event", name, f"event {name} after {self._silences} silences", streams
            case format.Send(message=message):
                return "send", message, f"send {message}", {}
            case format.Receive(message=message):
                return "receive", message, f"receive {message}", {}
            case format.Idle(pending=pending):
                self._silences += 1
                calls = ", ".join(sorted(self._calls.get(id, "?") for id in pending))
                return "idle", "", "idle", {"pending calls": calls or "none"}
        return None

    def _next(self, method: str) -> int:
        self._counts[method] = self._counts.get(method, 0) + 1
        return self._counts[method]

    def _ended(
        self, one: format.Return | format.Throw | format.Resolve | format.Reject, kind: str
    ) -> tuple[str, str, str, dict[str, str]] | None:
        if kind_of(one) not in self._seeing.labels:
            return None
        call, method = self._calls.get(one.call, "?"), self._methods.get(one.call, "?")
        says: dict[str, str] = {}
        match one:
            case format.Return():
                says["outcome"] = "returns"
            case format.Throw(error=error):
                says["outcome"] = f"throws {error}"
            case format.Resolve(description=description):
                says["outcome"] = "resolves"
                if description is not None and self._seeing.descriptions:
                    says |= self._description(description)
            case format.Reject(error=error):
                says["outcome"] = f"rejects with {error}"
        return kind, method, f"{kind} of {call}", says

    def _read(self, state: format.Reading | None, kind: str) -> dict[str, str]:
        """What was read with it; nothing with what may come late, as that was read late, too."""
        is_late = kind == "settlement" and bool(self._seeing.late)
        if state is None or is_late:
            return {}
        says: dict[str, str] = {}
        reads = self._seeing.reads
        if state.signalingState is not None and "signalingState" in reads:
            says["signalingState"] = state.signalingState
        if state.descriptions is not None and "descriptions" in reads:
            for name in format.Descriptions.__struct_fields__:
                says[f"{name}Description"] = getattr(state.descriptions, name) or "null"
        if state.transceivers is not None and "transceivers" in reads:
            says["number of transceivers"] = str(len(state.transceivers))
            for number, one in enumerate(state.transceivers, start=1):
                says |= self._transceiver(f"transceiver {number}", one)
        return says

    def _transceiver(self, name: str, one: format.TransceiverReading) -> dict[str, str]:
        return {
            f"kind of {name}": one.kind,
            f"direction of {name}": one.direction,
            f"currentDirection of {name}": one.currentDirection or "null",
            f"mid of {name}": "null" if one.mid is None else self._name("mid", one.mid),
        }

    def _description(self, reference: format.DescriptionRef) -> dict[str, str]:
        says = {"type of the description": str(reference.type)}
        if reference.sdp is None:
            return says
        summary = self._trace.sdps[reference.sdp].summary
        says["number of m-sections"] = str(len(summary.sections))
        says["size of the BUNDLE group"] = str(len(summary.bundle))
        for one in summary.sections:
            name = f"m-section {one.index}"
            says |= {
                f"kind of {name}": one.kind,
                f"mid of {name}": "null" if one.mid is None else self._name("mid", one.mid),
                f"rejection of {name}": "rejected" if one.rejected else "not rejected",
                f"direction of {name}": one.direction,
                f"streams of {name}": str(len(one.msids)),
                f"ICE credentials of {name}": self._credentials(one.ice),
            }
        return says

    def _credentials(self, name: str | None) -> str:
        if name is None:
            return "null"
        is_known = name in self._names.get("ice", ())
        return f"{'those from before' if is_known else 'new'} {self._name('ice', name)}"

    def _name(self, kind: str, value: str) -> str:
        names = self._names.setdefault(kind, {})
        return f"#{names.setdefault(value, len(names) + 1)}"

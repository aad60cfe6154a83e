"""What a peer's observations say to the model: with names made relational, ready to be interned.

SDP texts and credentials are numbered in the order in which this peer met them, calls by the first
number that is free, tasks become "new" or "same". So equal behaviour gives equal values, whichever
trace it comes from, and the checker's memory is shared.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import (
    NotUnderstood,
    description_of,
    model_arguments,
    transceivers_read,
)
from negotiation.model import PROMISED, Arguments, Call, Description, SdpType
from negotiation.model.attributes import TransceiverAttributes

replace = msgspec.structs.replace


class Read(msgspec.Struct, frozen=True, cache_hash=True):
    """What could be read with an observation; None: was not read."""

    signaling_state: str | None = None
    transceivers: tuple[TransceiverAttributes, ...] | None = None
    descriptions: tuple[str | None, ...] | None = None


class Made(msgspec.Struct, frozen=True, cache_hash=True):
    """A call was made, in a task that is known to be new, or the same as before, or unknown."""

    call: Call
    task: Literal["new", "same"] | None = None
    within: str | None = None


class Told(msgspec.Struct, frozen=True, cache_hash=True):
    """The stack showed something: a return, throw, resolve, reject or event."""

    kind: Literal["return", "throw", "resolve", "reject", "event"]
    task: Literal["new", "same"] | None = None
    call: int | None = None
    value: str | None = None
    error: str | None = None
    event: str | None = None
    transceiver: str | None = None
    streams: tuple[str, ...] | None = None
    description: Description | None = None
    read: Read = Read()


class Quiet(msgspec.Struct, frozen=True, cache_hash=True):
    """Nothing happened for a while; `settled`: so long that nothing will (under `settle`).

    `contradicts`: it calls a promise pending that was recorded as settled.
    """

    settled: bool
    read: Read = Read()
    contradicts: bool = False


class Stutter(msgspec.Struct, frozen=True, cache_hash=True):
    """An observation outside the model's alphabet, with the reason why nothing follows from it."""

    reason: str


Seen = Made | Told | Quiet | Stutter

Outcome = Literal["return", "throw", "resolve", "reject"]

_KINDS: dict[type, Outcome] = {
    format.Return: "return",
    format.Throw: "throw",
    format.Resolve: "resolve",
    format.Reject: "reject",
}

QUIET_ENOUGH = 200.0
"""Milliseconds of quiet that count as settled where no canary was sent."""


class Relations:
    """The relational names of one peer of one trace."""

    def __init__(self, sdps: dict[str, format.Sdp], events: frozenset[str]) -> None:
        self._events = events
        self._sdps = sdps
        self._texts: dict[str, str] = {}
        self._credentials: dict[str, str] = {}
        self._calls: dict[int, int] = {}
        self._open: dict[int, set[str]] = {}
        self._free: list[int] = []
        self._task: int | None = None

    def seen(self, one: format.Observation) -> Seen:
        """What the observation says.

        Raises:
            NotUnderstood: the arguments or a description mean nothing to the model.
        """
        match one:
            case format.Call():
                return self._made(one)
            case format.Return() | format.Throw() | format.Resolve() | format.Reject():
                return self._outcome(one)
            case format.Event():
                return self._event(one)
            case format.Idle():
                settled = one.canary or one.quiet >= QUIET_ENOUGH
                return Quiet(settled, read_of(one.state), self._is_settled(one.pending))
        return Stutter("signaling messages and remarks are judged in a second pass")

    def _is_settled(self, pending: tuple[int, ...]) -> bool:
        return any("settlement" not in self._open[call] for call in pending)

    def _made(self, one: format.Call) -> Made:
        for call in self._free:
            del self._calls[call]
        self._free.clear()
        taken = set(self._calls.values())
        number = next(n for n in range(1, len(taken) + 2) if n not in taken)
        self._calls[one.id] = number
        promised = one.method in PROMISED
        self._open[one.id] = {"return", "settlement"} if promised else {"return"}
        arguments = model_arguments(one.method, one.args, self._description)
        arguments = self._with_relational_fragment(arguments)
        return Made(Call(number, one.method, arguments), self._task_mark(one.task), one.within)

    def _with_relational_fragment(self, arguments: Arguments) -> Arguments:
        fragment = arguments.candidate.username_fragment
        if fragment is None:
            return arguments
        candidate = replace(arguments.candidate, username_fragment=self._credential(fragment))
        return replace(arguments, candidate=candidate)

    def _task_mark(self, task: int | None) -> Literal["new", "same"] | None:
        """Whether a line's task is the one of the last line whose task is known."""
        if task is None:
            return None
        same = task == self._task
        self._task = task
        return "same" if same else "new"

    def _outcome(self, one: format.Return | format.Throw | format.Resolve | format.Reject) -> Told:
        if one.call not in self._calls:
            raise NotUnderstood(f"a second end of call {one.call}")
        number = self._calls[one.call]
        self._ends(one)
        description = None
        if isinstance(one, format.Resolve) and one.description and one.description.sdp:
            sdp_type = one.description.type or "offer"
            if sdp_type not in set(SdpType):
                raise NotUnderstood(f"a description of type {sdp_type!r}")
            description = self._description(one.description.sdp, SdpType(sdp_type))
        return Told(
            kind=_KINDS[type(one)],
            task=self._task_mark(one.task),
            call=number,
            value=getattr(one, "value", None),
            error=getattr(one, "error", None),
            description=description,
            read=read_of(one.state),
        )

    def _ends(self, one: format.Return | format.Throw | format.Resolve | format.Reject) -> None:
        """A call's number is free again once all that can be told of the call was told."""
        left = self._open[one.call]
        left.discard("return" if isinstance(one, format.Return | format.Throw) else "settlement")
        if not left:
            self._free.append(one.call)

    def _event(self, one: format.Event) -> Told | Stutter:
        if one.name not in self._events:
            return Stutter(f"{one.name} is no event of negotiation, or not of this profile")
        return Told(
            kind="event",
            task=self._task_mark(one.task),
            event=one.name,
            transceiver=one.transceiver,
            streams=one.streams,
            read=read_of(one.state),
        )

    def _description(self, id: str, type: SdpType) -> Description | None:
        sdp = self._sdps.get(id)
        if sdp is None:
            return None
        name = self._texts.setdefault(id, f"text{len(self._texts) + 1}")
        description = description_of(sdp.summary, type, name)
        return replace(description, ice=frozenset(map(self._credential, sorted(description.ice))))

    def _credential(self, name: str) -> str:
        return self._credentials.setdefault(name, f"ice{len(self._credentials) + 1}")


def read_of(reading: format.Reading | None) -> Read:
    """What was read, as the model's attributes."""
    if reading is None:
        return Read()
    types = reading.descriptions
    return Read(
        signaling_state=reading.signalingState,
        transceivers=transceivers_read(reading),
        descriptions=None
        if types is None
        else (types.currentLocal, types.currentRemote, types.pendingLocal, types.pendingRemote),
    )

"""What a peer's observations say to the model: with names made relational, ready to be interned.

SDP texts and credentials are numbered in the order in which this peer met them, calls by the first
number that is free, tasks become "new" or "same". So equal behaviour gives equal values, whichever
trace it comes from, and the checker's memory is shared.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import transceivers_read
from negotiation.model import Call, Description
from negotiation.model.attributes import TransceiverAttributes


class Read(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """What could be read with an observation; None: was not read.

    `current_directions`: whether those of the transceivers were.
    """

    signaling_state: str | None = None
    transceivers: tuple[TransceiverAttributes, ...] | None = None
    descriptions: tuple[str | None, ...] | None = None
    current_directions: bool = True


Mark = Literal["new", "same"] | None
"""Whether a line's task is new, the one of the last line whose task is known, or not known."""


class Made(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """A call was made, in a task that is known to be new, or the same as before, or unknown."""

    call: Call
    task: Mark = None
    within: str | None = None


class Told(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The stack showed something: a return, throw, resolve, reject or event.

    `error` is None where its name is not known. `attributes`: which of an event's bubbles and
    cancelable are true.
    """

    kind: Literal["return", "throw", "resolve", "reject", "event"]
    task: Mark = None
    call: int | None = None
    value: str | None = None
    error: str | None = None
    event: str | None = None
    transceiver: str | None = None
    streams: tuple[str, ...] | None = None
    attributes: tuple[str, ...] = ()
    description: Description | None = None
    read: Read = Read()


class Quiet(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """Nothing happened for a while; `settled`: so long that nothing will (under `settle`).

    `contradicts`: it calls a promise pending that was recorded as settled.
    """

    settled: bool
    read: Read = Read()
    contradicts: bool = False


class Stutter(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An observation outside the model's alphabet, with the reason why nothing follows from it."""

    reason: str


Seen = Made | Told | Quiet | Stutter


def read_of(reading: format.Reading | None, reads: frozenset[str]) -> Read:
    """What was read, as the model's attributes; `reads` are those that the profile has."""
    if reading is None:
        return Read()
    types = reading.descriptions
    return Read(
        signaling_state=reading.signalingState,
        transceivers=transceivers_read(reading) if "transceivers" in reads else None,
        descriptions=None
        if types is None
        else (types.currentLocal, types.currentRemote, types.pendingLocal, types.pendingRemote),
        current_directions="currentDirection" in reads,
    )

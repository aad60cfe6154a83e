"""What can be read with an observation: what was, and what the model would have read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from negotiation.conformance.checking.matching import attributes
from negotiation.conformance.checking.seen import Quiet, Told
from negotiation.model import Connection, Description, Output, Resolve, is_fresh
from negotiation.model.attributes import TransceiverAttributes

from .witnesses import Aspect

_DESCRIPTIONS: tuple[Aspect, ...] = (
    "currentLocalDescription",
    "currentRemoteDescription",
    "pendingLocalDescription",
    "pendingRemoteDescription",
)
_TEXTS: tuple[Aspect, ...] = (
    "type",
    "m-sections",
    "kinds of m-sections",
    "rejected m-sections",
    "mids of m-sections",
    "directions of m-sections",
    "msids",
)
_ABOUT: dict[str, tuple[Aspect, ...]] = {
    "DESCRIPTION-STATE": (*_DESCRIPTIONS, *_TEXTS),
    "SDP-SHAPE": _TEXTS,
    "TRANSCEIVER-STATE": (
        "transceivers",
        "names of transceivers",
        "directions",
        "currentDirections",
        "mids",
    ),
}


class UnreadableError(Exception):
    """No single aspect tells what was read from what is allowed; the reason."""


class Read(msgspec.Struct, frozen=True):
    """The text of each aspect; None for null. An aspect that was not read is not there."""

    of: dict[Aspect, str | None]

    @classmethod
    def of_told(cls, seen: Told | Quiet) -> Read:
        """What was read with the observation."""
        read = seen.read
        told: dict[Aspect, Any] = {}
        if read.signaling_state is not None:
            told["signalingState"] = read.signaling_state
        if read.transceivers is not None:
            told |= _transceivers(read.transceivers, currents=read.current_directions)
        if read.descriptions is not None:
            told |= dict(zip(_DESCRIPTIONS, read.descriptions, strict=True))
        if isinstance(seen, Told) and seen.description is not None:
            told |= _text(seen.description)
        return cls(told)

    @classmethod
    def in_state(cls, connection: Connection, label: Output | None, like: Read) -> Read:
        """What the model would have read in this state, of the aspects that another one has."""
        ours = attributes(connection)
        told: dict[Aspect, Any] = {"signalingState": ours.signaling_state}
        told |= _transceivers(ours.transceivers, currents=True)
        types = (None if one is None else str(one) for one in ours.descriptions)
        told |= dict(zip(_DESCRIPTIONS, types, strict=True))
        description = label.description if isinstance(label, Resolve) else None
        if description is None and isinstance(label, Resolve):
            description = connection.local_description
        if description is not None:
            told |= _text(description)
        return cls({aspect: told.get(aspect) for aspect in like.of})


def _transceivers(
    told: Sequence[TransceiverAttributes], *, currents: bool
) -> dict[Aspect, str | None]:
    read: dict[Aspect, str | None] = {
        "transceivers": str(len(told)),
        "names of transceivers": _listed([one.id for one in told]),
        "directions": _listed([one.direction for one in told]),
        "mids": _listed(["null" if one.mid is None else "set" for one in told]),
    }
    if currents:
        read["currentDirections"] = _listed([one.current_direction or "null" for one in told])
    return read


def _text(description: Description) -> dict[Aspect, str | None]:
    """What a description says; names that the model invented are unknown."""
    sections = description.sections
    return {
        "type": str(description.type),
        "m-sections": str(len(sections)),
        "kinds of m-sections": _listed([str(one.kind) for one in sections]),
        "rejected m-sections": _listed([str(one.rejected).lower() for one in sections]),
        "mids of m-sections": _listed(["?" if is_fresh(one.mid) else one.mid for one in sections]),
        "directions of m-sections": _listed(
            [
                "-" if one.rejected or str(one.kind) == "application" else str(one.direction)
                for one in sections
            ]
        ),
        "msids": _listed([str(len(one.msids)) for one in sections]),
    }


def _listed(values: Sequence[str]) -> str:
    return ", ".join(values) or "none"


Values = tuple[str | None, ...]


def aspects_of(
    id: str, read: Read, allowed: Sequence[Read]
) -> tuple[tuple[Aspect, ...], tuple[Values, ...]]:
    """The aspect in which what was read is not allowed, and what is allowed in it.

    Where there are several, it is one that the finding's kind is about; where there is none by
    itself, they are all that were read.

    Raises:
        UnreadableError: nothing is wrong, or names that nobody knows would have to be compared.
    """
    first = _ABOUT.get(id, ())
    ordered = sorted(read.of, key=lambda one: one not in first)
    simple = [one for one in ordered if not any("?" in (told.of[one] or "") for told in allowed)]
    for aspects in [(one,) for one in simple] + [tuple(simple)]:
        ours = tuple(read.of[one] for one in aspects)
        values = tuple(dict.fromkeys(tuple(told.of[one] for one in aspects) for told in allowed))
        if ours not in values:
            return aspects, values
    raise UnreadableError("what was read is allowed, as far as a script can compare it")

"""What a script can read synchronously: the attributes, as their getters compute them."""

from __future__ import annotations

import msgspec

from .description import is_fresh
from .enums import Direction, SdpType
from .state import Connection, Transceiver

DESCRIPTIONS = (
    "current_local_description",
    "current_remote_description",
    "pending_local_description",
    "pending_remote_description",
)


class TransceiverAttributes(msgspec.Struct, frozen=True, cache_hash=True):
    """The attributes of a transceiver. `mid` may be a fresh name."""

    id: str
    kind: str
    direction: str
    mid: str | None
    current_direction: str | None


class Attributes(msgspec.Struct, frozen=True, cache_hash=True):
    """signalingState, getTransceivers() and the types of the four descriptions."""

    signaling_state: str
    transceivers: tuple[TransceiverAttributes, ...]
    descriptions: tuple[SdpType | None, ...]


def attributes_of(connection: Connection) -> Attributes:
    """What can be read of the connection now."""
    descriptions = (getattr(connection, name) for name in DESCRIPTIONS)
    return Attributes(
        signaling_state=str(connection.signaling_state),
        transceivers=tuple(map(transceiver_attributes, connection.transceivers)),
        descriptions=tuple(one.type if one is not None else None for one in descriptions),
    )


def transceiver_attributes(transceiver: Transceiver) -> TransceiverAttributes:
    """The getters of a transceiver (#dom-rtcrtptransceiver-direction and -currentdirection)."""
    direction = Direction.STOPPED if transceiver.stopping else transceiver.direction
    current = Direction.STOPPED if transceiver.stopped else transceiver.current_direction
    return TransceiverAttributes(
        id=transceiver.id,
        kind=str(transceiver.kind),
        direction=str(direction),
        mid=transceiver.mid,
        current_direction=str(current) if current is not None else None,
    )


def same_mid(ours: str | None, theirs: str | None) -> bool:
    """Whether a mid that may be fresh can be the observed one."""
    return ours == theirs or (is_fresh(ours) and theirs is not None)

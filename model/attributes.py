"""What a script can read synchronously: the attributes, as their getters compute them."""

from __future__ import annotations

from operator import attrgetter

import msgspec

from .description import Description, is_fresh
from .enums import Direction, SdpType, SignalingState
from .state import Connection, Transceiver

DESCRIPTIONS = (
    "current_local_description",
    "current_remote_description",
    "pending_local_description",
    "pending_remote_description",
)


class TransceiverAttributes(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """The attributes of a transceiver. `mid` may be a fresh name."""

    id: str
    kind: str
    direction: str
    mid: str | None
    current_direction: str | None


class Attributes(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """signalingState, getTransceivers() and the types of the four descriptions."""

    signaling_state: str
    transceivers: tuple[TransceiverAttributes, ...]
    descriptions: tuple[SdpType | None, ...]


slots_read = attrgetter("signaling_state", "transceivers", *DESCRIPTIONS)
"""The slots of a connection that the getters read."""


def attributes_of(connection: Connection) -> Attributes:
    """What can be read of the connection now."""
    return attributes_from(*slots_read(connection))


def attributes_from(
    signaling_state: SignalingState,
    transceivers: tuple[Transceiver, ...],
    *descriptions: Description | None,
) -> Attributes:
    """What can be read where these are in `slots_read`."""
    return Attributes(
        signaling_state=str(signaling_state),
        transceivers=tuple(map(transceiver_attributes, transceivers)),
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

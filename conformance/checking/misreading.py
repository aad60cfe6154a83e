"""What a stack reads wrongly, and goes on to read so: told once, and remembered.

An attribute that has another value than the model's keeps it, mostly, for line after line. A
`Misread` is such an attribute: as long as the model's value and the stack's are the two that were
told, nothing new is wrong. It is forgotten with the first reading in which one of them is another:
a different wrong value, or the same one after a right one, is told again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

import msgspec

from negotiation.model import is_fresh
from negotiation.model.attributes import (
    DESCRIPTIONS,
    Attributes,
    TransceiverAttributes,
)

from .seen import Read

replace = msgspec.structs.replace

STATE = "signalingState"
ORDER = "the order of transceivers"
ANY_MID = "any mid"
"""The model's value of a mid that has no name yet: the one that it gets is no other value."""


class Misread(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An attribute that is not as it should be: its name, the model's value, and the stack's.

    The attribute of a transceiver's name alone is whether it is there.
    """

    attribute: str
    ours: str | None
    theirs: str | None


Misreads = tuple[Misread, ...]


def misread(ours: Attributes, read: Read) -> Misreads:
    """What is read otherwise than it is for the model."""
    return tuple(_misread(ours, read))


def _misread(ours: Attributes, read: Read) -> Iterator[Misread]:
    for name, (mine, theirs) in _compared(ours, read).items():
        any_mid = mine == ANY_MID and theirs is not None
        if mine != theirs and not any_mid:
            yield Misread(name, mine, theirs)


def misread_mids(ours: Attributes, read: Read) -> Misreads:
    """The mids that are none of those which the model's can be, each of which could be so alone."""
    return tuple(
        Misread(name, mine, theirs)
        for name, (mine, theirs) in _compared(ours, read).items()
        if mine == ANY_MID and theirs is not None
    )


@lru_cache(maxsize=1 << 12)
def still_misread(ours: Attributes, read: Read, known: Misreads) -> Misreads:
    """Those of the known ones that are read so again, or were not read."""
    compared = _compared(ours, read)
    return tuple(one for one in known if not _is_read(one, read) or _is_so(one, compared))


def _is_read(one: Misread, read: Read) -> bool:
    if one.attribute == STATE:
        return read.signaling_state is not None
    if one.attribute in DESCRIPTIONS:
        return read.descriptions is not None
    return read.transceivers is not None


def _is_so(one: Misread, compared: Mapping[str, tuple[str | None, str | None]]) -> bool:
    ours, theirs = compared.get(one.attribute, (None, None))
    named = one.ours == ANY_MID and ours is not None
    return theirs == one.theirs and (named or ours == one.ours)


@lru_cache(maxsize=1 << 12)
def put_right(ours: Attributes, read: Read, known: Misreads) -> Read:
    """The reading as it would be without what is known to be misread."""
    wrong = {one.attribute for one in still_misread(ours, read, known)}
    if not wrong:
        return read
    transceivers, descriptions = read.transceivers, read.descriptions
    if transceivers is not None:
        transceivers = tuple(_transceivers(ours.transceivers, transceivers, wrong))
    if descriptions is not None:
        three = zip(DESCRIPTIONS, ours.descriptions, descriptions, strict=True)
        descriptions = tuple(mine if name in wrong else theirs for name, mine, theirs in three)
    known_state = STATE in wrong and read.signaling_state is not None
    return replace(
        read,
        signaling_state=ours.signaling_state if known_state else read.signaling_state,
        transceivers=transceivers,
        descriptions=descriptions,
    )


Listed = tuple[TransceiverAttributes, ...]


def _transceivers(ours: Listed, theirs: Listed, wrong: set[str]) -> Iterator[TransceiverAttributes]:
    mine = {one.id: one for one in ours}
    read = {one.id for one in theirs}
    listed = [one for one in theirs if one.id in mine or one.id not in wrong]
    if ORDER in wrong:
        numbers = {one.id: number for number, one in enumerate(ours)}
        listed.sort(key=lambda one: numbers.get(one.id, len(numbers)))
    for number, one in enumerate(ours):
        if one.id in wrong and one.id not in read:
            listed.insert(number, one)
    for one in listed:
        yield _transceiver(mine[one.id], one, wrong) if one.id in mine else one


def _transceiver(
    ours: TransceiverAttributes, theirs: TransceiverAttributes, wrong: set[str]
) -> TransceiverAttributes:
    right = {
        name: getattr(ours, name)
        for name in ("kind", "direction", "current_direction", "mid")
        if f"{ours.id}.{name}" in wrong
    }
    return replace(theirs, **right) if right else theirs


@lru_cache(maxsize=1 << 12)
def _compared(ours: Attributes, read: Read) -> Mapping[str, tuple[str | None, str | None]]:
    """The model's value and the stack's of each attribute that was read."""
    return dict(_pairs(ours, read))


def _pairs(ours: Attributes, read: Read) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    if read.signaling_state is not None:
        yield STATE, (ours.signaling_state, read.signaling_state)
    if read.descriptions is not None:
        three = zip(DESCRIPTIONS, ours.descriptions, read.descriptions, strict=True)
        yield from ((name, (mine, theirs)) for name, mine, theirs in three)
    if read.transceivers is not None:
        mine = {one.id: one for one in ours.transceivers}
        theirs = {one.id: one for one in read.transceivers}
        there = "there"
        for id in mine | theirs:
            yield id, (there if id in mine else None, there if id in theirs else None)
            if id in mine and id in theirs:
                yield from _of_transceiver(mine[id], theirs[id], currents=read.current_directions)
        orders = [[id for id in one if id in mine and id in theirs] for one in (mine, theirs)]
        yield ORDER, (" ".join(orders[0]), " ".join(orders[1]))


def _of_transceiver(
    ours: TransceiverAttributes, theirs: TransceiverAttributes, *, currents: bool
) -> Iterator[tuple[str, tuple[str | None, str | None]]]:
    yield f"{ours.id}.kind", (ours.kind, theirs.kind)
    yield f"{ours.id}.direction", (ours.direction, theirs.direction)
    if currents:
        yield f"{ours.id}.current_direction", (ours.current_direction, theirs.current_direction)
    yield f"{ours.id}.mid", (ANY_MID if is_fresh(ours.mid) else ours.mid, theirs.mid)

"""Whether what was observed is what a step of the model shows; binding names where it is.

One function says yes (`after`), one says why not (`objection`): the same comparisons, so that an
explanation never tells another story than the verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import msgspec

from negotiation.model import (
    Connection,
    Description,
    Event,
    Output,
    Reject,
    Resolve,
    Return,
    Specification,
    Throw,
    is_fresh,
)
from negotiation.model.attributes import Attributes, attributes_of, same_mid
from negotiation.model.binding import bind, differences, is_taken, with_mids

from .seen import Read, Told

replace = msgspec.structs.replace

attributes = lru_cache(maxsize=1 << 16)(attributes_of)

KINDS = {Return: "return", Throw: "throw", Resolve: "resolve", Reject: "reject", Event: "event"}


def is_about(label: Output, told: Told) -> bool:
    """Whether label and observation are about the same thing: this call's outcome, this event."""
    if isinstance(label, Event):
        return told.kind == "event" and told.event == label.name
    if told.kind == "event" or told.call != label.call:
        return False
    return isinstance(label, Return | Throw) == (told.kind in ("return", "throw"))


def payload_objection(label: Output, told: Told) -> tuple[str, str] | None:
    """Why the label is not the observation: (aspect, sentence), or None.

    Aspects: "kind", "error", "value", "event".
    """
    if KINDS[type(label)] != told.kind:
        return "kind", f"it can only {KINDS[type(label)]}"
    if isinstance(label, Throw | Reject) and told.error not in (None, label.error):
        return "error", f"the error is {label.error}"
    if isinstance(label, Return) and told.value is not None and label.value != told.value:
        return "value", f"it returns {label.value}"
    if isinstance(label, Event):
        if told.transceiver is not None and told.transceiver != label.transceiver:
            return "event", f"it is about {label.transceiver}"
        if told.streams is not None and set(told.streams) != set(label.streams):
            return "event", f"its streams are {{{', '.join(sorted(label.streams))}}}"
        if told.attributes:
            return "event", ", ".join(f"its {name} is false" for name in told.attributes)
    return None


def described(
    specification: Specification,
    connection: Connection,
    label: Output,
    told: Told,
    *,
    prompt: bool = True,
) -> tuple[Connection | None, tuple[str, ...]]:
    """The state with the observed description bound, or None and how the description differs.

    `prompt`: the settlement is seen when it happens, so that names are still as at the creation.
    """
    if told.description is None or not isinstance(label, Resolve):
        return connection, ()
    created = _created(connection, label)
    if created is None:
        return connection, ()
    may_reject = specification.has_freedom("no-common-codec")
    told_apart = differences(created, told.description, may_reject=may_reject)
    if told_apart:
        return None, told_apart
    new = prompt and label.description is not None
    if new and is_taken(connection, created, told.description):
        return None, ("it uses a mid or credentials that are taken",)
    keep_text = label.description is None
    bound = bind(connection, created, told.description, keep_text=keep_text, may_reject=may_reject)
    return bound, ()


def _created(connection: Connection, label: Resolve) -> Description | None:
    """What the promise was fulfilled with, under the names that it has by now."""
    created = label.description
    if created is None:
        return connection.local_description
    known = (one for one in connection.descriptions() if one.sdp == created.sdp)
    return next(known, created)


def readable(connection: Connection, read: Read) -> Connection | None:
    """The state with the observed mids bound, or None where it cannot read so."""
    ours = attributes(connection)
    if any(read_objections(ours, read)):
        return None
    mids = {
        mine.mid: theirs.mid
        for mine, theirs in zip(ours.transceivers, read.transceivers or (), strict=False)
        if mine.mid is not None and is_fresh(mine.mid) and theirs.mid is not None
    }
    return _with_mids(connection, mids) if mids else connection


def _with_mids(connection: Connection, mids: dict[str, str]) -> Connection | None:
    for description in connection.descriptions():
        if any(section.mid in mids for section in description.sections):
            return with_mids(connection, description, mids)
    return None


def read_objections(ours: Attributes, read: Read) -> Iterator[tuple[str, str]]:
    """Why a state cannot read so: (aspect, sentence) of each aspect in which it does not.

    Aspects: "signaling", "transceivers", "descriptions".
    """
    if read.signaling_state not in (None, ours.signaling_state):
        yield "signaling", f"signalingState is {ours.signaling_state}"
    if read.transceivers is not None:
        objection = _transceivers_objection(ours, read)
        if objection is not None:
            yield "transceivers", objection
    if read.descriptions not in (None, ours.descriptions):
        yield "descriptions", f"the descriptions are {_descriptions(ours.descriptions)}"


def _transceivers_objection(ours: Attributes, read: Read) -> str | None:
    theirs = read.transceivers or ()
    if [one.id for one in ours.transceivers] != [one.id for one in theirs]:
        listed = ", ".join(one.id for one in ours.transceivers) or "none"
        return f"the transceivers are {listed}"
    for mine, other in zip(ours.transceivers, theirs, strict=True):
        if mine.kind != other.kind:
            return f"{mine.id} is of kind {mine.kind}"
        if mine.direction != other.direction:
            return f"{mine.id}.direction is {mine.direction}"
        if read.current_directions and mine.current_direction != other.current_direction:
            return f"{mine.id}.currentDirection is {mine.current_direction or 'null'}"
        if not same_mid(mine.mid, other.mid):
            return f"{mine.id}.mid is {_mid(mine.mid)}"
    return None


def _mid(mid: str | None) -> str:
    if mid is None:
        return "null"
    return "not null" if is_fresh(mid) else mid


def _descriptions(types: tuple[object, ...]) -> str:
    names = ("current local", "current remote", "pending local", "pending remote")
    return ", ".join(f"{name}: {type or 'null'}" for name, type in zip(names, types, strict=True))

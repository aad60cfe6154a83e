"""Whether what was observed is what a step of the model shows; binding names where it is.

One function says yes (`after`), one says why not (`objection`): the same comparisons, so that an
explanation never tells another story than the verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

import msgspec

from negotiation.model import (
    Connection,
    Description,
    Direction,
    Event,
    Output,
    Reject,
    Resolve,
    Return,
    SignalingState,
    Specification,
    Throw,
    is_fresh,
)
from negotiation.model.attributes import (
    DESCRIPTIONS,
    Attributes,
    TransceiverAttributes,
    attributes_from,
    same_mid,
    slots_read,
)
from negotiation.model.binding import (
    Binding,
    Difference,
    bind,
    bind_as_seen,
    differences,
    is_taken,
    with_mids,
)
from negotiation.model.description import DEFAULT_STREAM

from .seen import Read, Told

replace = msgspec.structs.replace

# The states of a set differ in what is left to do, and hardly in what can be seen. So what is
# compared is compared once.
_differences = lru_cache(maxsize=1 << 12)(differences)
_binding = lru_cache(maxsize=1 << 12)(Binding)
_attributes = lru_cache(maxsize=1 << 12)(attributes_from)


STOPPED = str(Direction.STOPPED)


class Objection(NamedTuple):
    """Why something is not what was observed.

    `sentence` says how it should be, with the names of the run; `about` what is wrong, without.
    """

    aspect: str
    sentence: str
    about: str = ""


KINDS = {Return: "return", Throw: "throw", Resolve: "resolve", Reject: "reject", Event: "event"}


def is_about(label: Output, told: Told) -> bool:
    """Whether label and observation are about the same thing: this call's outcome, this event."""
    if isinstance(label, Event):
        return told.kind == "event" and told.event == label.name
    if told.kind == "event" or told.call != label.call:
        return False
    return isinstance(label, Return | Throw) == (told.kind in ("return", "throw"))


def payload_objection(label: Output, told: Told) -> Objection | None:
    """Why the label is not the observation, or None.

    Aspects: "kind", "error", "value", "event".
    """
    if KINDS[type(label)] != told.kind:
        return Objection("kind", f"it can only {KINDS[type(label)]}")
    if isinstance(label, Throw | Reject) and told.error not in (None, label.error):
        return Objection("error", f"the error is {label.error}")
    if isinstance(label, Return) and told.value is not None and label.value != told.value:
        return Objection("value", f"it returns {label.value}", "another transceiver")
    return _event_objection(label, told) if isinstance(label, Event) else None


def _event_objection(label: Event, told: Told) -> Objection | None:
    if told.transceiver is not None and told.transceiver != label.transceiver:
        return Objection("event", f"it is about {label.transceiver}", "about another transceiver")
    if told.streams is not None and not _are_streams_of(label, told.streams):
        sentence = f"its streams are {{{', '.join(sorted(label.streams))}}}"
        return Objection("event", sentence, "with other streams")
    if told.attributes:
        sentence = ", ".join(f"its {name} is false" for name in told.attributes)
        return Objection("event", sentence, f"with {' and '.join(told.attributes)} true")
    return None


def _are_streams_of(label: Event, streams: Iterable[str]) -> bool:
    """Whether these are the event's streams: the default one has any id, and may not be there.

    JSEP gives it one; by webrtc-pc's letter a track is in the streams that its m-section names.
    """
    named = set(label.streams) - {DEFAULT_STREAM}
    others = set(streams) - named
    return named <= set(streams) and len(others) <= int(DEFAULT_STREAM in label.streams)


def described(
    specification: Specification,
    connection: Connection,
    label: Output,
    told: Told,
    *,
    prompt: bool = True,
) -> tuple[Connection | None, tuple[Difference, ...]]:
    """The state with the observed description bound, or None and how the description differs.

    `prompt`: the settlement is seen when it happens, so that names are still as at the creation.
    """
    if told.description is None or not isinstance(label, Resolve):
        return connection, ()
    created = _created(connection, label)
    if created is None:
        return connection, ()
    may_reject = specification.has_freedom("no-common-codec")
    told_apart = _differences(created, told.description, may_reject=may_reject)
    if told_apart:
        return None, told_apart
    new = prompt and label.description is not None
    if new and is_taken(connection, created, told.description):
        taken = "it uses a mid or credentials that are taken"
        return None, (Difference(taken, taken),)
    binding = _binding(created, told.description, keep_text=label.description is None)
    return binding.connection(connection), ()


def created_anyway(connection: Connection, label: Output, told: Told) -> Connection:
    """The state of a stack that created something else than it should have.

    What was created is under the observed text, so that setting that text alters nothing; what is
    in it stays the model's, under the observed mids and credentials where they can be.
    """
    if told.description is None or not isinstance(label, Resolve):
        return connection
    created = _created(connection, label) or label.description
    if created is None or (label.description is None and not is_fresh(created.sdp)):
        return connection  # setLocalDescription() was given what it set
    texts = replace(created, sdp=told.description.sdp)
    named = _as_named(texts, told.description)
    return bind(connection, created, named) or bind(connection, created, texts) or connection


def created_as_seen(connection: Connection, label: Output, told: Told) -> Connection | None:
    """The state of a stack that created, or set, what was seen; None: that cannot be."""
    if told.description is None or not isinstance(label, Resolve):
        return None
    created = _created(connection, label)
    if created is None or created.type is not told.description.type:
        return None
    is_set = label.description is None
    return bind_as_seen(connection, created, told.description, keep_text=is_set)


def _as_named(created: Description, observed: Description) -> Description:
    """The created description with the names of the observed one for those that it invented."""
    if len(created.sections) != len(observed.sections):
        return created
    pairs = zip(created.sections, observed.sections, strict=True)
    sections = tuple(
        replace(ours, mid=theirs.mid) if is_fresh(ours.mid) else ours for ours, theirs in pairs
    )
    mids = {ours.mid: one.mid for ours, one in zip(created.sections, sections, strict=True)}
    bundle = tuple(mids.get(mid, mid) for mid in created.bundle)
    ice = observed.ice if all(map(is_fresh, created.ice)) else created.ice
    return replace(created, sections=sections, bundle=bundle, ice=ice or created.ice)


def _created(connection: Connection, label: Resolve) -> Description | None:
    """What the promise was fulfilled with, under the names that it has by now."""
    created = label.description
    if created is None:
        return connection.local_description
    known = (one for one in connection.descriptions() if one.sdp == created.sdp)
    return next(known, created)


def attributes(connection: Connection) -> Attributes:
    """What can be read of the connection now."""
    return _attributes(*slots_read(connection))


def readable(connection: Connection, read: Read) -> Connection | None:
    """The state with the observed mids bound, or None where it cannot read so."""
    mids = _mids_read(attributes(connection), read)
    if mids is None:
        return None
    return _with_mids(connection, mids) if mids else connection


@lru_cache(maxsize=1 << 12)
def _mids_read(ours: Attributes, read: Read) -> Mapping[str, str] | None:
    """The observed mids of the fresh ones, or None where the attributes cannot read so."""
    if read_objections(ours, read):
        return None
    return {
        mine.mid: theirs.mid
        for mine, theirs in zip(ours.transceivers, read.transceivers or (), strict=False)
        if mine.mid is not None
        and theirs.mid is not None
        and is_fresh(mine.mid)
        and not is_fresh(theirs.mid)
    }


def _with_mids(connection: Connection, mids: Mapping[str, str]) -> Connection | None:
    for description in connection.descriptions():
        if any(section.mid in mids for section in description.sections):
            return with_mids(connection, description, mids)
    return None


@lru_cache(maxsize=1 << 12)
def read_objections(ours: Attributes, read: Read) -> tuple[Objection, ...]:
    """Why a state cannot read so: the first objection in each aspect in which it does not.

    Aspects: "signaling", "transceivers", "descriptions".
    """
    first: dict[str, Objection] = {}
    for one in all_read_objections(ours, read):
        first.setdefault(one.aspect, one)
    return tuple(first.values())


def all_read_objections(ours: Attributes, read: Read) -> Iterator[Objection]:
    """Everything that a state does not read so, attribute by attribute."""
    if read.signaling_state not in (None, ours.signaling_state):
        sentence = f"signalingState is {ours.signaling_state}"
        about = f"{read.signaling_state}, not {ours.signaling_state}"
        yield Objection("signaling", sentence, about)
    if read.transceivers is not None:
        closed = ", once closed" if ours.signaling_state == SignalingState.CLOSED else ""
        for objection in _transceivers_objections(ours, read):
            yield objection._replace(about=f"{objection.about}{closed}")
    if read.descriptions not in (None, ours.descriptions):
        sentence = f"the descriptions are {_descriptions(ours.descriptions)}"
        yield Objection("descriptions", sentence, _differing(ours, read))


def _transceivers_objections(ours: Attributes, read: Read) -> Iterator[Objection]:
    theirs = read.transceivers or ()
    if [one.id for one in ours.transceivers] != [one.id for one in theirs]:
        listed = ", ".join(one.id for one in ours.transceivers) or "none"
        yield Objection(
            "transceivers", f"the transceivers are {listed}", _compared(ours.transceivers, theirs)
        )
        return
    for one, other in zip(ours.transceivers, theirs, strict=True):
        for sentence, about in _contrasts(one, other, directions=read.current_directions):
            yield Objection("transceivers", f"{one.id}{sentence}", about)


Listed = tuple[TransceiverAttributes, ...]


def _compared(ours: Listed, theirs: Listed) -> str:
    """How the transceivers that were read are other ones than ours."""
    known, read = {one.id for one in ours}, {one.id for one in theirs}
    missing = tuple(one for one in ours if one.id not in read)
    more = tuple(one for one in theirs if one.id not in known)
    if missing and more:
        return "other transceivers"
    if not (missing or more):
        return "the transceivers in another order"
    stopped = all(one.direction == STOPPED for one in missing or more)
    a_transceiver = "a stopped transceiver" if stopped else "a transceiver"
    return f"{a_transceiver} {'is missing' if missing else 'too many'}"


def _contrasts(
    ours: TransceiverAttributes, theirs: TransceiverAttributes, *, directions: bool
) -> Iterator[tuple[str, str]]:
    """How each attribute that differs should be, and what it is about."""
    if ours.kind != theirs.kind:
        yield f" is of kind {ours.kind}", "another kind"
        return
    if ours.direction != theirs.direction:
        about = _contrasted("direction", ours.direction, theirs.direction)
        yield f".direction is {ours.direction}", about
    if directions and ours.current_direction != theirs.current_direction:
        about = _contrasted("currentDirection", ours.current_direction, theirs.current_direction)
        yield f".currentDirection is {ours.current_direction or 'null'}", about
    if not same_mid(ours.mid, theirs.mid):
        stopped = " of a stopped transceiver" if ours.direction == STOPPED else ""
        about = _contrasted(f"mid{stopped}", ours.mid and "a mid", theirs.mid and "a mid")
        yield f".mid is {_mid(ours.mid)}", about


def _contrasted(attribute: str, ours: str | None, theirs: str | None) -> str:
    """What an attribute is, and should be: null, stopped, or one of the other values."""
    mine, read = _sort_of(ours), _sort_of(theirs)
    return f"{attribute} is another" if mine == read else f"{attribute} is {read}, not {mine}"


def _sort_of(value: str | None) -> str:
    if value is None:
        return "null"
    return value if value in (STOPPED, "a mid") else "a direction"


def _mid(mid: str | None) -> str:
    if mid is None:
        return "null"
    return "not null" if is_fresh(mid) else mid


def _descriptions(types: tuple[object, ...]) -> str:
    names = ("current local", "current remote", "pending local", "pending remote")
    return ", ".join(f"{name}: {type or 'null'}" for name, type in zip(names, types, strict=True))


def _differing(ours: Attributes, read: Read) -> str:
    """The first description attribute that is of another type: the others follow from it."""
    three = zip(DESCRIPTIONS, ours.descriptions, read.descriptions or (), strict=True)
    return next(
        f"the {name.replace('_', ' ')} is {theirs or 'null'}, not {mine or 'null'}"
        for name, mine, theirs in three
        if theirs != mine
    )

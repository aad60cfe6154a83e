"""Where to go on from after something that should have been otherwise: in what, and what stays so.

What is shown or read is compared with what the model has, but for what was told before (`Position`
remembers what is misread). The positions to go on from are those of the nearest comparison, with
what is new in it remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from negotiation.model import Connection, Output, Resolve, Specification
from negotiation.model.binding import Difference, differences

from .alternatives import alternatives, without_late
from .findings import Diagnosis
from .frontier import Frontier, Position, replace
from .kinds import Objections
from .matching import (
    Objection,
    all_read_objections,
    attributes,
    created_anyway,
    created_as_seen,
    read_objections,
)
from .seen import Quiet, Read, Told
from .unrefused import Calling, ended_anyway

_WHICH_LEAD = frozenset({"kind", "value", "signaling"})
"""Aspects from which the others follow: a call ended otherwise, or the state is another one."""

_MIDS = (Objection("reads", "the mids cannot be so", "the mids"),)


class Explained(msgspec.Struct, frozen=True):
    """A diagnosis, and the positions to go on from; `missing` are labels that may yet come.

    `besides` is what else is wrong with the observation, and does not follow from it.
    """

    diagnosis: Diagnosis
    frontier: Frontier
    missing: tuple[Output, ...] = ()
    besides: tuple[Diagnosis, ...] = ()


class Altered(msgspec.Struct, frozen=True):
    """A label that is about the same thing as the observation, and in which aspects it differs."""

    label: Output
    objections: Objections
    after: Position


def new_objections(position: Position, state: Connection, read: Read) -> Objections:
    """Why what is read in that state is wrong, but for what was told before; none: not for that."""
    _, new = position.new_in(state, read)
    return read_objections(attributes(state), new)


def objections_in(position: Position, state: Connection, read: Read) -> Objections:
    """As `new_objections`, where something is wrong: if nothing else, names that are taken."""
    return new_objections(position, state, read) or _MIDS


def besides(objections: Objections, alike: Iterable[Position], read: Read) -> tuple[Objection, ...]:
    """What else is read wrongly, besides the first of the objections, in the nearest position.

    `alike` are those in which these are the objections. What else is wrong there is remembered as
    misread, and not told later: so it is told with it.
    """
    each = (tuple(_besides(objections, one, read)) for one in alike)
    return min(each, key=lambda found: (len(found), found))


def _besides(objections: Objections, position: Position, read: Read) -> Iterator[Objection]:
    if any(one.aspect in _WHICH_LEAD for one in objections):
        return
    first = objections[0]
    told = {first.about}
    _, new = position.new_in(position.connection, read)
    for one in all_read_objections(attributes(position.connection), new):
        follows = one.aspect == first.aspect == "descriptions"
        if one.about not in told and not follows:
            told.add(one.about)
            yield one


def read_in(position: Position, state: Connection, read: Read) -> Position:
    """The position after a reading in that state, or where nothing can read so, without one."""
    after = position.read_so(state, read, in_task=position.in_task)
    return after or replace(position, connection=state)


def misreading(altered: Iterable[Altered], told: Told) -> Iterator[Position]:
    """Where the stack is if it showed what it should, in the nearest other form.

    It goes on to read what it reads wrongly; elsewhere, only with what came before.
    """
    altered = list(altered)
    least = min((len(one.objections) for one in altered), default=0)
    for one in altered:
        yield one.after.misreading(told.read) if len(one.objections) == least else one.after


def misreading_at_rest(positions: Iterable[tuple[Position, Objections]], quiet: Quiet) -> Frontier:
    """Those of the positions in which the least is wrong of what is read at rest."""
    positions = list(positions)
    least = min(len(objections) for _, objections in positions)
    return frozenset(
        one.misreading(quiet.read) for one, objections in positions if len(objections) == least
    )


def created_otherwise(after: Position, label: Output, told: Told) -> Iterator[Position]:
    """Where a stack is that created, or set, another description than it should have.

    It may go on with either: with the one that was seen, or as if it had made the right one.
    """
    as_seen = created_as_seen(after.connection, label, told)
    if as_seen is not None:
        yield replace(after, connection=as_seen)
    anyway = created_anyway(after.connection, label, told)
    yield replace(after.creating(told), connection=anyway)


def apart_from_owed(label: Output, told: Told) -> tuple[Difference, ...]:
    """In what the description that was created differs from the one that was owed."""
    if not isinstance(label, Resolve) or label.description is None or told.description is None:
        return ()
    return differences(label.description, told.description)


def broken_so(
    specification: Specification, closed: Frontier, told: Told, calling: Calling | None
) -> Iterator[Position]:
    """Where the stack is if it broke just the rule that the observation breaks.

    `calling` is the call that the observation ends, if it may have ended otherwise.
    """
    if calling is not None:
        for one in ended_anyway(specification.readings, calling, told):
            yield read_in(one, one.connection, told.read)
        return
    for one in closed:
        # What has settled is not still to be recorded.
        position = without_late(one, told) if told.call else one
        for connection in alternatives(specification, one.connection, told):
            yield read_in(position, connection, told.read)

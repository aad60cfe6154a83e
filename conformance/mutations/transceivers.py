"""Mutations of the rules of associating transceivers, and of their directions and tracks."""

from __future__ import annotations

from negotiation.model import Connection, Direction, Section, Specification, Transceiver
from negotiation.model.state import Step, replace
from negotiation.model.transceivers import TrackChanges

from .mutating import instead_of

Changed = tuple[Transceiver, TrackChanges]


@instead_of(Specification.transceiver_of_local)
def only_by_mid(
    spec: Specification, connection: Connection, section: Section
) -> Transceiver | None:
    """A local description finds only transceivers that have an m-section already."""
    return connection.with_mid(section.mid)


@instead_of(Specification.associate_local)
def mid_comes_later(spec: Specification, transceiver: Transceiver, section: Section) -> Transceiver:
    """A local description sets [[JsepMid]], and [[Mid]] stays null."""
    return replace(transceiver, jsep_mid=section.mid)


@instead_of(Specification.associate_local)
def a_local_rejection_stops(
    spec: Specification, transceiver: Transceiver, section: Section
) -> Transceiver:
    """A rejected m-section of a local description, too, stops its transceiver."""
    associated = replace(transceiver, jsep_mid=section.mid, mid=section.mid)
    return spec.stop_transceiver(associated) if section.rejected else associated


@instead_of(Specification.answer_locally)
def fired_direction_stays(
    spec: Specification, transceiver: Transceiver, direction: Direction
) -> Changed:
    """A local answer does not set [[FiredDirection]]."""
    changed, changes = Specification.answer_locally(spec, transceiver, direction)
    return replace(changed, fired_direction=transceiver.fired_direction), changes


@instead_of(Specification.answer_locally)
def current_direction_stays(
    spec: Specification, transceiver: Transceiver, direction: Direction
) -> Changed:
    """A local answer does not set [[CurrentDirection]]."""
    changed, changes = Specification.answer_locally(spec, transceiver, direction)
    return replace(changed, current_direction=transceiver.current_direction), changes


@instead_of(Specification.set_current_direction)
def sending_is_not_remembered(
    spec: Specification, transceiver: Transceiver, direction: Direction
) -> Transceiver:
    """Only a sender that sends now counts as used to send."""
    return replace(transceiver, current_direction=direction, has_sent=direction.sends)


@instead_of(Specification.set_current_direction)
def the_first_one_stays(
    spec: Specification, transceiver: Transceiver, direction: Direction
) -> Transceiver:
    """[[CurrentDirection]] is set once and never changes."""
    changed = Specification.set_current_direction(spec, transceiver, direction)
    return replace(changed, current_direction=transceiver.current_direction or direction)


@instead_of(Specification.process_remote_tracks)
def not_fired(
    spec: Specification, transceiver: Transceiver, direction: Direction, msids: tuple[str, ...]
) -> Changed:
    """A remote description does not set [[FiredDirection]]."""
    changed, changes = Specification.process_remote_tracks(spec, transceiver, direction, msids)
    return replace(changed, fired_direction=transceiver.fired_direction), changes


@instead_of(Specification.process_remote_tracks)
def one_event_for_each_stream(
    spec: Specification, transceiver: Transceiver, direction: Direction, msids: tuple[str, ...]
) -> Changed:
    """A track fires once for each of its streams."""
    changed, changes = Specification.process_remote_tracks(spec, transceiver, direction, msids)
    events = tuple(Step("track", changed.id, (stream,)) for stream in changed.remote_streams)
    return changed, replace(changes, tracks=events if changes.tracks else ())


@instead_of(Specification.is_remote_track_added)
def whenever_it_receives(
    spec: Specification, transceiver: Transceiver, direction: Direction, changes: TrackChanges
) -> bool:
    """A track fires with each remote description that lets it be received."""
    return direction.receives


@instead_of(Specification.is_remote_track_added)
def not_for_a_new_stream(
    spec: Specification, transceiver: Transceiver, direction: Direction, changes: TrackChanges
) -> bool:
    """A stream that is added to a track fires no event."""
    fired = transceiver.fired_direction
    return direction.receives and not (fired is not None and fired.receives)


@instead_of(Specification.is_remote_track_added)
def by_the_current_direction(
    spec: Specification, transceiver: Transceiver, direction: Direction, changes: TrackChanges
) -> bool:
    """Whether receiving begins is read off [[CurrentDirection]], not [[FiredDirection]]."""
    current = transceiver.current_direction
    begins = direction.receives and not (current is not None and current.receives)
    return begins or bool(changes.added)


@instead_of(Specification.set_associated_remote_streams)
def streams_are_only_added(
    spec: Specification, transceiver: Transceiver, msids: tuple[str, ...]
) -> Changed:
    """A stream that the remote side no longer names stays with the track."""
    kept = tuple(one for one in transceiver.remote_streams if one not in msids)
    return Specification.set_associated_remote_streams(spec, transceiver, (*kept, *msids))


@instead_of(Specification.remote_direction)
def although_rejected(spec: Specification, section: Section) -> Direction:
    """The direction of a rejected m-section counts."""
    return section.direction.reversed


@instead_of(Specification.find_unassociated)
def whatever_its_direction(
    spec: Specification, connection: Connection, section: Section
) -> Transceiver | None:
    """An m-section takes over a transceiver also if it is "sendonly" or "inactive"."""
    fitting = (one for one in connection.transceivers if spec.may_associate(one, section))
    return next(fitting, None)


@instead_of(Specification.find_unassociated)
def the_last_one(
    spec: Specification, connection: Connection, section: Section
) -> Transceiver | None:
    """An m-section takes over the last transceiver that fits."""
    backwards = replace(connection, transceivers=connection.transceivers[::-1])
    return Specification.find_unassociated(spec, backwards, section)


@instead_of(Specification.may_associate)
def add_transceiver_s_too(spec: Specification, transceiver: Transceiver, section: Section) -> bool:
    """A remote m-section takes over transceivers that addTransceiver made."""
    added = replace(transceiver, created_by_add_track=True)
    return Specification.may_associate(spec, added, section)


@instead_of(Specification.may_associate)
def of_any_kind(spec: Specification, transceiver: Transceiver, section: Section) -> bool:
    """A remote m-section takes over transceivers of the other kind."""
    alike = replace(section, kind=transceiver.kind)
    return Specification.may_associate(spec, transceiver, alike)


@instead_of(Specification.may_associate)
def associated_ones_too(spec: Specification, transceiver: Transceiver, section: Section) -> bool:
    """A remote m-section takes over transceivers that have another one."""
    free = replace(transceiver, jsep_mid=None)
    return Specification.may_associate(spec, free, section)


@instead_of(Specification.may_associate)
def not_stopping_ones(spec: Specification, transceiver: Transceiver, section: Section) -> bool:
    """A remote m-section does not take over a stopping transceiver."""
    fits = Specification.may_associate(spec, transceiver, section)
    return fits and not transceiver.stopping


@instead_of(Specification.create_for_remote)
def made_sendrecv(
    spec: Specification, connection: Connection, section: Section
) -> tuple[Connection, Transceiver]:
    """A transceiver that a remote offer makes is "sendrecv"."""
    connection, made = Specification.create_for_remote(spec, connection, section)
    made = replace(made, direction=Direction.SENDRECV)
    return connection.updated(made), made


@instead_of(Specification.create_for_remote)
def made_to_stay(
    spec: Specification, connection: Connection, section: Section
) -> tuple[Connection, Transceiver]:
    """A transceiver that a remote offer makes survives its rollback."""
    connection, made = Specification.create_for_remote(spec, connection, section)
    made = replace(made, created_with_pending=False)
    return connection.updated(made), made

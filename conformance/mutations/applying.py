"""Mutations of the rules of setting a session description."""

from __future__ import annotations

from negotiation.model import (
    Connection,
    Description,
    SdpType,
    Side,
    Specification,
    Transceiver,
)
from negotiation.model.state import Operation, Step, replace
from negotiation.model.transceivers import TrackChanges

from .mutating import instead_of

Changed = tuple[Transceiver, TrackChanges]

_LATE = {"signalingstatechange": 1, None: 2}
"""What comes after the events of tracks, where these come first."""


@instead_of(Specification.remember_stable_state)
def at_every_offer(spec: Specification, connection: Connection) -> Connection:
    """A second offer, too, makes the state before it the one to roll back to."""
    remembered = (
        replace(
            one,
            last_stable_jsep_mid=one.jsep_mid,
            last_stable_remote_streams=one.remote_streams,
        )
        for one in connection.transceivers
    )
    return replace(connection, transceivers=tuple(remembered))


@instead_of(Specification.remember_stable_state)
def without_the_streams(spec: Specification, connection: Connection) -> Connection:
    """An offer does not remember the streams for a rollback."""
    remembered = Specification.remember_stable_state(spec, connection)
    forgotten = (replace(one, last_stable_remote_streams=()) for one in remembered.transceivers)
    return replace(remembered, transceivers=tuple(forgotten))


@instead_of(Specification.remember_stable_state)
def without_the_associations(spec: Specification, connection: Connection) -> Connection:
    """An offer does not remember which transceivers were associated before it."""
    remembered = Specification.remember_stable_state(spec, connection)
    forgotten = (replace(one, last_stable_jsep_mid=None) for one in remembered.transceivers)
    return replace(remembered, transceivers=tuple(forgotten))


@instead_of(Specification.set_description_slots)
def the_state_stays(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> Connection:
    """A description is stored, and the signaling state stays as it was."""
    changed = Specification.set_description_slots(spec, connection, side, description)
    return replace(changed, signaling_state=connection.signaling_state)


@instead_of(Specification.complete_negotiation)
def the_local_description_is_not_made_current(
    spec: Specification, connection: Connection, side: Side, answer: Description
) -> Connection:
    """A remote answer leaves the current local description as it was."""
    completed = Specification.complete_negotiation(spec, connection, side, answer)
    if side is Side.LOCAL:
        return completed
    return replace(completed, current_local_description=connection.current_local_description)


@instead_of(Specification.complete_negotiation)
def the_remote_description_is_not_made_current(
    spec: Specification, connection: Connection, side: Side, answer: Description
) -> Connection:
    """A local answer leaves the current remote description as it was."""
    completed = Specification.complete_negotiation(spec, connection, side, answer)
    if side is Side.REMOTE:
        return completed
    return replace(completed, current_remote_description=connection.current_remote_description)


@instead_of(Specification.complete_negotiation)
def the_pending_local_description_stays(
    spec: Specification, connection: Connection, side: Side, answer: Description
) -> Connection:
    """An answer does not clear the pending local description."""
    completed = Specification.complete_negotiation(spec, connection, side, answer)
    return replace(completed, pending_local_description=connection.pending_local_description)


@instead_of(Specification.complete_negotiation)
def the_pending_remote_description_stays(
    spec: Specification, connection: Connection, side: Side, answer: Description
) -> Connection:
    """An answer does not clear the pending remote description."""
    completed = Specification.complete_negotiation(spec, connection, side, answer)
    return replace(completed, pending_remote_description=connection.pending_remote_description)


@instead_of(Specification.forget_created)
def the_answer_only(spec: Specification, connection: Connection) -> Connection:
    """An answer clears [[LastCreatedAnswer]] and leaves [[LastCreatedOffer]]."""
    return replace(connection, last_created_answer=None)


@instead_of(Specification.forget_created)
def the_offer_only(spec: Specification, connection: Connection) -> Connection:
    """An answer clears [[LastCreatedOffer]] and leaves [[LastCreatedAnswer]]."""
    return replace(connection, last_created_offer=None)


@instead_of(Specification.forget_replaced_credentials)
def whatever_was_offered(
    spec: Specification, connection: Connection, local: Description | None
) -> Connection:
    """Each answer ends an ICE restart, also if the old credentials are still used."""
    return replace(connection, local_ice_credentials_to_replace=frozenset())


@instead_of(Specification.restore_remote_tracks)
def no_streams(spec: Specification, transceiver: Transceiver) -> Changed:
    """A rollback takes the remote streams away, also those of the stable state."""
    bare = replace(transceiver, last_stable_remote_streams=())
    return Specification.restore_remote_tracks(spec, bare)


@instead_of(Specification.is_rollback_removing)
def although_used_by_add_track(spec: Specification, transceiver: Transceiver) -> bool:
    """A rollback removes what the offer made, also if addTrack used it."""
    return transceiver.created_with_pending


@instead_of(Specification.is_rollback_removing)
def with_a_track(spec: Specification, transceiver: Transceiver) -> bool:
    """A rollback removes what the offer made unless it has a track now."""
    return transceiver.created_with_pending and transceiver.track is None


@instead_of(Specification.forget_pending)
def created_offers_too(spec: Specification, connection: Connection, side: Side) -> Connection:
    """A rollback clears [[LastCreatedOffer]]."""
    rolled_back = Specification.forget_pending(spec, connection, side)
    return replace(rolled_back, last_created_offer=None)


@instead_of(Specification.forget_pending)
def the_description_stays(spec: Specification, connection: Connection, side: Side) -> Connection:
    """A rollback goes back to "stable", and the pending descriptions stay."""
    state = Specification.forget_pending(spec, connection, side).signaling_state
    return replace(connection, signaling_state=state)


@instead_of(Specification.remove_rejected_transceivers)
def all_that_stop(spec: Specification, connection: Connection) -> Connection:
    """An answer removes all transceivers that are stopping."""
    for one in connection.transceivers:
        if one.stopping:
            connection = spec.remove_transceiver(connection, one)
    return connection


@instead_of(Specification.is_rejected_in_current)
def by_the_local_side(
    spec: Specification, connection: Connection, transceiver: Transceiver
) -> bool:
    """A transceiver leaves only if the local description rejects its m-section."""
    description = connection.current_local_description
    section = description.section(transceiver.mid) if description else None
    return section is not None and section.rejected


@instead_of(Specification.is_rejected_in_current)
def by_the_remote_side(
    spec: Specification, connection: Connection, transceiver: Transceiver
) -> bool:
    """A transceiver leaves only if the remote description rejects its m-section."""
    description = connection.current_remote_description
    section = description.section(transceiver.mid) if description else None
    return section is not None and section.rejected


@instead_of(Specification.state_change_steps)
def with_every_description(
    spec: Specification, before: Connection, after: Connection
) -> tuple[Step, ...]:
    """signalingstatechange fires with each description, also if the state is the same."""
    return (Step("signalingstatechange"),)


@instead_of(Specification.state_change_steps, Specification.apply)
def after_the_tracks(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> Connection:
    """signalingstatechange fires after the events of tracks."""
    applied = Specification.apply(spec, connection, side, description)
    by_event = sorted(applied.steps, key=lambda step: _LATE.get(step.event, 0))
    return replace(applied, steps=tuple(by_event))


@instead_of(Specification.state_change_steps, Specification.apply)
def after_the_promise(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> Connection:
    """The promise resolves before the events fire."""
    applied = Specification.apply(spec, connection, side, description)
    return replace(applied, steps=(applied.steps[-1], *applied.steps[:-1]))


@instead_of(Specification.side_of)
def an_implicit_rollback_is_remote(spec: Specification, operation: Operation) -> Side:
    """An implicit rollback sets a remote description."""
    return Side.LOCAL if operation.method == "setLocalDescription" else Side.REMOTE


@instead_of(Specification.return_to_stable, Specification.apply)
def not_after_a_rollback(
    spec: Specification, connection: Connection, side: Side, description: Description
) -> Connection:
    """A rollback neither clears nor updates the flag."""
    applied = Specification.apply(spec, connection, side, description)
    if description.type is not SdpType.ROLLBACK:
        return applied
    return replace(
        applied,
        negotiation_needed=connection.negotiation_needed,
        update_negotiation_needed_flag_on_empty_chain=False,
    )

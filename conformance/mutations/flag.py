"""Mutations of the rules of the negotiation-needed flag, the check and the signaling table."""

from __future__ import annotations

from negotiation.model import (
    Connection,
    Direction,
    Kind,
    SdpType,
    Section,
    Side,
    SignalingState,
    Specification,
    Transceiver,
)
from negotiation.model.state import Step, replace

from .mutating import instead_of


@instead_of(Specification.next_signaling_state)
def answers_in_stable(
    spec: Specification, state: SignalingState, side: Side, type: SdpType
) -> SignalingState | None:
    """An answer is valid in "stable" too, and stays there."""
    if state is SignalingState.STABLE and type is SdpType.ANSWER:
        return state
    return Specification.next_signaling_state(spec, state, side, type)


@instead_of(Specification.next_signaling_state)
def provisional_answers_are_final(
    spec: Specification, state: SignalingState, side: Side, type: SdpType
) -> SignalingState | None:
    """A provisional answer leads to "stable"."""
    found = Specification.next_signaling_state(spec, state, side, type)
    return SignalingState.STABLE if found is not None and type is SdpType.PRANSWER else found


@instead_of(Specification.next_signaling_state)
def offers_after_a_provisional_answer(
    spec: Specification, state: SignalingState, side: Side, type: SdpType
) -> SignalingState | None:
    """A local offer is valid in "have-remote-pranswer", where setLocalDescription infers one."""
    if (state, side, type) == (SignalingState.HAVE_REMOTE_PRANSWER, Side.LOCAL, SdpType.OFFER):
        return SignalingState.HAVE_LOCAL_OFFER
    return Specification.next_signaling_state(spec, state, side, type)


@instead_of(Specification.update_negotiation_needed_flag)
def in_the_same_task(spec: Specification, connection: Connection) -> Connection:
    """The flag is updated at once, and no task is queued."""
    if not spec.is_chain_empty(connection):
        return spec.remember_update(connection)
    return spec.run_update(connection)


@instead_of(Specification.remember_update)
def queued_at_once_too(spec: Specification, connection: Connection) -> Connection:
    """An update that is remembered is also queued."""
    return spec.queue_update(Specification.remember_update(spec, connection))


@instead_of(Specification.is_stable_for_the_flag)
def in_have_local_offer_too(spec: Specification, connection: Connection) -> bool:
    """The flag changes in "have-local-offer" too."""
    allowed = (SignalingState.STABLE, SignalingState.HAVE_LOCAL_OFFER)
    return connection.signaling_state in allowed


@instead_of(Specification.is_stable_for_the_flag)
def in_have_remote_offer_too(spec: Specification, connection: Connection) -> bool:
    """The flag changes in "have-remote-offer" too."""
    allowed = (SignalingState.STABLE, SignalingState.HAVE_REMOTE_OFFER)
    return connection.signaling_state in allowed


@instead_of(Specification.is_stable_for_the_flag)
def in_provisional_states_too(spec: Specification, connection: Connection) -> bool:
    """The flag changes after a provisional answer too."""
    provisional = (SignalingState.HAVE_LOCAL_PRANSWER, SignalingState.HAVE_REMOTE_PRANSWER)
    return connection.signaling_state in (SignalingState.STABLE, *provisional)


@instead_of(Specification.set_negotiation_needed_and_fire)
def fires_without_setting(spec: Specification, connection: Connection) -> Connection:
    """The event fires, and the flag stays false."""
    return replace(connection, steps=(*connection.steps, Step("negotiationneeded")))


@instead_of(Specification.set_negotiation_needed_and_fire)
def sets_without_firing(spec: Specification, connection: Connection) -> Connection:
    """The flag is set, and the event does not fire."""
    return replace(connection, negotiation_needed=True)


@instead_of(Specification.return_to_stable)
def updated_and_not_cleared(spec: Specification, connection: Connection) -> Connection:
    """A return to "stable" updates the flag, and does not clear it first."""
    flag = connection.negotiation_needed
    return replace(Specification.return_to_stable(spec, connection), negotiation_needed=flag)


@instead_of(Specification.return_to_stable)
def cleared_and_not_updated(spec: Specification, connection: Connection) -> Connection:
    """A return to "stable" clears the flag, and does not update it."""
    kept = (replace(one, created_with_pending=False) for one in connection.transceivers)
    return spec.clear_negotiation_needed(replace(connection, transceivers=tuple(kept)))


@instead_of(Specification.must_negotiate_data)
def a_rejected_section_does_not_count(spec: Specification, connection: Connection) -> bool:
    """A data channel needs an m-section for data that is not rejected."""
    description = connection.current_local_description
    sections = description.sections if description else ()
    live = [one for one in sections if one.kind is Kind.APPLICATION and not one.rejected]
    return connection.channels > 0 and not live


@instead_of(Specification.must_negotiate_data)
def only_before_any_negotiation(spec: Specification, connection: Connection) -> bool:
    """A data channel needs negotiation only while there is no local description at all."""
    return connection.channels > 0 and connection.current_local_description is None


@instead_of(Specification.is_stopping_not_stopped)
def once_associated(spec: Specification, transceiver: Transceiver) -> bool:
    """A stopping transceiver needs negotiation only if it is associated."""
    return transceiver.stopping and not transceiver.stopped and transceiver.mid is not None


@instead_of(Specification.is_unassociated)
def if_it_sends(spec: Specification, connection: Connection, transceiver: Transceiver) -> bool:
    """A transceiver without an m-section needs negotiation only if it sends."""
    found = spec.associated_section(connection, transceiver)
    return found is None and transceiver.direction.sends


@instead_of(Specification.associated_section)
def of_the_remote_description(
    spec: Specification, connection: Connection, transceiver: Transceiver
) -> Section | None:
    """The check looks at the m-section of the current remote description."""
    description = connection.current_remote_description
    return description.section(transceiver.mid) if description else None


@instead_of(Specification.do_msids_differ)
def as_a_list(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """The order of the streams matters."""
    return transceiver.direction.sends and section.msids != transceiver.streams


@instead_of(Specification.do_msids_differ)
def by_their_number(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """Only the number of streams matters."""
    return transceiver.direction.sends and len(section.msids) != len(transceiver.streams)


@instead_of(Specification.do_msids_differ)
def by_what_is_new(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """A stream that was taken away needs no negotiation."""
    return transceiver.direction.sends and not set(transceiver.streams) <= set(section.msids)


@instead_of(Specification.do_msids_differ)
def of_receivers_too(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """The streams matter also while the transceiver does not send."""
    return set(section.msids) != set(transceiver.streams)


@instead_of(Specification.do_msids_differ)
def no_streams_differ_from_none(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """A sending transceiver without streams always needs negotiation."""
    different = set(section.msids) != set(transceiver.streams)
    return transceiver.direction.sends and (different or not section.msids)


@instead_of(Specification.does_direction_differ_as_offerer)
def local_only(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """An offerer's direction is compared with the local description only."""
    return section.direction is not transceiver.direction


@instead_of(Specification.does_direction_differ_as_offerer)
def remote_not_reversed(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """The direction found in the remote description is not reversed."""
    remote = _remote_direction(connection, transceiver)
    return transceiver.direction not in (section.direction, remote)


@instead_of(Specification.does_direction_differ_as_offerer)
def remote_only(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """An offerer's direction is compared with the remote description only."""
    remote = _remote_direction(connection, transceiver)
    return remote is None or remote.reversed is not transceiver.direction


@instead_of(Specification.does_direction_differ_as_offerer)
def both_must_match(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """An offerer's direction has to match the local and the remote description."""
    remote = _remote_direction(connection, transceiver)
    matches = remote is not None and remote.reversed is transceiver.direction
    return section.direction is not transceiver.direction or not matches


@instead_of(Specification.does_direction_differ_as_answerer)
def not_intersected(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """An answerer's direction is compared as it is, not intersected with the offered one."""
    return section.direction is not transceiver.direction


@instead_of(Specification.does_direction_differ_as_answerer)
def offered_not_reversed(
    spec: Specification, connection: Connection, transceiver: Transceiver, section: Section
) -> bool:
    """The offered direction is intersected without being reversed."""
    offered = _remote_direction(connection, transceiver) or transceiver.direction
    return section.direction is not transceiver.direction & offered


@instead_of(Specification.must_reject_section)
def in_the_local_description(
    spec: Specification, connection: Connection, transceiver: Transceiver
) -> bool:
    """Only a rejection in the local description counts."""
    local = spec.associated_section(connection, transceiver)
    return local is not None and not local.rejected


def _remote_direction(connection: Connection, transceiver: Transceiver) -> Direction | None:
    description = connection.current_remote_description
    section = description.section(transceiver.mid) if description else None
    return section.direction if section else None

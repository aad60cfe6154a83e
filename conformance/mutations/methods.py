"""Mutations of the rules of the methods, of transceivers and of closing."""

from __future__ import annotations

from negotiation.model import (
    Arguments,
    Call,
    Channel,
    Configuration,
    Connection,
    Direction,
    Kind,
    SignalingState,
    Specification,
    Transceiver,
)
from negotiation.model.chain import STATES
from negotiation.model.ice_servers import TAKEN, Errors
from negotiation.model.state import Step, replace

from .mutating import instead_of

Added = tuple[Connection, Transceiver]


@instead_of(Specification.create_transceiver)
def at_the_front(
    spec: Specification, connection: Connection, kind: Kind, direction: Direction
) -> Added:
    """A new transceiver comes first in the set."""
    added, made = Specification.create_transceiver(spec, connection, kind, direction)
    return replace(added, transceivers=(made, *connection.transceivers)), made


@instead_of(Specification.create_transceiver)
def always_sendrecv(
    spec: Specification, connection: Connection, kind: Kind, direction: Direction
) -> Added:
    """A new transceiver is "sendrecv", whatever was asked for."""
    return Specification.create_transceiver(spec, connection, kind, Direction.SENDRECV)


@instead_of(Specification.stop_sending_and_receiving)
def the_direction_stays(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """stop() does not set [[Direction]] to "inactive"."""
    return replace(transceiver, stopping=True)


@instead_of(Specification.stop_sending_and_receiving)
def stopped_at_once(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """stop() sets [[Stopped]], and not only [[Stopping]]."""
    stopping = Specification.stop_sending_and_receiving(spec, transceiver)
    return replace(stopping, stopped=True)


@instead_of(Specification.offer_to_receive)
def updates_the_flag(
    spec: Specification, connection: Connection, kind: Kind, *, receive: bool
) -> Connection:
    """The legacy options update the flag."""
    changed = Specification.offer_to_receive(spec, connection, kind, receive=receive)
    return spec.update_negotiation_needed_flag(changed)


@instead_of(Specification.offer_to_receive)
def adds_always(
    spec: Specification, connection: Connection, kind: Kind, *, receive: bool
) -> Connection:
    """offerToReceive adds a transceiver although there is one that receives."""
    if not receive:
        return Specification.offer_to_receive(spec, connection, kind, receive=receive)
    return spec.create_transceiver(connection, kind, Direction.RECVONLY)[0]


@instead_of(Specification.offer_to_receive)
def false_does_nothing(
    spec: Specification, connection: Connection, kind: Kind, *, receive: bool
) -> Connection:
    """offerToReceive set to false takes no receiving away."""
    if not receive:
        return connection
    return Specification.offer_to_receive(spec, connection, kind, receive=receive)


@instead_of(Specification.is_candidate_without_section)
def the_end_too(spec: Specification, arguments: Arguments) -> bool:
    """The end of candidates, too, has to name an m-section."""
    candidate = arguments.candidate
    return candidate.sdp_mid is None and candidate.sdp_m_line_index is None


@instead_of(Specification.is_candidate_without_section, Specification.add_candidate_called)
def after_the_check_for_closed(spec: Specification, connection: Connection, call: Call) -> STATES:
    """addIceCandidate looks at [[IsClosed]] before it looks at its argument."""
    if connection.is_closed:
        return spec.chained(connection, call)
    return Specification.add_candidate_called(spec, connection, call)


@instead_of(Specification.is_track_of_another_kind, Specification.replace_track_called)
def closed_comes_first(spec: Specification, connection: Connection, call: Call) -> STATES:
    """replaceTrack looks at [[IsClosed]] before it looks at its argument."""
    if connection.is_closed:
        return spec.chained(connection, call)
    return Specification.replace_track_called(spec, connection, call)


@instead_of(Specification.is_kind_unknown, Specification.add_transceiver_called)
def before_the_kind(spec: Specification, connection: Connection, call: Call) -> STATES:
    """addTransceiver looks at [[IsClosed]] before it looks at the kind."""
    if connection.is_closed:
        return spec.thrown(connection, call, "InvalidStateError")
    return Specification.add_transceiver_called(spec, connection, call)


@instead_of(Specification.are_parameters_refused)
def stopped_ones_only(spec: Specification, transceiver: Transceiver) -> bool:
    """setParameters is refused only once the transceiver has stopped."""
    return transceiver.stopped


@instead_of(Specification.is_track_added_already)
def of_stopped_ones_too(spec: Specification, connection: Connection, arguments: Arguments) -> bool:
    """A track cannot be added while a stopped transceiver has it."""
    everyone = (*connection.transceivers, *connection.removed)
    return any(one.track is not None and one.track == arguments.track for one in everyone)


@instead_of(Specification.may_reuse)
def of_any_sender_s_kind(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> bool:
    """addTrack reuses senders of the other kind."""
    alike = replace(arguments, kind=str(transceiver.kind))
    return Specification.may_reuse(spec, transceiver, alike)


@instead_of(Specification.may_reuse)
def if_it_has_sent_too(spec: Specification, transceiver: Transceiver, arguments: Arguments) -> bool:
    """addTrack reuses senders that have been used to send."""
    unused = replace(transceiver, has_sent=False)
    return Specification.may_reuse(spec, unused, arguments)


@instead_of(Specification.may_reuse)
def with_another_track(spec: Specification, transceiver: Transceiver, arguments: Arguments) -> bool:
    """addTrack reuses senders that have a track."""
    empty = replace(transceiver, track=None)
    return Specification.may_reuse(spec, empty, arguments)


@instead_of(Specification.may_reuse)
def until_it_is_stopped(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> bool:
    """addTrack reuses a stopping sender as long as it is not stopped."""
    going_on = replace(transceiver, stopping=transceiver.stopped)
    return Specification.may_reuse(spec, going_on, arguments)


@instead_of(Specification.may_reuse)
def add_track_s_only(spec: Specification, transceiver: Transceiver, arguments: Arguments) -> bool:
    """addTrack reuses only senders that addTrack made."""
    fits = Specification.may_reuse(spec, transceiver, arguments)
    return fits and transceiver.created_by_add_track


@instead_of(Specification.reuse_for_track)
def it_does_not_begin_to_send(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """A reused sender keeps its direction."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    return replace(reused, direction=transceiver.direction)


@instead_of(Specification.reuse_for_track)
def it_always_receives(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """A reused sender's transceiver becomes "sendrecv"."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    return replace(reused, direction=Direction.SENDRECV)


@instead_of(Specification.reuse_for_track)
def the_old_streams_stay(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """A reused sender keeps its streams."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    return replace(reused, streams=transceiver.streams)


@instead_of(Specification.reuse_for_track)
def a_rollback_does_not_know(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """It is not noted that addTrack used the transceiver."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    return replace(reused, track_added=transceiver.track_added)


@instead_of(Specification.reuse_for_track)
def now_one_of_add_track_s(
    spec: Specification, transceiver: Transceiver, arguments: Arguments
) -> Transceiver:
    """A transceiver that addTrack uses counts as made by addTrack."""
    reused = Specification.reuse_for_track(spec, transceiver, arguments)
    return replace(reused, created_by_add_track=True)


@instead_of(Specification.add_for_track)
def as_if_by_add_transceiver(
    spec: Specification, connection: Connection, arguments: Arguments
) -> Added:
    """A transceiver that addTrack makes counts as made by addTransceiver."""
    added, made = Specification.add_for_track(spec, connection, arguments)
    return added, replace(made, created_by_add_track=False)


@instead_of(Specification.add_for_track)
def sendonly(spec: Specification, connection: Connection, arguments: Arguments) -> Added:
    """A transceiver that addTrack makes is "sendonly"."""
    added, made = Specification.add_for_track(spec, connection, arguments)
    return added, replace(made, direction=Direction.SENDONLY)


@instead_of(Specification.is_nothing_to_remove)
def although_stopping(spec: Specification, transceiver: Transceiver) -> bool:
    """removeTrack acts on a stopping transceiver, too."""
    return transceiver.track is None


@instead_of(Specification.without_track)
def it_goes_on_sending(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """removeTrack leaves the direction."""
    return replace(transceiver, track=None)


@instead_of(Specification.without_track)
def it_ends_receiving_too(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """removeTrack makes the transceiver "inactive"."""
    return replace(transceiver, track=None, direction=Direction.INACTIVE)


@instead_of(Specification.without_track)
def the_track_is_kept(spec: Specification, transceiver: Transceiver) -> Transceiver:
    """removeTrack changes the direction, and the sender keeps its track."""
    return replace(Specification.without_track(spec, transceiver), track=transceiver.track)


@instead_of(Specification.is_direction_fixed)
def once_it_has_stopped(spec: Specification, transceiver: Transceiver) -> bool:
    """The direction of a stopping transceiver may be set until it has stopped."""
    return transceiver.stopped


@instead_of(Specification.is_stopped_twice)
def only_when_stopped(spec: Specification, transceiver: Transceiver) -> bool:
    """stop() of a stopping transceiver updates the flag again."""
    return transceiver.stopped


@instead_of(Specification.data_channel_error)
def one_id_more(spec: Specification, connection: Connection, channel: Channel) -> str | None:
    """The id 65535 is allowed."""
    if channel.id == 65535:
        channel = replace(channel, id=65534)
    return Specification.data_channel_error(spec, connection, channel)


@instead_of(Specification.data_channel_error)
def ids_may_be_used_again(
    spec: Specification, connection: Connection, channel: Channel
) -> str | None:
    """Two negotiated channels may have the same id."""
    error = Specification.data_channel_error(spec, connection, channel)
    return None if error == "OperationError" else error


@instead_of(Specification.data_channel_error)
def both_limits_at_once(
    spec: Specification, connection: Connection, channel: Channel
) -> str | None:
    """maxPacketLifeTime and maxRetransmits may be given together."""
    one_limit = replace(channel, max_retransmits=None)
    return Specification.data_channel_error(spec, connection, one_limit)


@instead_of(Specification.restart_ice_called)
def silently(spec: Specification, connection: Connection, call: Call) -> STATES:
    """restartIce does not update the flag."""
    states = Specification.restart_ice_called(spec, connection, call)
    return tuple(
        replace(
            one,
            tasks=connection.tasks,
            update_negotiation_needed_flag_on_empty_chain=(
                connection.update_negotiation_needed_flag_on_empty_chain
            ),
        )
        for one in states
    )


@instead_of(Specification.restart_ice_called)
def not_the_pending_ones(spec: Specification, connection: Connection, call: Call) -> STATES:
    """restartIce does not replace the credentials of a pending offer."""
    current = connection.current_local_description
    states = Specification.restart_ice_called(spec, connection, call)
    used = current.ice if current else frozenset()
    return tuple(replace(one, local_ice_credentials_to_replace=used) for one in states)


@instead_of(Specification.restart_ice_called)
def not_when_closed(spec: Specification, connection: Connection, call: Call) -> STATES:
    """restartIce throws once closed."""
    if connection.is_closed:
        return spec.thrown(connection, call, "InvalidStateError")
    return Specification.restart_ice_called(spec, connection, call)


@instead_of(Specification.configuration_error)
def policies_may_change(
    spec: Specification, connection: Connection, configuration: Configuration
) -> str | None:
    """The bundle policy may be changed."""
    old = connection.configuration or Configuration()
    same = replace(configuration, bundle_policy=old.bundle_policy)
    return Specification.configuration_error(spec, connection, same)


@instead_of(Specification.configuration_error)
def the_pool_may_grow_late(
    spec: Specification, connection: Connection, configuration: Configuration
) -> str | None:
    """The size of the candidate pool may be changed after a local description was set."""
    early = replace(connection, set_local_description_called=False)
    return Specification.configuration_error(spec, early, configuration)


@instead_of(Specification.configuration_error)
def the_pool_may_never_change(
    spec: Specification, connection: Connection, configuration: Configuration
) -> str | None:
    """The size of the candidate pool can never be changed."""
    late = replace(connection, set_local_description_called=True)
    return Specification.configuration_error(spec, late, configuration)


@instead_of(Specification.ice_servers_errors)
def servers_are_not_checked(spec: Specification, configuration: Configuration) -> Errors:
    """No ICE server is refused."""
    return TAKEN


@instead_of(Specification.ice_servers_errors)
def a_server_without_urls_is_taken(spec: Specification, configuration: Configuration) -> Errors:
    """An empty list of URLs is not refused."""
    named = tuple(one for one in configuration.ice_servers if one.urls)
    return Specification.ice_servers_errors(spec, replace(configuration, ice_servers=named))


@instead_of(Specification.close_connection)
def with_an_event(spec: Specification, connection: Connection) -> Connection:
    """close() fires signalingstatechange."""
    closed = Specification.close_connection(spec, connection)
    return replace(closed, steps=(*closed.steps, Step("signalingstatechange")))


@instead_of(Specification.close_connection)
def transceivers_go_on(spec: Specification, connection: Connection) -> Connection:
    """close() stops no transceivers."""
    return replace(connection, is_closed=True, signaling_state=SignalingState.CLOSED)


@instead_of(Specification.close_connection)
def the_state_is_kept(spec: Specification, connection: Connection) -> Connection:
    """close() leaves the signaling state as it was."""
    closed = Specification.close_connection(spec, connection)
    return replace(closed, signaling_state=connection.signaling_state)


@instead_of(Specification.does_close_make_it_throw, Specification.stop_called)
def stop_returns(spec: Specification, connection: Connection, call: Call) -> STATES:
    """stop() returns once closed, as close() does."""
    if connection.is_closed:
        return spec.returned(connection, call)
    return Specification.stop_called(spec, connection, call)

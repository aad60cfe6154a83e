"""The methods of RTCPeerConnection, its transceivers and senders: what a call does at once.

Each returns the states that follow, with what the call is about to return or throw. A method that
returns a promise always returns; the promise's fate comes later.
"""

from __future__ import annotations

from collections.abc import Callable

from .chain import STATES
from .enums import Direction, Kind, SignalingState
from .ice_servers import Errors, first_errors, server_errors
from .labels import Arguments, Call, Configuration, Return, Throw
from .offers import FreshNames
from .operations import Operations
from .source import effect, guard, value
from .state import Connection, Microtask, Operation, Outcome, Transceiver, replace
from .webidl import is_channel_converted, is_configuration_converted

ADD_TRACK = "#dom-rtcpeerconnection-addtrack"
REMOVE_TRACK = "#dom-rtcpeerconnection-removetrack"
ADD_TRANSCEIVER = "#dom-rtcpeerconnection-addtransceiver"
DIRECTION = "#dom-rtcrtptransceiver-direction"
STOP = "#dom-rtcrtptransceiver-stop"
CONFIGURATION = "#set-the-configuration"
CLOSE = "#dfn-close-the-connection"
LEGACY = "#legacy-configuration-extensions"

SENDING = {Direction.RECVONLY: Direction.SENDRECV, Direction.INACTIVE: Direction.SENDONLY}
"""What addTrack makes of directions; the others stay, and so does "stopped"."""

NO_LONGER = {Direction.SENDRECV: Direction.RECVONLY, Direction.SENDONLY: Direction.INACTIVE}
"""What removeTrack makes of directions; the others stay."""


Method = Callable[[Connection, Call], STATES]


class Methods(Operations):
    """The rules of the methods."""

    def perform(self, connection: Connection, call: Call) -> STATES:
        """The states after a call, about to return or throw."""
        if call.method not in METHODS:
            raise ValueError(f"no method {call.method!r}; there are {', '.join(METHODS)}")
        method: Method = getattr(self, METHODS[call.method])
        return method(connection, call)

    def returned(self, connection: Connection, call: Call, value: str | None = None) -> STATES:
        """The call returns."""
        return (replace(connection, outcome=Return(call.call, value)),)

    def thrown(self, connection: Connection, call: Call, error: str) -> STATES:
        """The call throws, and changes nothing."""
        return (replace(connection, outcome=Throw(call.call, error)),)

    @guard("#dom-rtcpeerconnection")
    def does_close_make_it_throw(self, connection: Connection) -> bool:
        """The method throws InvalidStateError if [[IsClosed]] is true."""
        return connection.is_closed

    def changed(self, connection: Connection, call: Call, value: str | None = None) -> STATES:
        """The call has changed what is to be negotiated: update the flag and return."""
        return self.returned(self.update_negotiation_needed_flag(connection), call, value)

    # Methods that are chained.

    def chained(self, connection: Connection, call: Call) -> STATES:
        """Chain the operation; the call returns its promise."""
        operation = Operation(call.call, call.method, call.arguments)
        states = self.chain(connection, operation)
        return tuple(replace(one, outcome=Return(call.call)) for one in states)

    def set_local_called(self, connection: Connection, call: Call) -> STATES:
        """setLocalDescription: setConfiguration wants to know that it was ever called."""
        return self.chained(replace(connection, set_local_description_called=True), call)

    def set_remote_called(self, connection: Connection, call: Call) -> STATES:
        """setRemoteDescription: WebIDL refuses a dictionary without its required type."""
        if call.arguments.type is None:
            return self.returned(self.reject_at_once(connection, call.call, "TypeError"), call)
        return self.chained(connection, call)

    def create_offer_called(self, connection: Connection, call: Call) -> STATES:
        """createOffer, with the legacy options that act at the call."""
        for kind, receive in call.arguments.receive:
            if self.is_transceiver_refused_by_legacy(connection):
                refused = self.reject_at_once(connection, call.call, "InvalidStateError")
                return self.returned(refused, call)
            connection = self.offer_to_receive(connection, kind, receive=receive)
        return self.chained(connection, call)

    @guard(LEGACY, "3.4")
    def is_transceiver_refused_by_legacy(self, connection: Connection) -> bool:
        """Closed, addTransceiver would throw, which ends the legacy steps."""
        return connection.is_closed

    @effect(LEGACY, "3, 3.1, 3.1.1, 3.1.2, 3.2, 3.3, 3.5")
    def offer_to_receive(self, connection: Connection, kind: Kind, *, receive: bool) -> Connection:
        """offerToReceiveAudio and offerToReceiveVideo; neither updates the flag."""
        ours = [one for one in connection.transceivers if one.kind is kind and not one.stopped]
        if not receive:
            for one in ours:
                connection = connection.updated(_not_receiving(one))
            return connection
        if any(one.direction.receives for one in ours):
            return connection
        return self.create_transceiver(connection, kind, Direction.RECVONLY)[0]

    def add_candidate_called(self, connection: Connection, call: Call) -> STATES:
        """addIceCandidate: its TypeError comes before the check for closed."""
        if self.is_candidate_without_section(call.arguments):
            return self.returned(self.reject_at_once(connection, call.call, "TypeError"), call)
        return self.chained(connection, call)

    @guard("#dom-rtcpeerconnection-addicecandidate", "3")
    def is_candidate_without_section(self, arguments: Arguments) -> bool:
        """A candidate that is not empty names neither a mid nor an index."""
        candidate = arguments.candidate
        unnamed = candidate.sdp_mid is None and candidate.sdp_m_line_index is None
        return candidate.candidate != "" and unnamed

    def replace_track_called(self, connection: Connection, call: Call) -> STATES:
        """replaceTrack: its TypeError comes before the check for closed."""
        transceiver = self.known(connection, call)
        if self.is_track_of_another_kind(transceiver, call.arguments):
            return self.returned(self.reject_at_once(connection, call.call, "TypeError"), call)
        return self.chained(connection, call)

    @guard("#dom-rtcrtpsender-replacetrack", "5")
    def is_track_of_another_kind(self, transceiver: Transceiver, arguments: Arguments) -> bool:
        """The track's kind differs from the transceiver's."""
        return arguments.track is not None and arguments.kind != transceiver.kind

    def known(self, connection: Connection, call: Call) -> Transceiver:
        """The transceiver that a call names.

        Raises:
            LookupError: the connection has never had such a transceiver.
        """
        transceiver = connection.transceiver(call.arguments.transceiver)
        if transceiver is None:
            raise LookupError(f"no transceiver {call.arguments.transceiver!r} for {call.method}")
        return transceiver

    # setParameters is not chained, but descriptions wait for it.

    def set_parameters_called(self, connection: Connection, call: Call) -> STATES:
        """getParameters() and setParameters() of the same."""
        if self.are_parameters_refused(self.known(connection, call)):
            refused = self.reject_at_once(connection, call.call, "InvalidStateError")
            return self.returned(refused, call)
        pending = (*connection.parameters, (call.call, len(connection.tasks)))
        return self.returned(replace(connection, parameters=pending), call)

    @guard("#dom-rtcrtpsender-setparameters", "4")
    def are_parameters_refused(self, transceiver: Transceiver) -> bool:
        """[[Stopping]] is true."""
        return transceiver.stopping

    def finish_parameters(self, connection: Connection, call: int) -> STATES:
        """The task of setParameters: resolve, or reject with whatever went wrong (a freedom)."""
        outcomes = [Outcome()]
        if self.has_freedom("failing-for-other-reasons"):
            outcomes.append(Outcome("OperationError"))
        rest = tuple(one for one in connection.parameters if one[0] != call)
        finished = replace(connection, parameters=rest)
        reactions = (Microtask("reaction", call, one, chained=False) for one in outcomes)
        return tuple(
            replace(finished, microtasks=(*connection.microtasks, reaction))
            for reaction in reactions
        )

    # Methods that act at once.

    def add_transceiver_called(self, connection: Connection, call: Call) -> STATES:
        """addTransceiver."""
        arguments = call.arguments
        if self.is_kind_unknown(arguments):
            return self.thrown(connection, call, "TypeError")
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        kind = Kind(arguments.kind or "")
        connection, made = self.create_transceiver(connection, kind, arguments.direction)
        made = replace(made, track=arguments.track, streams=unique(arguments.streams))
        return self.changed(connection.updated(made), call, made.id)

    @guard(ADD_TRANSCEIVER, "5, 5.1")
    def is_kind_unknown(self, arguments: Arguments) -> bool:
        """The kind is neither "audio" nor "video"."""
        return arguments.kind not in (Kind.AUDIO, Kind.VIDEO)

    def add_track_called(self, connection: Connection, call: Call) -> STATES:
        """addTrack."""
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        if self.is_track_added_already(connection, call.arguments):
            return self.thrown(connection, call, "InvalidAccessError")
        reused = self.sender_to_reuse(connection, call.arguments)
        if reused is None:
            connection, made = self.add_for_track(connection, call.arguments)
        else:
            made = self.reuse_for_track(reused, call.arguments)
        return self.changed(connection.updated(made), call, made.id)

    @guard(ADD_TRACK, "6")
    def is_track_added_already(self, connection: Connection, arguments: Arguments) -> bool:
        """A sender of a transceiver that is not stopped has the track."""
        live = (one for one in connection.transceivers if not one.stopped)
        return any(one.track is not None and one.track == arguments.track for one in live)

    @value(ADD_TRACK, "7")
    def sender_to_reuse(self, connection: Connection, arguments: Arguments) -> Transceiver | None:
        """The first sender that addTrack may reuse."""
        fitting = (one for one in connection.transceivers if self.may_reuse(one, arguments))
        return next(fitting, None)

    @guard(ADD_TRACK, "7.a, 7.b, 7.c, 7.d")
    def may_reuse(self, transceiver: Transceiver, arguments: Arguments) -> bool:
        """No track, of the kind, not stopping, never used to send."""
        free = transceiver.track is None and not transceiver.stopping
        return free and transceiver.kind == arguments.kind and not transceiver.has_sent

    @effect(ADD_TRACK, "8, 8.1, 8.2, 8.3, 8.5, 8.6")
    def reuse_for_track(self, transceiver: Transceiver, arguments: Arguments) -> Transceiver:
        """Use the sender for the track, and send in addition to what was done before."""
        direction = transceiver.direction
        return replace(
            transceiver,
            track=arguments.track,
            track_added=True,
            streams=unique(arguments.streams),
            direction=SENDING.get(direction, direction),
        )

    @effect(ADD_TRACK, "9, 9.1, 9.3, 9.4")
    def add_for_track(
        self, connection: Connection, arguments: Arguments
    ) -> tuple[Connection, Transceiver]:
        """Create a transceiver for the track."""
        kind = Kind(arguments.kind or "")
        connection, made = self.create_transceiver(connection, kind, Direction.SENDRECV)
        return connection, replace(
            made,
            track=arguments.track,
            streams=unique(arguments.streams),
            created_by_add_track=True,
            track_added=True,
        )

    def remove_track_called(self, connection: Connection, call: Call) -> STATES:
        """removeTrack."""
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        transceiver = self.known(connection, call)
        if self.is_nothing_to_remove(transceiver):
            return self.returned(connection, call)
        return self.changed(connection.updated(self.without_track(transceiver)), call)

    @guard(REMOVE_TRACK, "6, 8, 9")
    def is_nothing_to_remove(self, transceiver: Transceiver) -> bool:
        """It is stopping (or removed), or its sender has no track."""
        return transceiver.stopping or transceiver.track is None

    @effect(REMOVE_TRACK, "10, 11, 12")
    def without_track(self, transceiver: Transceiver) -> Transceiver:
        """Take away the track, and no longer send."""
        direction = transceiver.direction
        return replace(transceiver, track=None, direction=NO_LONGER.get(direction, direction))

    def direction_set(self, connection: Connection, call: Call) -> STATES:
        """The setter of direction."""
        transceiver, direction = self.known(connection, call), call.arguments.direction
        if self.is_direction_fixed(transceiver):
            return self.thrown(connection, call, "InvalidStateError")
        if self.is_direction_unchanged(transceiver, direction):
            return self.returned(connection, call)
        if self.is_direction_impossible(direction):
            return self.thrown(connection, call, "TypeError")
        changed = replace(transceiver, direction=direction)
        return self.changed(connection.updated(changed), call)

    @guard(DIRECTION, "3")
    def is_direction_fixed(self, transceiver: Transceiver) -> bool:
        """[[Stopping]] is true."""
        return transceiver.stopping

    @guard(DIRECTION, "5")
    def is_direction_unchanged(self, transceiver: Transceiver, direction: Direction) -> bool:
        """The new direction is equal to [[Direction]]: nothing happens."""
        return transceiver.direction is direction

    @guard(DIRECTION, "6")
    def is_direction_impossible(self, direction: Direction) -> bool:
        """Nothing can be set to "stopped"."""
        return direction is Direction.STOPPED

    def stop_called(self, connection: Connection, call: Call) -> STATES:
        """stop() of a transceiver."""
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        transceiver = self.known(connection, call)
        if self.is_stopped_twice(transceiver):
            return self.returned(connection, call)
        stopping = self.stop_sending_and_receiving(transceiver)
        return self.changed(connection.updated(stopping), call)

    @guard(STOP, "4")
    def is_stopped_twice(self, transceiver: Transceiver) -> bool:
        """[[Stopping]] is true already: nothing happens."""
        return transceiver.stopping

    def set_streams_called(self, connection: Connection, call: Call) -> STATES:
        """setStreams of a sender."""
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        transceiver = self.known(connection, call)
        changed = replace(transceiver, streams=unique(call.arguments.streams))
        return self.changed(connection.updated(changed), call)

    def create_data_channel_called(self, connection: Connection, call: Call) -> STATES:
        """createDataChannel."""
        if not is_channel_converted(call.arguments.channel):
            return self.thrown(connection, call, "TypeError")
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        channel = call.arguments.channel
        error = self.data_channel_error(connection, channel)
        if error == "TypeError" or (error is not None and not self.may_channel_fail(connection)):
            return self.thrown(connection, call, error)
        states = self.channel_created(connection, call)
        if self.may_channel_fail(connection):
            states += self.thrown(connection, call, "OperationError")
        return states

    def channel_created(self, connection: Connection, call: Call) -> STATES:
        """The channel is the connection's; its id counts if the application has chosen it."""
        channel = call.arguments.channel
        first = self.is_first_channel(connection)
        ids = {channel.id} if channel.negotiated and channel.id is not None else set()
        connection = replace(
            connection,
            channels=min(connection.channels + 1, 2),
            channel_ids=connection.channel_ids | ids,
        )
        return self.changed(connection, call) if first else self.returned(connection, call)

    @effect("#dom-rtcpeerconnection-restartice", "2, 3")
    def restart_ice_called(self, connection: Connection, call: Call) -> STATES:
        """restartIce: replace the credentials there are, and update the flag; never throws."""
        both = (connection.current_local_description, connection.pending_local_description)
        local = [one for one in both if one is not None]
        used = frozenset(name for one in local for name in one.ice)
        if not used and any(not section.rejected for one in local for section in one.sections):
            used = frozenset({FreshNames(connection).take("ice")})  # there are some, unnamed
        return self.changed(replace(connection, local_ice_credentials_to_replace=used), call)

    def set_configuration_called(self, connection: Connection, call: Call) -> STATES:
        """setConfiguration."""
        if not is_configuration_converted(call.arguments.configuration):
            return self.thrown(connection, call, "TypeError")
        if self.does_close_make_it_throw(connection):
            return self.thrown(connection, call, "InvalidStateError")
        configuration = call.arguments.configuration
        fixed = self.configuration_error(connection, configuration)
        states = self.thrown(connection, call, fixed) if fixed is not None else ()
        if fixed is None or connection.configuration is None:
            for error in sorted(self.ice_servers_errors(configuration), key=str):
                states += self.configuration_validated(connection, call, error)
        return states

    def configuration_validated(
        self, connection: Connection, call: Call, error: str | None
    ) -> STATES:
        """The ICE servers are refused with an error, or the configuration is set."""
        if error is not None:
            return self.thrown(connection, call, error)
        return self.returned(self.configured(connection, call.arguments.configuration), call)

    def configured(self, connection: Connection, configuration: Configuration) -> Connection:
        """Store the configuration; other ICE servers or another policy may restart ICE (JSEP)."""
        old = connection.configuration
        same = old is not None and (old.ice_servers, old.ice_transport_policy) == (
            configuration.ice_servers,
            configuration.ice_transport_policy,
        )
        changed = connection.ice_configuration_changed or not same
        return replace(connection, configuration=configuration, ice_configuration_changed=changed)

    @value(CONFIGURATION, "3, 3.4, 3.5, 3.6")
    def configuration_error(
        self, connection: Connection, configuration: Configuration
    ) -> str | None:
        """The error of a configuration that changes what cannot change (or may, if not known)."""
        if connection.configuration is None:
            return "InvalidModificationError"
        old = connection.configuration
        policies = configuration.bundle_policy, configuration.rtcp_mux_policy
        pool_changed = configuration.ice_candidate_pool_size != old.ice_candidate_pool_size
        if policies != (old.bundle_policy, old.rtcp_mux_policy):
            return "InvalidModificationError"
        if pool_changed and connection.set_local_description_called:
            return "InvalidModificationError"
        return None

    @value(CONFIGURATION, "6, 6.3, 6.4")
    def ice_servers_errors(self, configuration: Configuration) -> Errors:
        """The errors that the ICE servers may be refused with; the first wrong one decides."""
        return first_errors(server_errors(one) for one in configuration.ice_servers)

    def close_called(self, connection: Connection, call: Call) -> STATES:
        """close()."""
        if self.is_closed_twice(connection):
            return self.returned(connection, call)
        return self.returned(self.close_connection(connection), call)

    @guard(CLOSE, "1")
    def is_closed_twice(self, connection: Connection) -> bool:
        """[[IsClosed]] is true already: nothing happens."""
        return connection.is_closed

    @effect(CLOSE, "2, 3, 4, 4.1, 4.2")
    def close_connection(self, connection: Connection) -> Connection:
        """Set [[IsClosed]], the signaling state to "closed" with no event, stop everything."""
        stopped = tuple(
            one if one.stopped else self.stop_transceiver(one) for one in connection.transceivers
        )
        return replace(
            connection,
            is_closed=True,
            signaling_state=SignalingState.CLOSED,
            transceivers=stopped,
        )


def _not_receiving(transceiver: Transceiver) -> Transceiver:
    direction = transceiver.direction
    if not direction.receives:
        return transceiver
    return replace(transceiver, direction=Direction.of(sends=direction.sends, receives=False))


def unique(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each once, in the order in which they came first."""
    return tuple(dict.fromkeys(names))


CHAINED = frozenset(
    {
        "createOffer",
        "createAnswer",
        "setLocalDescription",
        "setRemoteDescription",
        "addIceCandidate",
        "replaceTrack",
    }
)
"""The methods whose operations are chained."""

PROMISED = CHAINED | {"setParameters"}
"""The methods that return a promise."""

METHODS = {
    "createOffer": "create_offer_called",
    "createAnswer": "chained",
    "setLocalDescription": "set_local_called",
    "setRemoteDescription": "set_remote_called",
    "addIceCandidate": "add_candidate_called",
    "replaceTrack": "replace_track_called",
    "setParameters": "set_parameters_called",
    "addTransceiver": "add_transceiver_called",
    "addTrack": "add_track_called",
    "removeTrack": "remove_track_called",
    "direction": "direction_set",
    "stop": "stop_called",
    "setStreams": "set_streams_called",
    "createDataChannel": "create_data_channel_called",
    "restartIce": "restart_ice_called",
    "setConfiguration": "set_configuration_called",
    "close": "close_called",
}

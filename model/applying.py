"""Set a session description: what an applied description does to the connection.

Reads like the text: prepare (a first offer remembers the stable state), set the slots, process the
m-sections or roll back, remove what an answer ended, return to stable, fire, resolve.
"""

from __future__ import annotations

from .description import Description, Section
from .enums import Direction, Kind, SdpType, Side, SignalingState
from .source import effect, guard, value
from .state import Connection, Operation, Outcome, Step, Transceiver, replace
from .transceivers import TrackChanges
from .validity import Validity

SET = "#set-description"
ASSOCIATE = "jsep:5.10"


class Applying(Validity):
    """The rules of applying a description."""

    def apply(self, connection: Connection, side: Side, description: Description) -> Connection:
        """The task of a description that was applied, up to and with its events and promise."""
        before = connection
        if description.type is SdpType.OFFER:
            connection = self.remember_stable_state(connection)
        if description.type is SdpType.ROLLBACK:
            connection, changes = self.roll_back(connection, side)
        else:
            connection = self.set_description_slots(connection, side, description)
            connection = self.note_data_channel_ids(connection)
            replaced = before.pending_remote_description
            connection, changes = self.process_sections(connection, side, description, replaced)
        if description.type is SdpType.ANSWER:
            connection = self.remove_rejected_transceivers(connection)
        if connection.signaling_state is SignalingState.STABLE:
            connection = self.return_to_stable(connection)
        steps = (*self.state_change_steps(before, connection), *changes.steps())
        return replace(connection, steps=(*connection.steps, *steps, Step(outcome=Outcome())))

    @effect(SET, "4.6.4, 4.6.4.2, 4.6.4.2.4")
    def remember_stable_state(self, connection: Connection) -> Connection:
        """An offer in "stable" remembers streams and associations for a rollback."""
        stable = connection.signaling_state is SignalingState.STABLE
        if not stable and not self.insists_on_other("prior-to-pending"):
            return connection
        remembered = tuple(self._remembered(one, stable=stable) for one in connection.transceivers)
        return replace(connection, transceivers=remembered)

    def _remembered(self, transceiver: Transceiver, *, stable: bool) -> Transceiver:
        streams = transceiver.remote_streams
        if not stable:
            streams = transceiver.last_stable_remote_streams
        return replace(
            transceiver,
            last_stable_remote_streams=streams,
            last_stable_jsep_mid=transceiver.jsep_mid,
            created_with_pending=False,
        )

    @effect(SET, "4.6.5, 4.6.5.1, 4.6.5.3, 4.6.6, 4.6.6.1, 4.6.6.3")
    def set_description_slots(
        self, connection: Connection, side: Side, description: Description
    ) -> Connection:
        """Set the pending or current descriptions and the signaling state."""
        state = self.next_signaling_state(connection.signaling_state, side, description.type)
        connection = replace(connection, signaling_state=state or connection.signaling_state)
        if side is Side.REMOTE and self.insists_on_other("candidate-of-a-replaced-description"):
            applied = connection.applied_remote_credentials | description.credentials_by_mid()
            connection = replace(connection, applied_remote_credentials=applied)
        if side is Side.LOCAL and self.are_credentials_new(connection, description):
            connection = replace(connection, ice_configuration_changed=False)
        if description.type is SdpType.ANSWER:
            return self.complete_negotiation(connection, side, description)
        if side is Side.LOCAL:
            return replace(connection, pending_local_description=description)
        replaces_restart = (
            connection.pending_remote_description is not None
            and self.does_remote_offer_restart_ice(connection)
        )
        return replace(
            connection,
            pending_remote_description=description,
            replaced_offer_restarts_ice=connection.replaced_offer_restarts_ice or replaces_restart,
        )

    @guard("jsep:3.5.1")
    def are_credentials_new(self, connection: Connection, description: Description) -> bool:
        """A local description restarts ICE, or begins: no other configuration waits for it then."""
        local = (connection.current_local_description, connection.pending_local_description)
        used = frozenset[str]().union(*(one.ice for one in local if one is not None))
        return bool(description.ice) and not description.ice & used

    @effect(SET, "4.6.5.2, 4.6.6.2")
    def complete_negotiation(
        self, connection: Connection, side: Side, answer: Description
    ) -> Connection:
        """An answer makes the pending descriptions current and forgets what was created."""
        local = answer if side is Side.LOCAL else connection.pending_local_description
        remote = answer if side is Side.REMOTE else connection.pending_remote_description
        connection = replace(
            connection,
            current_local_description=local,
            current_remote_description=remote,
            pending_local_description=None,
            pending_remote_description=None,
            replaced_offer_restarts_ice=False,
        )
        return self.forget_replaced_credentials(self.forget_created(connection), local)

    @effect(SET, "4.6.5.2, 4.6.6.2")
    def forget_created(self, connection: Connection) -> Connection:
        """Set [[LastCreatedOffer]] and [[LastCreatedAnswer]] to ""."""
        return replace(connection, last_created_offer=None, last_created_answer=None)

    @effect(SET, "4.6.5.2, 4.6.6.2")
    def forget_replaced_credentials(
        self, connection: Connection, local: Description | None
    ) -> Connection:
        """Empty [[LocalIceCredentialsToReplace]] if the local description has none of them."""
        if local is not None and connection.local_ice_credentials_to_replace & local.ice:
            return connection
        return replace(connection, local_ice_credentials_to_replace=frozenset())

    def process_sections(
        self,
        connection: Connection,
        side: Side,
        description: Description,
        replaced: Description | None,
    ) -> tuple[Connection, TrackChanges]:
        """Run the steps for each m-section; `replaced` is the remote offer that was pending."""
        changes = TrackChanges()
        process = self.process_local if side is Side.LOCAL else self.process_remote
        for index, section in enumerate(description.sections):
            if side is Side.REMOTE:
                connection = self.disassociate_recycled(connection, index, description, replaced)
            if section.kind is not Kind.APPLICATION:
                connection, more = process(connection, section, description)
                changes = changes + more
        return connection, changes

    @effect(ASSOCIATE, "9.1")
    def disassociate_recycled(
        self,
        connection: Connection,
        index: int,
        description: Description,
        replaced: Description | None,
    ) -> Connection:
        """A recycled m-section takes the mid property of the transceiver that it was.

        What the `replaced` offer rejected may be recycled as if that had been answered.
        """
        for before in (
            connection.current_local_description,
            connection.current_remote_description,
            replaced,
        ):
            if before is None or index >= len(before.sections):
                continue
            old = before.sections[index]
            transceiver = connection.with_mid(old.mid)
            gone = old.rejected and description.section(old.mid) is None
            if gone and transceiver is not None:
                connection = connection.updated(replace(transceiver, jsep_mid=None))
        return connection

    def process_local(
        self, connection: Connection, section: Section, description: Description
    ) -> tuple[Connection, TrackChanges]:
        """The steps for an m-section of a local description."""
        transceiver = self.transceiver_of_local(connection, section)
        if transceiver is None:
            return connection, TrackChanges()
        transceiver = self.associate_local(transceiver, section)
        changes = TrackChanges()
        if description.type is not SdpType.OFFER and not transceiver.stopped:
            transceiver, changes = self.answer_locally(transceiver, section.direction)
        return connection.updated(transceiver), changes

    @value("jsep:5.9", "3.1, 3.1.1")
    def transceiver_of_local(self, connection: Connection, section: Section) -> Transceiver | None:
        """The transceiver with the section's mid, or the one that the section was created for."""
        associated = connection.with_mid(section.mid)
        if associated is not None or section.transceiver is None:
            return associated
        made_for = (one for one in connection.transceivers if one.id == section.transceiver)
        return next(made_for, None)

    @effect("jsep:5.9", "3.1.2")
    def associate_local(self, transceiver: Transceiver, section: Section) -> Transceiver:
        """A local description gives the transceiver its mid."""
        return replace(transceiver, jsep_mid=section.mid, mid=section.mid)

    @effect(SET, "4.6.11.1.7, 4.6.11.1.7.3, 4.6.11.1.7.3.1, 4.6.11.1.7.4")
    def answer_locally(
        self, transceiver: Transceiver, direction: Direction
    ) -> tuple[Transceiver, TrackChanges]:
        """A local answer ends what is no longer received, and sets both directions."""
        changes = TrackChanges()
        fired = transceiver.fired_direction
        if not direction.receives and fired is not None and fired.receives:
            transceiver, changes = self.set_associated_remote_streams(transceiver, ())
        changed = self.set_current_direction(transceiver, direction)
        return replace(changed, fired_direction=direction), changes

    def process_remote(
        self, connection: Connection, section: Section, description: Description
    ) -> tuple[Connection, TrackChanges]:
        """The steps for an m-section of a remote description."""
        if description.type is SdpType.ANSWER and self._makes_what_goes_unseen(connection, section):
            return connection, TrackChanges()
        connection, transceiver = self.transceiver_of_remote(connection, section)
        transceiver = replace(transceiver, jsep_mid=section.mid, mid=section.mid)
        direction = self.remote_direction(section)
        msids = section.streams if direction.receives else ()
        transceiver, changes = self.process_remote_tracks(transceiver, direction, msids)
        if description.type is not SdpType.OFFER:
            transceiver = self.set_current_direction(transceiver, direction)
        if self.does_remote_rejection_stop(section, transceiver):
            transceiver = self.stop_transceiver(transceiver)
        return connection.updated(transceiver), changes

    def _makes_what_goes_unseen(self, connection: Connection, section: Section) -> bool:
        """Whether a transceiver would be made, stopped and removed again in the same task.

        So it is, to the letter, with an m-section that an earlier answer rejected and that is still
        rejected. No script ever sees it: transceivers are named in the order of first sight.
        """
        has_none = connection.with_mid(section.mid) is None
        return section.rejected and has_none and self.find_unassociated(connection, section) is None

    @value(SET, "4.6.11.2.10")
    def remote_direction(self, section: Section) -> Direction:
        """The section's direction from this end's point of view; "inactive" when rejected."""
        return Direction.INACTIVE if section.rejected else section.direction.reversed

    @guard(SET, "4.6.11.2.15")
    def does_remote_rejection_stop(self, section: Section, transceiver: Transceiver) -> bool:
        """A rejected m-section of a remote description stops its transceiver."""
        return section.rejected and not transceiver.stopped

    def transceiver_of_remote(
        self, connection: Connection, section: Section
    ) -> tuple[Connection, Transceiver]:
        """Find the transceiver of a remote m-section, or create one."""
        found = connection.with_mid(section.mid) or self.find_unassociated(connection, section)
        if found is not None:
            return connection, found
        return self.create_for_remote(connection, section)

    @value(ASSOCIATE, "9.2.1")
    def find_unassociated(self, connection: Connection, section: Section) -> Transceiver | None:
        """The first transceiver that a new remote m-section takes over, if any."""
        if not section.direction.receives:
            return None
        return next(
            (one for one in connection.transceivers if self.may_associate(one, section)), None
        )

    @guard(ASSOCIATE, "9.2.1")
    def may_associate(self, transceiver: Transceiver, section: Section) -> bool:
        """It was added by addTrack, is of the kind, has no m-section and is not stopped."""
        added = transceiver.created_by_add_track
        if self.insists_on_other("kept-transceiver-offered-again"):
            added = added or transceiver.track_added
        free = transceiver.jsep_mid is None and not transceiver.stopped
        return added and free and transceiver.kind is section.kind

    @effect(SET, "4.6.11.2.7, 4.6.11.2.7.3, 4.6.11.2.7.4")
    def create_for_remote(
        self, connection: Connection, section: Section
    ) -> tuple[Connection, Transceiver]:
        """A remote m-section without a transceiver makes one, receiving only."""
        connection, made = self.create_transceiver(connection, section.kind, Direction.RECVONLY)
        made = replace(made, created_with_pending=True)
        return connection.updated(made), made

    def roll_back(self, connection: Connection, side: Side) -> tuple[Connection, TrackChanges]:
        """The steps of a rollback."""
        changes = TrackChanges()
        for one in connection.transceivers:
            connection, more = self.roll_back_transceiver(connection, one)
            changes = changes + more
        return self.forget_pending(connection, side), changes

    def roll_back_transceiver(
        self, connection: Connection, transceiver: Transceiver
    ) -> tuple[Connection, TrackChanges]:
        """Undo to one transceiver what the pending description did to it."""
        changes = TrackChanges()
        if self.is_to_disassociate(transceiver):
            transceiver = replace(transceiver, jsep_mid=None, mid=None)
        elif self.insists_on_other("rollback-of-a-recycled-section"):
            transceiver = replace(transceiver, jsep_mid=transceiver.last_stable_jsep_mid)
        if connection.signaling_state is SignalingState.HAVE_REMOTE_OFFER:
            transceiver, changes = self.restore_remote_tracks(transceiver)
        if self.is_rollback_removing(transceiver):
            stopped = self.stop_transceiver(transceiver)
            return self.remove_transceiver(connection, stopped), changes
        return connection.updated(transceiver), changes

    @guard(SET, "4.6.12.3.1")
    def is_to_disassociate(self, transceiver: Transceiver) -> bool:
        """JSEP had given it no mid before pendingDescription was set, whatever [[Mid]] shows."""
        return transceiver.last_stable_jsep_mid is None

    @effect(SET, "4.6.12.3.6, 4.6.12.3.6.1, 4.6.12.3.6.2")
    def restore_remote_tracks(self, transceiver: Transceiver) -> tuple[Transceiver, TrackChanges]:
        """Go back to the streams of the last stable state, in the current direction."""
        direction = transceiver.current_direction or Direction.INACTIVE
        restored, changes = self.process_remote_tracks(
            transceiver, direction, transceiver.last_stable_remote_streams
        )
        return replace(restored, fired_direction=transceiver.current_direction), changes

    @guard(SET, "4.6.12.3.7")
    def is_rollback_removing(self, transceiver: Transceiver) -> bool:
        """The pending description created it, and addTrack never attached a track to it."""
        return transceiver.created_with_pending and not transceiver.track_added

    @effect(SET, "4.6.12.4")
    def forget_pending(self, connection: Connection, side: Side) -> Connection:
        """Set both pending descriptions to null and the signaling state to "stable"."""
        kept = (replace(one, created_with_pending=False) for one in connection.transceivers)
        state = self.next_signaling_state(connection.signaling_state, side, SdpType.ROLLBACK)
        return replace(
            connection,
            transceivers=tuple(kept),
            pending_local_description=None,
            pending_remote_description=None,
            replaced_offer_restarts_ice=False,
            signaling_state=state or connection.signaling_state,
        )

    @effect(SET, "4.6.13, 4.6.13.1, 4.6.13.1.1")
    def remove_rejected_transceivers(self, connection: Connection) -> Connection:
        """An answer removes stopped transceivers whose m-section is rejected in a current one."""
        for one in connection.transceivers:
            if one.stopped and self.is_rejected_in_current(connection, one):
                if self.insists_on_other("mid-of-a-removed-transceiver"):
                    one = replace(one, mid=None)
                connection = self.remove_transceiver(connection, one)
        return connection

    @guard(SET, "4.6.13.1.1")
    def is_rejected_in_current(self, connection: Connection, transceiver: Transceiver) -> bool:
        """The associated m-section is rejected in either current description."""
        current = (connection.current_local_description, connection.current_remote_description)
        sections = [one.section(transceiver.jsep_mid) for one in current if one is not None]
        return any(section is not None and section.rejected for section in sections)

    @effect(SET, "4.6.14, 4.6.14.3")
    def return_to_stable(self, connection: Connection) -> Connection:
        """Clear the negotiation-needed flag and update it."""
        cleared = self.clear_negotiation_needed(connection)
        kept = (replace(one, created_with_pending=False) for one in cleared.transceivers)
        return self.update_negotiation_needed_flag(replace(cleared, transceivers=tuple(kept)))

    @value(SET, "4.6.15")
    def state_change_steps(self, before: Connection, after: Connection) -> tuple[Step, ...]:
        """Fire signalingstatechange if the signaling state changed above."""
        if before.signaling_state is after.signaling_state:
            return ()
        return (Step("signalingstatechange"),)

    @guard(SET, "4.6.2")
    def must_start_over_for_tracks(self, connection: Connection, operation: Operation) -> bool:
        """A remote offer starts over if addTrack made a transceiver while it was being applied."""
        description = operation.description
        if description is None or description.type is not SdpType.OFFER:
            return False
        return operation.method == "setRemoteDescription" and any(
            one.created_by_add_track and one.id not in operation.transceivers
            for one in connection.transceivers
        )

    @guard(SET, "4.6.3")
    def must_start_over_for_parameters(self, connection: Connection) -> bool:
        """Any description starts over while promises of setParameters are not settled."""
        return bool(connection.parameters)

"""The negotiation-needed flag: when it is updated, and the check that decides it."""

from __future__ import annotations

from .description import Description, Section
from .enums import Direction, Kind, SdpType, SignalingState
from .signaling import Signaling
from .source import effect, guard, value
from .state import Connection, Step, Task, Transceiver, replace

UPDATE = "#dfn-update-the-negotiation-needed-flag"
CHECK = "#dfn-check-if-negotiation-is-needed"

UPDATE_TASK = Task("update the negotiation-needed flag")


class NegotiationNeeded(Signaling):
    """The rules of the flag."""

    @guard(UPDATE, "1")
    def is_chain_empty(self, connection: Connection) -> bool:
        """The length of [[Operations]] is 0."""
        return not connection.operations

    @effect(UPDATE, "1, 2")
    def update_negotiation_needed_flag(self, connection: Connection) -> Connection:
        """Remember the update while the chain is not empty, else queue a task for it."""
        if not self.is_chain_empty(connection):
            return self.remember_update(connection)
        return self.queue_update(connection)

    @effect(UPDATE, "1, 2.2")
    def remember_update(self, connection: Connection) -> Connection:
        """Set [[UpdateNegotiationNeededFlagOnEmptyChain]]."""
        return replace(connection, update_negotiation_needed_flag_on_empty_chain=True)

    @effect(UPDATE, "2")
    def queue_update(self, connection: Connection) -> Connection:
        """Queue a task to update the flag; a third in a row cannot be told from the second.

        The first may set the flag, the second may still find what the first one's event began.
        """
        if connection.tasks[-2:] == (UPDATE_TASK, UPDATE_TASK):
            return connection
        return replace(connection, tasks=(*connection.tasks, UPDATE_TASK))

    def run_update(self, connection: Connection) -> Connection:
        """The queued task: set the flag and fire, clear it, or do nothing."""
        if self.is_update_pointless_once_closed(connection):
            return connection
        if not self.is_chain_empty_in_the_task(connection):
            return self.remember_update(connection)
        if not self.is_stable_for_the_flag(connection):
            return connection
        if not self.check_if_negotiation_is_needed(connection):
            return self.clear_negotiation_needed(connection)
        if self.is_flag_already_true(connection):
            return connection
        return self.set_negotiation_needed_and_fire(connection)

    @guard(UPDATE, "2.1")
    def is_update_pointless_once_closed(self, connection: Connection) -> bool:
        """The task does nothing if [[IsClosed]] is true."""
        return connection.is_closed

    @guard(UPDATE, "2.2")
    def is_chain_empty_in_the_task(self, connection: Connection) -> bool:
        """The task looks at the chain again: operations may have come since it was queued."""
        return not connection.operations

    @guard(UPDATE, "2.3")
    def is_stable_for_the_flag(self, connection: Connection) -> bool:
        """The flag changes in "stable" only; the return to stable updates it again."""
        return connection.signaling_state is SignalingState.STABLE

    @guard(UPDATE, "2.5")
    def is_flag_already_true(self, connection: Connection) -> bool:
        """The event is not fired again while [[NegotiationNeeded]] is true."""
        return connection.negotiation_needed

    @effect("#dfn-clear-the-negotiation-needed-flag")
    def clear_negotiation_needed(self, connection: Connection) -> Connection:
        """Set [[NegotiationNeeded]] to false."""
        return replace(connection, negotiation_needed=False)

    @effect(UPDATE, "2.6, 2.7")
    def set_negotiation_needed_and_fire(self, connection: Connection) -> Connection:
        """Set [[NegotiationNeeded]] to true and fire negotiationneeded."""
        step = Step("negotiationneeded")
        return replace(connection, negotiation_needed=True, steps=(*connection.steps, step))

    @guard(CHECK, "5, 6")
    def check_if_negotiation_is_needed(self, connection: Connection) -> bool:
        """Whether anything remains to be negotiated."""
        return (
            self.must_replace_ice_credentials(connection)
            or self.must_negotiate_data(connection)
            or any(self.must_negotiate(connection, one) for one in connection.transceivers)
        )

    @guard(CHECK, "2")
    def must_replace_ice_credentials(self, connection: Connection) -> bool:
        """[[LocalIceCredentialsToReplace]] is not empty."""
        return bool(connection.local_ice_credentials_to_replace)

    @guard(CHECK, "3, 4")
    def must_negotiate_data(self, connection: Connection) -> bool:
        """A data channel was created, and no m-section has been negotiated yet for data."""
        description = connection.current_local_description
        sections = description.sections if description else ()
        counts_rejected = not self.insists_on_other("rejected-data-section")
        return connection.channels > 0 and not any(
            one.kind is Kind.APPLICATION and (counts_rejected or not one.rejected)
            for one in sections
        )

    def must_negotiate(self, connection: Connection, transceiver: Transceiver) -> bool:
        """The checks that are made for each transceiver."""
        if transceiver.stopped:
            return self.must_reject_section(connection, transceiver)
        return (
            self.is_stopping_not_stopped(transceiver)
            or self.is_unassociated(connection, transceiver)
            or self.must_negotiate_section(connection, transceiver)
        )

    @guard(CHECK, "5.1")
    def is_stopping_not_stopped(self, transceiver: Transceiver) -> bool:
        """[[Stopping]] is true and [[Stopped]] is false."""
        return transceiver.stopping and not transceiver.stopped

    @guard(CHECK, "5.2")
    def is_unassociated(self, connection: Connection, transceiver: Transceiver) -> bool:
        """The transceiver is not stopped and not yet associated with a section in description."""
        return self.associated_section(connection, transceiver) is None

    @value("#dfn-associated")
    def associated_section(
        self, connection: Connection, transceiver: Transceiver
    ) -> Section | None:
        """The m-section of [[CurrentLocalDescription]] that the transceiver is associated with.

        Its "mid" property, [[JsepMid]], decides, not the mid that it shows.
        """
        return _section_of(connection.current_local_description, transceiver.jsep_mid)

    def must_negotiate_section(self, connection: Connection, transceiver: Transceiver) -> bool:
        """The checks of a transceiver against its m-section."""
        description = connection.current_local_description
        section = self.associated_section(connection, transceiver)
        if description is None or section is None:
            return False
        if self.do_msids_differ(connection, transceiver, section):
            return True
        if description.type is SdpType.OFFER:
            return self.does_direction_differ_as_offerer(connection, transceiver, section)
        return self.does_direction_differ_as_answerer(connection, transceiver, section)

    @guard(CHECK, "5.3.1")
    def do_msids_differ(
        self, connection: Connection, transceiver: Transceiver, section: Section
    ) -> bool:
        """A sending transceiver's streams differ from the msids of its m-section."""
        if not transceiver.direction.sends:
            return False
        if self.insists_on_other("answerer-begins-to-send") and not section.direction.sends:
            return False
        if self.insists_on_other("msid-without-streams") and not section.msids:
            return True
        return frozenset(section.msids) != frozenset(transceiver.streams)

    @guard(CHECK, "5.3.2")
    def does_direction_differ_as_offerer(
        self, connection: Connection, transceiver: Transceiver, section: Section
    ) -> bool:
        """Neither the local direction nor the reversed remote one is [[Direction]]."""
        remote = _section_of(connection.current_remote_description, transceiver.jsep_mid)
        matches_remote = remote is not None and _reversed(remote) is transceiver.direction
        return section.direction is not transceiver.direction and not matches_remote

    @guard(CHECK, "5.3.3")
    def does_direction_differ_as_answerer(
        self, connection: Connection, transceiver: Transceiver, section: Section
    ) -> bool:
        """The answered direction is not [[Direction]] intersected with the offered direction."""
        offered = _section_of(connection.current_remote_description, transceiver.jsep_mid)
        if offered is None:
            return section.direction is not transceiver.direction
        return section.direction is not transceiver.direction & _reversed(offered)

    @guard(CHECK, "5.4")
    def must_reject_section(self, connection: Connection, transceiver: Transceiver) -> bool:
        """A stopped transceiver is associated with an m-section that neither side rejects yet."""
        local = self.associated_section(connection, transceiver)
        remote = _section_of(connection.current_remote_description, transceiver.jsep_mid)
        sections = [section for section in (local, remote) if section is not None]
        return bool(sections) and not any(section.rejected for section in sections)


def _section_of(description: Description | None, mid: str | None) -> Section | None:
    return description.section(mid) if description else None


def _reversed(section: Section) -> Direction:
    return section.direction.reversed

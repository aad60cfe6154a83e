"""Rules of the negotiation-needed flag as they once were, each with the race that ended it.

Until PR #2478 the flag was updated at the call, and only the event waited in a task; until PR #2509
the update was an operation of the chain. These specifications follow the texts of their time.
"""

from __future__ import annotations

from negotiation.model import Arguments, Connection, SignalingState, Specification
from negotiation.model.chain import FULFILLED, STATES
from negotiation.model.flag import UPDATE_TASK
from negotiation.model.state import Microtask, Operation, Step, replace

from .mutating import Mutation

INTERNAL = "negotiationneeded"
NO_CALL = 0


class UpdatedAtTheCall(Specification):
    """The flag is updated at the call; a task fires the event if the flag is still set."""

    def update_negotiation_needed_flag(self, connection: Connection) -> Connection:
        """The update before PR #2478: nothing waits but the event."""
        stable = connection.signaling_state is SignalingState.STABLE
        if connection.is_closed or not stable:
            return connection
        if not self.check_if_negotiation_is_needed(connection):
            return self.clear_negotiation_needed(connection)
        if connection.negotiation_needed:
            return connection
        return self.event_to_come(replace(connection, negotiation_needed=True))

    def event_to_come(self, connection: Connection) -> Connection:
        """Queue a task to fire."""
        return replace(connection, tasks=(*connection.tasks, UPDATE_TASK))

    def run_update(self, connection: Connection) -> Connection:
        """The task: fire, if the flag is still set."""
        if connection.is_closed or not connection.negotiation_needed:
            return connection
        return replace(connection, steps=(*connection.steps, Step(INTERNAL)))


class UpdatedTwice(UpdatedAtTheCall):
    """Before #1332: a flag that was true before and after a return to "stable" fires anew."""

    def return_to_stable(self, connection: Connection) -> Connection:
        """Update the flag, and fire also if it was set all along."""
        kept = (replace(one, created_with_pending=False) for one in connection.transceivers)
        updated = self.update_negotiation_needed_flag(replace(connection, transceivers=tuple(kept)))
        if connection.negotiation_needed and updated.negotiation_needed:
            return self.event_to_come(updated)
        return updated


class WithInternalOperations(Specification):
    """Steps of the user agent's own can be chained; nobody sees their promises."""

    def chain_internally(self, connection: Connection) -> Connection:
        """Chain the internal operation."""
        if connection.is_closed:
            return connection
        operation = Operation(NO_CALL, INTERNAL, Arguments())
        [chained] = self.chain(connection, operation)
        return chained

    def execute(self, connection: Connection) -> STATES:
        """Execute the first operation, which may be an internal one."""
        if connection.operations[0].method == INTERNAL:
            return (self.run_internally(connection),)
        return super().execute(connection)

    def run_internally(self, connection: Connection) -> Connection:
        """What the internal operation does."""
        raise NotImplementedError

    def react_to_operation(self, connection: Connection, microtask: Microtask) -> Connection:
        """Nobody reacts to an internal operation's promise."""
        if microtask.call != NO_CALL or connection.is_closed:
            return super().react_to_operation(connection, microtask)
        removal = Microtask("remove", NO_CALL)
        return replace(connection, microtasks=(*connection.microtasks, removal))


class FiredThroughTheChain(WithInternalOperations, UpdatedAtTheCall):
    """PR #2405: the event is an operation of the chain, which queues a task."""

    def event_to_come(self, connection: Connection) -> Connection:
        """Chain a step that queues the task."""
        return self.chain_internally(connection)

    def run_internally(self, connection: Connection) -> Connection:
        """Queue the task to fire, and be done."""
        queued = replace(connection, tasks=(*connection.tasks, UPDATE_TASK))
        return self.settle(queued, FULFILLED)


class FiredInStableOnly(FiredThroughTheChain):
    """PR #2405 with the remedy of #2471: the task looks at the state again."""

    def run_update(self, connection: Connection) -> Connection:
        """Fire in "stable" only."""
        if connection.signaling_state is not SignalingState.STABLE:
            return connection
        return super().run_update(connection)


class UpdatedThroughTheChain(WithInternalOperations):
    """PR #2478: a task chains the whole update, which fires in its turn."""

    def update_negotiation_needed_flag(self, connection: Connection) -> Connection:
        """Queue a task, whether or not the chain is empty."""
        return self.queue_update(connection)

    def run_update(self, connection: Connection) -> Connection:
        """The task: chain the update."""
        return self.chain_internally(connection)

    def run_internally(self, connection: Connection) -> Connection:
        """Set the flag and fire, clear it, or do nothing; then be done."""
        updated = self._updated(connection)
        if not updated.steps:
            return self.settle(updated, FULFILLED)
        return replace(updated, steps=(*updated.steps, Step()))

    def _updated(self, connection: Connection) -> Connection:
        if connection.is_closed or not self.is_stable_for_the_flag(connection):
            return connection
        if not self.check_if_negotiation_is_needed(connection):
            return self.clear_negotiation_needed(connection)
        if connection.negotiation_needed:
            return connection
        return self.set_negotiation_needed_and_fire(connection)


HISTORICAL = (
    Mutation(
        "return_to_stable/before-1332",
        "return_to_stable",
        "a change that is undone and made again in one task fires twice (webrtc-pc #1332)",
        UpdatedTwice,
    ),
    Mutation(
        "is_chain_empty_in_the_task/before-pr-2405",
        "is_chain_empty_in_the_task",
        "the event fires although a remote offer is in the chain (webrtc-pc #2404, PR #2405)",
        UpdatedAtTheCall,
    ),
    Mutation(
        "is_stable_for_the_flag/before-2471",
        "is_stable_for_the_flag",
        "the event that waited in the chain fires in have-local-offer (webrtc-pc #2471)",
        FiredThroughTheChain,
    ),
    Mutation(
        "update_negotiation_needed_flag/before-pr-2478",
        "update_negotiation_needed_flag",
        "an answer and addTransceiver() in one task fire twice (webrtc-pc #2477, PR #2478)",
        FiredInStableOnly,
    ),
    Mutation(
        "is_chain_empty/before-pr-2509",
        "is_chain_empty",
        "the event fires in its turn, with a remote offer behind it (webrtc-pc #2508, PR #2509)",
        UpdatedThroughTheChain,
    ),
)
"""The mutations that the specification has really been."""

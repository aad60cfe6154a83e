"""The operations chain: one operation at a time, and the microtasks in which it ends.

An operation is executed when it is the first of the chain. Settled, it goes through three
microtasks: its promise's reaction settles the caller's promise, the caller's own reaction runs, and
the operation leaves the chain (or the last two the other way round, an interpretation).
"""

from __future__ import annotations

from .applying import Applying
from .source import effect, guard
from .state import Connection, Microtask, Operation, Outcome, Stage, replace

CHAIN = "#dfn-chain"

FULFILLED = Outcome()
STATES = tuple[Connection, ...]


class Chain(Applying):
    """The rules of the operations chain."""

    @effect(CHAIN, "5, 6")
    def chain(self, connection: Connection, operation: Operation) -> STATES:
        """Append the operation, and execute it if it is the only one."""
        if self.is_chain_refused(connection):
            return (self.reject_at_once(connection, operation.call, "InvalidStateError"),)
        chained = replace(connection, operations=(*connection.operations, operation))
        return self.execute(chained) if len(chained.operations) == 1 else (chained,)

    @guard(CHAIN, "2")
    def is_chain_refused(self, connection: Connection) -> bool:
        """Once [[IsClosed]] is true, nothing is chained: a rejected promise is returned."""
        return connection.is_closed

    @effect(CHAIN, "2")
    def reject_at_once(self, connection: Connection, call: int, error: str) -> Connection:
        """Return a promise that is already rejected."""
        reaction = Microtask("reaction", call, Outcome(error), chained=False)
        return replace(connection, microtasks=(*connection.microtasks, reaction))

    @effect(CHAIN, "7")
    def settle(self, connection: Connection, outcome: Outcome) -> Connection:
        """Settle the promise of the running operation: its reaction is queued."""
        operation = connection.operations[0]
        settled = with_first(connection, replace(operation, stage=Stage.SETTLED))
        microtask = Microtask("settled", operation.call, outcome)
        return replace(settled, microtasks=(*settled.microtasks, microtask))

    @effect(CHAIN, "7.1, 7.2, 7.3, 7.4")
    def react_to_operation(self, connection: Connection, microtask: Microtask) -> Connection:
        """Settle the caller's promise; upon that, its reaction and the removal are queued."""
        if connection.is_closed:
            return connection
        reaction = Microtask("reaction", microtask.call, microtask.outcome)
        removal = Microtask("remove", microtask.call)
        return replace(connection, microtasks=(*connection.microtasks, reaction, removal))

    @effect(CHAIN, "7.4.1, 7.4.2, 7.4.3")
    def remove_finished(self, connection: Connection) -> STATES:
        """Remove the first operation, and run the next one or the update that was remembered."""
        if connection.is_closed:
            return (connection,)
        rest = replace(connection, operations=connection.operations[1:])
        if rest.operations:
            return self.execute(rest)
        return (self.update_on_empty_chain(rest),)

    @effect(CHAIN, "7.4.4, 7.4.5, 7.4.6")
    def update_on_empty_chain(self, connection: Connection) -> Connection:
        """Update the flag if [[UpdateNegotiationNeededFlagOnEmptyChain]] asks for it."""
        if not connection.update_negotiation_needed_flag_on_empty_chain:
            return connection
        forgotten = replace(connection, update_negotiation_needed_flag_on_empty_chain=False)
        return self.update_negotiation_needed_flag(forgotten)

    def execute(self, connection: Connection) -> STATES:
        """Execute the first operation of the chain (`negotiation.model.operations` knows how)."""
        raise NotImplementedError

    def reject(self, connection: Connection, error: str) -> STATES:
        """Reject the promise of the running operation."""
        return (self.settle(connection, Outcome(error)),)


def with_first(connection: Connection, operation: Operation) -> Connection:
    """The connection with the first operation of its chain changed."""
    return replace(connection, operations=(operation, *connection.operations[1:]))

"""The step relation: what may happen next to a connection, in one event loop of JavaScript.

A call runs to completion. Microtasks run whenever the script stack empties, so also between two
events of one task. Tasks of the networking task source run in the order in which they were queued.
Work "in parallel" ends at any time. Everything that uses the model uses this relation: the
explorer, the checker, the fuzzer, the model as a stack.
"""

from __future__ import annotations

from collections.abc import Iterator

from .flag import UPDATE_TASK
from .labels import Call, Configuration, Event, Internal, Label, Reject, Resolve
from .methods import Methods
from .readings import Readings
from .source import effect, guard
from .state import Connection, Microtask, Step, Task, Turn, replace

EVENT_LOOP = "https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model"
LOOP = "#dom-rtcpeerconnection"
CHAIN = "#dfn-chain"

Transition = tuple[Label, Connection]

IDLE, SCRIPT, TASK = Turn
"""Asked for at every step; Python 3.11 takes its time to look up members of enumerations."""

DEFAULT = Configuration()
INTERNAL_CHANGE = Internal("an internal change asks for negotiation")

NATIVE = frozenset({"finished-operation-leaves", "events-after-close-in-a-handler"})
"""Interpretations of which one specification can admit both readings."""


class Specification(Methods):
    """One reading of the specification, as a step relation."""

    def initial(self, configuration: Configuration | None = DEFAULT) -> Connection:
        """The state that the constructor leaves; None: what it was given is not known."""
        return Connection(configuration=configuration)

    def call(self, connection: Connection, call: Call) -> tuple[Connection, ...]:
        """The states after a call was made; none where no script can be running now.

        Raises:
            LookupError: the call names a transceiver that the connection has never had.
            ValueError: there is no such method.
        """
        if not self.may_script_run(connection):
            return ()
        if connection.turn is IDLE:
            connection = replace(connection, turn=SCRIPT, entered=True)
        return self.perform(connection, call)

    @guard(LOOP)
    def may_script_run(self, connection: Connection) -> bool:
        """A script runs in a task of its own, or goes on in a task that has run its code."""
        if connection.outcome is not None:
            return False
        return connection.turn is IDLE or connection.entered

    def successors(self, connection: Connection) -> Iterator[Transition]:
        """All steps but calls: (label, next state)."""
        if connection.outcome is not None:
            yield connection.outcome, replace(connection, outcome=None)
            return
        yield from self._work_ends(connection)
        if connection.microtasks:
            yield from self._microtasks_run(connection)
        elif connection.steps:
            yield from self._step_runs(connection)
        elif connection.turn is not IDLE:
            yield Internal("the task ends"), at_rest(connection)
        else:
            if connection.tasks:
                yield from self._task_runs(connection)
            if self.may_change_internally(connection):
                yield INTERNAL_CHANGE, self.queue_update(connection)

    def is_quiescent(self, connection: Connection) -> bool:
        """Whether nothing has to happen any more until a script makes a call."""
        return all(label == INTERNAL_CHANGE for label, _ in self.successors(connection))

    def may_change_internally(self, connection: Connection) -> bool:
        """Internal changes may ask for negotiation at any time (a freedom)."""
        granted = self.has_freedom("implementation-specific-negotiation")
        return granted and not connection.is_closed and UPDATE_TASK not in connection.tasks

    def may_need_negotiation_anyway(self, connection: Connection) -> bool:
        """Implementation-specific negotiation may be required (a freedom)."""
        if not self.has_freedom("implementation-specific-negotiation") or connection.is_closed:
            return False
        able = self.is_chain_empty_in_the_task(connection)
        able = able and self.is_stable_for_the_flag(connection)
        return able and not self.is_flag_already_true(connection)

    # Work in parallel.

    def _work_ends(self, connection: Connection) -> Iterator[Transition]:
        if connection.turn is not IDLE:
            return
        for call, before in connection.parameters:
            if before == 0:
                begun = replace(connection, turn=TASK)
                for finished in self.finish_parameters(begun, call):
                    yield Internal("task: setParameters"), finished
        if self.is_working(connection):
            operation = connection.operations[0]
            done = replace(operation, in_parallel=False)
            state = replace(connection, operations=(done, *connection.operations[1:]))
            ended = Internal(f"work ends: {operation.stage.value}")
            yield ended, queue(state, Task("operation", operation.call))

    @guard("#set-description", "4")
    def is_working(self, connection: Connection) -> bool:
        """The running operation's work goes on in parallel."""
        return bool(connection.operations) and connection.operations[0].in_parallel

    # Tasks.

    def _task_runs(self, connection: Connection) -> Iterator[Transition]:
        task = connection.tasks[0]
        begun = replace(
            connection,
            tasks=connection.tasks[1:],
            turn=TASK,
            parameters=tuple((call, max(0, n - 1)) for call, n in connection.parameters),
        )
        for state in self._run(begun, task):
            yield Internal(f"task: {task.name}"), settled_down(state)

    def _run(self, connection: Connection, task: Task) -> tuple[Connection, ...]:
        if task == UPDATE_TASK:
            updated = self.run_update(connection)
            if self.may_need_negotiation_anyway(connection):
                return updated, self.set_negotiation_needed_and_fire(connection)
            return (updated,)
        return self.run_operation_task(connection)

    def _step_runs(self, connection: Connection) -> Iterator[Transition]:
        # The handlers of the event before have run: what runs from here on is not within it.
        rest = replace(connection, steps=connection.steps[1:], dispatching=None)
        step = connection.steps[0]
        if step.event is None:
            yield Internal("resolve"), settled_down(self.finish_step(rest, step.outcome))
            return
        if self.does_event_fire(connection):
            yield from self._event_fires(rest, step)
        if self.is_event_dropped(connection):
            yield Internal("no event once closed"), settled_down(rest)

    def _event_fires(self, rest: Connection, step: Step) -> Iterator[Transition]:
        event = Event(step.event or "", step.transceiver, step.streams)
        yield event, replace(rest, entered=True, dispatching=step.event)

    @guard("#set-description", "4.6.15, 4.6.18, 4.6.19, 4.6.20")
    def does_event_fire(self, connection: Connection) -> bool:
        """The steps that fire events do not look at [[IsClosed]] again (an interpretation)."""
        return not connection.is_closed or self.admits_default("events-after-close-in-a-handler")

    @guard("#set-description", "4.6.15, 4.6.18, 4.6.19, 4.6.20")
    def is_event_dropped(self, connection: Connection) -> bool:
        """No event handler can be triggered once closed (an interpretation)."""
        return connection.is_closed and self.admits_other("events-after-close-in-a-handler")

    # Microtasks.

    def _microtasks_run(self, connection: Connection) -> Iterator[Transition]:
        for index in self._next_microtasks(connection.microtasks):
            microtask = connection.microtasks[index]
            rest = connection.microtasks[:index] + connection.microtasks[index + 1 :]
            yield from self._microtask_runs(replace(connection, microtasks=rest), microtask)

    def _next_microtasks(self, queued: tuple[Microtask, ...]) -> Iterator[int]:
        """Which of the queued microtasks may run next."""
        is_free = self.is_reaction_order_free()
        first_chained = next((i for i, one in enumerate(queued) if one.chained), None)
        if first_chained is not None and (is_free or first_chained == 0):
            yield from self._next_chained(queued, first_chained)
        unchained = [i for i, one in enumerate(queued) if not one.chained]
        if is_free:
            yield from unchained
        elif unchained[:1] == [0]:
            yield 0

    def _next_chained(self, queued: tuple[Microtask, ...], first: int) -> Iterator[int]:
        removal = Microtask("remove", queued[first].call)
        removes = queued[first].name == "reaction" and removal in queued
        if not removes or self.may_react_first():
            yield first
        if removes and self.may_leave_first():
            yield queued.index(removal)

    @guard(CHAIN)
    def is_reaction_order_free(self) -> bool:
        """The order among reactions to unrelated promises is not judged (a freedom)."""
        return self.has_freedom("order-of-unrelated-reactions")

    @guard(CHAIN, "7.4")
    def may_react_first(self) -> bool:
        """To the letter, the caller reacts before the finished operation leaves the chain."""
        return self.admits_default("finished-operation-leaves")

    @guard(CHAIN, "7.4")
    def may_leave_first(self) -> bool:
        """Some remove the finished operation before the caller reacts (an interpretation)."""
        return self.admits_other("finished-operation-leaves")

    def _microtask_runs(self, connection: Connection, microtask: Microtask) -> Iterator[Transition]:
        if microtask.name == "reaction":
            yield self._reaction(connection, microtask)
            return
        for state in self._machinery(connection, microtask):
            yield Internal(f"microtask: {microtask.name}"), settled_down(state)

    def _machinery(self, connection: Connection, microtask: Microtask) -> tuple[Connection, ...]:
        if microtask.name == "settled":
            return (self.react_to_operation(connection, microtask),)
        if microtask.name == "remove":
            return self.remove_finished(connection)
        return self.continue_operation(connection)

    @effect(CHAIN)
    def _reaction(self, connection: Connection, microtask: Microtask) -> Transition:
        """The caller's reaction runs, and application code with it."""
        entered = replace(connection, entered=True)
        outcome = microtask.outcome
        if outcome.error is not None:
            return Reject(microtask.call, outcome.error), entered
        return Resolve(microtask.call, outcome.description), entered


def queue(connection: Connection, task: Task) -> Connection:
    """The connection with a task at the end of its queue."""
    return replace(connection, tasks=(*connection.tasks, task))


def settled_down(connection: Connection) -> Connection:
    """A task of the user agent that has nothing left and ran no application code has ended."""
    if connection.entered or connection.steps or connection.microtasks:
        return connection
    return at_rest(connection)


def at_rest(connection: Connection) -> Connection:
    """The connection between two tasks."""
    return replace(connection, turn=IDLE, entered=False, dispatching=None)


def admit(readings: Readings) -> tuple[Specification, ...]:
    """The specifications whose united steps admit every reading that `readings` admits."""
    several = [readings]
    for name in sorted(readings.both - NATIVE):
        several = [
            one.changed({name: choice}) for one in several for choice in ("default", "other")
        ]
    return tuple(Specification(one) for one in several)

"""Where a stack could be that has just done what no rule allows.

After a departure the checker must not lose the stack: it goes on from what the observation itself
says happened. These states are reached by breaking one rule, the one that the observation breaks:
an event fired, a promise settled, a description applied, although it should not have been.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import msgspec

from negotiation.model import (
    Connection,
    Description,
    Kind,
    SdpType,
    Side,
    Specification,
    Turn,
    is_fresh,
)
from negotiation.model.binding import bind, bind_as_seen
from negotiation.model.flag import UPDATE_TASK
from negotiation.model.state import Microtask, Operation, Stage

from .frontier import Position
from .half_seen import UNSEEN_CALL
from .matching import is_about
from .seen import Told

replace = msgspec.structs.replace

SETTING = ("setLocalDescription", "setRemoteDescription")


def alternatives(
    specification: Specification, connection: Connection, told: Told
) -> Iterator[Connection]:
    """The states of a stack that has shown this although the model cannot."""
    if told.event == "negotiationneeded":
        yield fired_anyway(connection)
    elif told.event == "signalingstatechange":
        yield from changed_anyway(specification, connection)
    elif told.kind == "reject" and told.call is not None:
        yield from settled_anyway(connection, told.call)
    elif told.kind == "resolve" and told.call is not None:
        yield from settled_anyway(connection, told.call)
        if any(one.call == told.call for one in connection.operations[:1]):
            for applied in applied_anyway(specification, connection):
                yield from settled_anyway(applied, told.call)


def fired_anyway(connection: Connection) -> Connection:
    """The flag is true and no update is left to come: the event was this one."""
    return entered(
        replace(
            connection,
            negotiation_needed=True,
            update_negotiation_needed_flag_on_empty_chain=False,
            tasks=tuple(one for one in connection.tasks if one != UPDATE_TASK),
        ),
        "negotiationneeded",
    )


def changed_anyway(specification: Specification, connection: Connection) -> Iterator[Connection]:
    """The description of the running operation was applied, whatever forbids it."""
    for applied in applied_anyway(specification, connection):
        if applied.steps and applied.steps[0].event == "signalingstatechange":
            yield entered(replace(applied, steps=applied.steps[1:]), applied.steps[0].event)


def applied_anyway(specification: Specification, connection: Connection) -> Iterator[Connection]:
    """The states after applying the running operation's description, as each type it may be."""
    operation = connection.operations[0] if connection.operations else None
    if operation is None or operation.method not in SETTING:
        return
    ours = (one for one in connection.microtasks if one.call == operation.call)
    pending = any(one.name != "remove" for one in ours)
    if operation.stage is Stage.SETTLED and not pending:
        return
    for bound, description in _descriptions(specification, connection, operation):
        side = Side.LOCAL if operation.method == "setLocalDescription" else Side.REMOTE
        type = description.type
        # An offer may have been taken for an answer. A rollback names nothing that could be.
        for taken_for in {type} if type is SdpType.ROLLBACK else {type, SdpType.ANSWER}:
            as_type = replace(description, type=taken_for)
            yield specification.apply(_begun(bound), side, as_type)


def _descriptions(
    specification: Specification, connection: Connection, operation: Operation
) -> Iterator[tuple[Connection, Description]]:
    given = operation.arguments.description
    type = operation.arguments.type or specification.inferred_type(connection)
    if operation.method == "setRemoteDescription" and given is not None:
        yield connection, replace(given, type=type)
        return
    created = specification.last_created(connection, type)
    if operation.description is not None:
        yield connection, operation.description
    elif given is not None:
        as_created = replace(given, type=type if created is None else created.type)
        bound = created and bind(connection, created, as_created, keep_text=True)
        earlier = None if bound else _of_earlier(connection, created, given)
        if earlier is not None:
            yield connection, replace(earlier, type=type)
        elif created is not None:
            seen = None if bound else bind_as_seen(connection, created, as_created, keep_text=True)
            for state in filter(None, (bound or connection, seen)):
                yield state, replace(specification.last_created(state, type) or created, type=type)


def _of_earlier(
    connection: Connection, created: Description | None, given: Description
) -> Description | None:
    """The given description as one that was created before the last one; None: it was not."""
    if given.problem is not None:
        return None
    mids = {one.mid for one in connection.transceivers}
    media = (one for one in given.sections if one.kind is not Kind.APPLICATION)
    if all(one.mid in mids for one in media):
        return given
    if created is None or [one.kind for one in created.sections] != [
        one.kind for one in given.sections
    ]:
        return None
    pairs = list(zip(created.sections, given.sections, strict=True))
    if all(is_fresh(ours.mid) or ours.mid == theirs.mid for ours, theirs in pairs):
        return None
    for_same = (replace(theirs, transceiver=ours.transceiver) for ours, theirs in pairs)
    return replace(given, sections=tuple(for_same))


def _begun(connection: Connection) -> Connection:
    """The task of the running operation has just begun."""
    operation = replace(connection.operations[0], in_parallel=False, next_description=None)
    return replace(
        connection,
        operations=(operation, *connection.operations[1:]),
        tasks=tuple(one for one in connection.tasks if one.of != operation.call),
        microtasks=tuple(one for one in connection.microtasks if one.call != operation.call),
        turn=Turn.TASK,
        steps=(),
    )


def settled_anyway(connection: Connection, call: int) -> Iterator[Connection]:
    """The call's promise is settled, and its caller reacts, whatever the operation was doing."""
    microtasks = tuple(one for one in connection.microtasks if one.call != call)
    cleaned = replace(
        connection,
        microtasks=microtasks,
        parameters=tuple(one for one in connection.parameters if one[0] != call),
        tasks=tuple(one for one in connection.tasks if one.of != call),
    )
    numbers = [one.call for one in connection.operations]
    if call not in numbers:
        yield entered(cleaned)
        return
    at = numbers.index(call)
    if at == 0:
        first = replace(connection.operations[0], stage=Stage.SETTLED, in_parallel=False)
        operations = (first, *connection.operations[1:])
        leaving = (Microtask("remove", call), *microtasks)
        yield entered(replace(cleaned, operations=operations, microtasks=leaving, steps=()))
    else:
        rest = connection.operations[:at] + connection.operations[at + 1 :]
        yield entered(replace(cleaned, operations=rest))


def is_settlement(told: Told) -> bool:
    """Whether a promise was seen to settle."""
    return told.kind in ("resolve", "reject")


def settled_early(frontier: Iterable[Position], told: Told) -> Iterator[Position]:
    """The positions, where the promise that was seen to settle has done so before its time."""
    for one in frontier:
        settled = settled_unseen(one.connection, told)
        yield replace(without_late(one, told), connection=settled)


def without_late(position: Position, told: Told) -> Position:
    """The position in which what was seen is not still to be recorded."""
    late = tuple(label for label in position.late if not is_about(label, told))
    return replace(position, late=late) if position.late else position


def settled_unseen(connection: Connection, told: Told) -> Connection:
    """What is to settle the promise that was seen to settle is still to come: it leaves no line.

    The call goes on as one that nobody sees, and its number is free.
    """
    queued = (one.call for one in connection.microtasks)
    numbers = {one.call for one in connection.operations}.union(queued)
    numbers.update(one for one, _ in connection.parameters)
    unseen = next(n for n in itertools.count(UNSEEN_CALL - 1, -1) if n not in numbers)

    def renamed(number: int) -> int:
        return unseen if number == told.call else number

    # What has settled, and is only leaving the chain, is another call of that number: unless its
    # caller has not reacted yet.
    reacts = any(
        one.call == told.call and one.chained and one.name != "remove"
        for one in connection.microtasks
    )
    return replace(
        connection,
        operations=tuple(
            replace(one, call=renamed(one.call))
            if reacts or one.stage is not Stage.SETTLED
            else one
            for one in connection.operations
        ),
        microtasks=tuple(
            replace(one, call=renamed(one.call)) if reacts or one.name != "remove" else one
            for one in connection.microtasks
        ),
        parameters=tuple((renamed(one), before) for one, before in connection.parameters),
        tasks=tuple(replace(one, of=one.of and renamed(one.of)) for one in connection.tasks),
    )


def dispatched(position: Position, event: str) -> Position:
    """The position in which handlers of an event run that nothing fires."""
    return replace(position, connection=entered(position.connection, event))


def entered(connection: Connection, event: str | None = None) -> Connection:
    """Application code is running in the current task, or in one that has just begun.

    `event`: it is a handler of this one.
    """
    turn = Turn.TASK if connection.turn is Turn.IDLE else connection.turn
    return replace(connection, turn=turn, entered=True, dispatching=event)

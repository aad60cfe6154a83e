"""The judge of the checker: a plain search over the model's steps, with nothing of the checker.

It follows one peer of a full recording of the model itself, whose names are the ones that the model
as a stack chooses, so that labels can be compared by equality. No sets of states, no memory but the
visited pairs, no binding, no diagnosis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from negotiation.conformance.programs.naming import named
from negotiation.conformance.traces import format
from negotiation.conformance.traces.interpreting import (
    description_of,
    model_arguments,
    reading_of,
)
from negotiation.model import (
    Call,
    Connection,
    Description,
    Event,
    Label,
    Reject,
    Resolve,
    Return,
    SdpType,
    Specification,
    Throw,
    Turn,
)
from negotiation.model.attributes import attributes_of

SPECIFICATION = Specification()

Node = tuple[Connection, int, int, int | None]
"""(connection, texts named so far, position in the observations, the task of the last call)"""


def accepts(observations: Sequence[format.Observation], sdps: Mapping[str, format.Sdp]) -> bool:
    """Whether any run of the model shows exactly these observations of one peer."""
    start: Node = (SPECIFICATION.initial(), 0, 0, None)
    todo, visited = [start], {start}
    while todo:
        node = todo.pop()
        if node[2] == len(observations):
            return True
        for after in _after(node, observations[node[2]], sdps):
            if after not in visited:
                visited.add(after)
                todo.append(after)
    return False


def _after(node: Node, one: format.Observation, sdps: Mapping[str, format.Sdp]) -> Iterator[Node]:
    connection, texts, at, task = node
    if isinstance(one, format.Call):
        if _may_be_called(connection, one, task):
            arguments = model_arguments(
                one.method, one.args, lambda id, type: _told(sdps, id, type)
            )
            for called in SPECIFICATION.call(connection, Call(one.id, one.method, arguments)):
                bound, count = named(called, one.peer, texts)
                yield bound, count, at + 1, one.task if one.task is not None else task
    elif isinstance(one, format.Send | format.Receive | format.Mark):
        yield connection, texts, at + 1, task
    steps = list(SPECIFICATION.successors(connection))
    if isinstance(one, format.Idle) and not steps and _reads(connection, one):
        yield connection, texts, at + 1, task
    for label, following in steps:
        bound, count = named(following, one.peer, texts)
        if not isinstance(label, Return | Throw | Resolve | Reject | Event):
            yield bound, count, at, task
        elif _shows(label, connection, one, sdps) and _reads(bound, one):
            yield bound, count, at + 1, task


def _may_be_called(connection: Connection, call: format.Call, last_task: int | None) -> bool:
    if call.within is not None and connection.dispatching != call.within:
        return False
    if call.task is None:
        return True
    return connection.turn is (Turn.SCRIPT if call.task == last_task else Turn.IDLE)


def _told(sdps: Mapping[str, format.Sdp], id: str, type: SdpType) -> Description:
    return description_of(sdps[id].summary, type, id)


def _reads(connection: Connection, one: format.Observation) -> bool:
    return one.state == reading_of(attributes_of(connection))


def _shows(
    label: Label, before: Connection, one: format.Observation, sdps: Mapping[str, format.Sdp]
) -> bool:
    match label, one:
        case Return(), format.Return():
            return (label.call, label.value) == (one.call, one.value)
        case Throw(), format.Throw():
            return (label.call, label.error) == (one.call, one.error)
        case Reject(), format.Reject():
            return (label.call, label.error) == (one.call, one.error)
        case Event(), format.Event():
            carried = label.transceiver, label.streams if label.transceiver else None
            return (label.name, *carried) == (one.name, one.transceiver, one.streams)
        case Resolve(), format.Resolve():
            return label.call == one.call and _resolves(label, before, one.description, sdps)
    return False


def _resolves(
    label: Resolve,
    before: Connection,
    told: format.DescriptionRef | None,
    sdps: Mapping[str, format.Sdp],
) -> bool:
    ours = label.description
    sets_local = any(
        one.call == label.call and one.method == "setLocalDescription" for one in before.operations
    )
    if ours is None and sets_local:
        ours = before.local_description
    if ours is None or told is None or told.sdp is None:
        return ours is None and told is None
    theirs = _told(sdps, told.sdp, SdpType(told.type or "offer"))
    return (ours.sdp, str(ours.type), _says(ours)) == (told.sdp, told.type, _says(theirs))


def _says(description: Description) -> list[tuple[object, ...]]:
    return [
        (one.kind, one.mid, one.rejected, one.direction, one.msids) for one in description.sections
    ]

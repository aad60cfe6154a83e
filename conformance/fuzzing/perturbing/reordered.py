"""Allowed: what the text leaves in no order is told in another one."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation

from .judgeable import OPERATIONS, SETTING, is_prompt, seen
from .moving import behind, event_later, not_measured, script_after
from .recorded import Recording, moved, reading_before, replace
from .rows import CHAIN, LOOP, TRACES, UPDATE, Place, Row

ONLY_ADDING = frozenset({"addTransceiver", "createDataChannel", "restartIce"})
"""Calls that, when they return, leave a need for negotiation a need, and the chain empty."""

REMARKS = (format.Mark, format.Send, format.Receive, format.Idle)
"""What may be told between the events of one task."""

FAR = 6
"""How far an observation is moved at most."""


def of_other_peers(recording: Recording) -> Iterator[Place]:
    """An observation, and how far it can be told later than observations of the other peer."""
    for at, one in enumerate(recording.told):
        sent = one.message if isinstance(one, format.Send) else None
        for to in range(at + 1, min(at + 1 + FAR, len(recording.told))):
            other = recording.told[to]
            if other.peer == one.peer:
                break
            if sent is not None and isinstance(other, format.Receive) and other.message == sent:
                break
            yield Place(at, to + 1)


def told_later(recording: Recording, place: Place) -> Recording:
    """An observation is told behind those of the other peer."""
    return moved(recording, place.at, place.to)


# Messages come and go by a channel of the application's own.


def received(recording: Recording) -> Iterator[Place]:
    """A message, and a place before events and settlements ahead of which it may have come."""
    sent = {
        one.message: at for at, one in enumerate(recording.told) if isinstance(one, format.Send)
    }
    shown = format.Event | format.Resolve | format.Reject | format.Idle
    for at, one in enumerate(recording.told):
        if not isinstance(one, format.Receive) or one.within is not None:
            continue
        for to in range(at - 1, max(sent.get(one.message, -1), at - FAR - 1), -1):
            other = recording.told[to]
            if other.peer != one.peer or not isinstance(other, shown):
                break
            yield Place(at, to)


def received_earlier(recording: Recording, place: Place) -> Recording:
    """The message came before; in which task, is not known."""
    one = replace(recording.told[place.at], task=None)
    return moved(recording, place.at, place.to, one)


# What is queued, or works in parallel, against a script's task.


def _is_needed(one: AnyObservation) -> bool:
    is_event = isinstance(one, format.Event) and one.name == "negotiationneeded"
    return is_event and one.within is None


def needed_before_a_task(recording: Recording) -> Iterator[Place]:
    """A negotiationneeded event without a call in its handler, and the script's task after it."""
    for at, one in seen(recording):
        if _is_needed(one) and is_prompt(recording, one.peer, "event"):
            last = script_after(recording, at, lambda call: call.method in ONLY_ADDING)
            if last is not None:
                yield Place(at, last)


def ended_before_a_task(recording: Recording) -> Iterator[Place]:
    """An operation that is fulfilled, and a script's task after it that waits in the chain."""
    calls = recording.calls()
    refused = {one.call for one in recording.told if isinstance(one, format.Reject)}
    for at, one in seen(recording):
        if not isinstance(one, format.Resolve) or calls[one.call].method not in OPERATIONS:
            continue
        if one.task is not None or not is_prompt(recording, one.peer, "resolve", "event"):
            continue
        given = None if one.description is None else one.description.sdp

        def waits(call: format.Call, given: str | None = given) -> bool:
            needed = None if call.args.description is None else call.args.description.sdp
            causal = given is not None and given == needed
            chained = call.method in OPERATIONS and call.args.transceiver is None
            chained = chained and not call.args.options
            return chained and not causal and call.id not in refused

        last = script_after(recording, at, waits)
        if last is not None:
            yield Place(at, last)


def _task_of(recording: Recording, at: int) -> list[int]:
    """The settlement, with the events of the same operation that come before it."""
    settled = recording.told[at]
    assert isinstance(settled, format.Resolve)
    block = [at]
    if recording.calls()[settled.call].method not in SETTING:
        return block
    for i in recording.earlier(at):
        one = recording.told[i]
        if isinstance(one, format.Event) and one.name != "negotiationneeded":
            block.insert(0, i)
        elif not isinstance(one, REMARKS) or one.state is not None:
            break
    return block


def ended_later(recording: Recording, place: Place) -> Recording:
    """The operation's task comes behind the script's, which reads what there was before it."""
    block = _task_of(recording, place.at)
    state = reading_before(recording, block[0], recording.told[place.at].peer)

    def passed(one: AnyObservation) -> AnyObservation:
        one = not_measured(one)
        return one if one.state is None else replace(one, state=state)

    return behind(recording, block, place.to, lambda one: one, passed)


REORDERED = (
    Row(
        "peers-interleaved-otherwise",
        "allowed",
        TRACES,
        "The tasks of two ends are in no order, but that a message is sent before it is received.",
        of_other_peers,
        told_later,
    ),
    Row(
        "message-received-earlier",
        "allowed",
        LOOP,
        "Messages come by a task source of their own, in no order with the connection's tasks.",
        received,
        received_earlier,
    ),
    Row(
        "event-behind-an-unrelated-task",
        "allowed",
        UPDATE,
        "The task that fires it is queued; another source's task may run before, and what only "
        "adds to the need leaves the check true.",
        needed_before_a_task,
        event_later,
    ),
    Row(
        "operation-ends-behind-calls-that-wait",
        "allowed",
        CHAIN,
        "Work in parallel ends at any time; calls made before that wait in the chain.",
        ended_before_a_task,
        ended_later,
    ),
)
"""The same run, or one that the text allows as well, in another order."""

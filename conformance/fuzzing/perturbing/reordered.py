"""Allowed: what the text leaves in no order is told in another one."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.conformance.traces.profiles import CHAINED

from .recorded import Recording, moved, replace
from .rows import CHAIN, LOOP, TRACES, UPDATE, Place, Row

ONLY_ADDING = frozenset({"addTransceiver", "createDataChannel", "restartIce"})
"""Calls that, when they return, leave a need for negotiation a need, and the chain empty."""

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
    sent = {one.message: at for at, one in enumerate(recording.told) if isinstance(one, format.Send)}
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


# Negotiationneeded against a script's task.


def unrelated_tasks(recording: Recording, at: int) -> tuple[int, int] | None:
    """The script's task that comes next in the recording after `at`, if it only adds to the need.

    It is the whole of a task, made of calls that return: (its first index, the index behind it).
    """
    told = recording.told
    first = at + 1
    behind = first
    task = told[first].task if first < len(told) else None
    if task is None:
        return None
    methods = recording.calls()
    while behind < len(told) and told[behind].task == task:
        one = told[behind]
        if one.peer != told[at].peer or one.within is not None:
            return None
        if not isinstance(one, format.Call | format.Return):
            return None
        call = one.id if isinstance(one, format.Call) else one.call
        if methods[call].method not in ONLY_ADDING:
            return None
        behind += 1
    is_whole = isinstance(told[behind - 1], format.Return)
    is_new = all(one.task != task for one in told[:first] if one.peer == told[at].peer)
    return (first, behind) if is_whole and is_new else None


def _is_needed(one: format.Observation) -> bool:
    return (
        isinstance(one, format.Event)
        and one.name == "negotiationneeded"
        and one.within is None
    )


def needed_before_a_task(recording: Recording) -> Iterator[Place]:
    """A negotiationneeded event with nothing in its task besides, and the task after it."""
    for at, one in enumerate(recording.told):
        if _is_needed(one) and not _is_late(recording, at):
            task = unrelated_tasks(recording, at)
            if task is not None and one.task != recording.told[task[0]].task:
                yield Place(at, task[1])


def _is_late(recording: Recording, at: int) -> bool:
    return "event" in recording.profile(recording.told[at].peer).late


def needed_later(recording: Recording, place: Place) -> Recording:
    """The event comes behind the script's task, and reads what there is by then."""
    one = replace(recording.told[place.at], state=recording.told[place.to - 1].state)
    return moved(recording, place.at, place.to, one)


def needed_after_a_task(recording: Recording) -> Iterator[Place]:
    """A negotiationneeded event, and a script's task before it that was not needed for it.

    The task before that one added a transceiver, and is over: it asked for the event already. As
    the event came after both, and nothing settled between, nothing stood in its way.
    """
    calls = recording.calls()
    for at, one in enumerate(recording.told):
        if not isinstance(one, format.Return) or one.task is None:
            continue
        call = calls[one.call]
        if call.method != "addTransceiver" or call.args.direction == "stopped":
            continue
        task = unrelated_tasks(recording, at)
        if task is None or task[1] >= len(recording.told) or not _is_whole(recording, at):
            continue
        event = recording.told[task[1]]
        if event.peer == one.peer and _is_needed(event):
            yield Place(task[1], task[0])


def _is_whole(recording: Recording, at: int) -> bool:
    profile = recording.profile(recording.told[at].peer)
    return {"resolve", "reject"} <= profile.labels and not profile.late and not profile.hidden


def needed_earlier(recording: Recording, place: Place) -> Recording:
    """The event comes before the script's task, and reads what there was by then."""
    one = replace(recording.told[place.at], state=recording.told[place.to - 1].state)
    return moved(recording, place.at, place.to, one)


# Operations whose work ends later.

UNREADABLE = frozenset({"createOffer", "createAnswer", "addIceCandidate", "replaceTrack"})
"""Operations whose task changes nothing that can be read, and fires no event."""

WAITING = CHAINED | {"replaceTrack"}
"""Calls that only wait in the chain while another operation is in it."""


def settled_before_a_call(recording: Recording) -> Iterator[Place]:
    """An operation's settlement, and a call after it that could have waited in the chain."""
    told = recording.told
    for at, one in enumerate(told[:-2]):
        call, ending = told[at + 1], told[at + 2]
        if not isinstance(one, format.Resolve) or not isinstance(call, format.Call):
            continue
        if not isinstance(ending, format.Return) or ending.call != call.id:
            continue
        is_alone = one.task is None and one.peer == call.peer and call.within is None
        if is_alone and _may_wait(recording, one, call):
            yield Place(at, at + 3)


def _may_wait(recording: Recording, settled: format.Resolve, call: format.Call) -> bool:
    """Whether the call only waits, and neither needs nor changes what the operation creates."""
    methods = recording.calls()
    if methods[settled.call].method not in UNREADABLE or call.method not in WAITING:
        return False
    if call.args.options or "resolve" in recording.profile(call.peer).late:
        return False
    if settled.description is not None and call.args.description is not None:
        if settled.description.sdp == call.args.description.sdp:
            return False
    refused = (one for one in recording.told if isinstance(one, format.Reject))
    return all(one.call != call.id for one in refused)


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
        needed_later,
    ),
    Row(
        "event-before-an-unrelated-task",
        "allowed",
        UPDATE,
        "The task before had it queued already; what comes later finds the flag true.",
        needed_after_a_task,
        needed_earlier,
    ),
    Row(
        "settled-behind-a-call-that-waits",
        "allowed",
        CHAIN,
        "Work in parallel ends at any time; a call made before that waits for it in the chain.",
        settled_before_a_call,
        told_later,
    ),
)
"""The same run, or one that the text allows as well, in another order."""

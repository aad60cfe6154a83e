"""Forbidden: events that are missing, come again, or come when they cannot."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format
from negotiation.conformance.traces.said import is_settled

from .judgeable import (
    OPERATIONS,
    SETTING,
    calls_between,
    events,
    is_closed_before,
    is_prompt,
    last_quiet,
    reads,
    seen,
    settled_quiet,
    state_of,
    tells,
)
from .moving import event_later, script_after
from .recorded import Recording, inserted, moved, reading_before, replace, replaced
from .rows import LOOP, SET, TRACES, UPDATE, Place, Row

NEEDED = "negotiationneeded"
CHANGED = "signalingstatechange"
TRACKS = "#process-remote-tracks"


def dropped(recording: Recording, place: Place) -> Recording:
    """The observation is missing."""
    return replaced(recording, place.at)


def doubled(recording: Recording, place: Place) -> Recording:
    """The observation is told twice."""
    return inserted(recording, place.at + 1, recording.told[place.at])


# negotiationneeded


def needed_until_quiet(recording: Recording) -> Iterator[Place]:
    """The event, where no call comes after it until the recording has settled."""
    for at, _ in events(recording, NEEDED):
        quiet = settled_quiet(recording, at)
        if quiet is not None and not any(calls_between(recording, at, quiet)):
            yield Place(at)


def needed_and_handled(recording: Recording) -> Iterator[Place]:
    """The event, where a call comes next that was made in its handler."""
    for at, one in events(recording, NEEDED):
        later = next(recording.later(at), None)
        if later is None or not recording.profile(one.peer).tasks:
            continue
        call = recording.told[later]
        if isinstance(call, format.Call) and call.within == NEEDED:
            yield Place(at)


def needed(recording: Recording) -> Iterator[Place]:
    """The event, wherever it came."""
    return (Place(at) for at, _ in events(recording, NEEDED))


def needed_after_quiet(recording: Recording) -> Iterator[Place]:
    """The event, and the last place before it at which nothing was to happen without a call."""
    for at, _ in events(recording, NEEDED):
        quiet = last_quiet(recording, at)
        if any(calls_between(recording, quiet, at)):
            yield Place(at, quiet + 1)


def told_earlier(recording: Recording, place: Place) -> Recording:
    """The event is told there, and reads what was read there last."""
    one = recording.told[place.at]
    state = reading_before(recording, place.to, one.peer) or format.Reading(
        "stable", (), format.Descriptions()
    )
    earlier = replace(one, task=None, within=None, state=state)
    return moved(recording, place.at, place.to, earlier)


def unstable(recording: Recording) -> Iterator[Place]:
    """Behind what was read in another state than stable, when no call is about to return."""
    for at, one in seen(recording):
        if not tells(recording, one.peer, NEEDED):
            continue
        if not reads(recording, one.peer, "signalingState") or isinstance(one, format.Call):
            continue
        if (state_of(one) or "").startswith("have-"):
            yield Place(at)


def needed_here(recording: Recording, place: Place) -> Recording:
    """The event is told behind an observation, and reads the same."""
    one = recording.told[place.at]
    event = format.Event(n=one.n, t=one.t, peer=one.peer, name=NEEDED, state=one.state)
    return inserted(recording, place.at + 1, event)


def closed(recording: Recording) -> Iterator[Place]:
    """Behind the return of close()."""
    calls = recording.calls()
    for at, one in seen(recording):
        if not isinstance(one, format.Return) or calls[one.call].method != "close":
            continue
        if tells(recording, one.peer, NEEDED):
            yield Place(at)


def needed_and_chained(recording: Recording) -> Iterator[Place]:
    """The event, and an operation's settlement before it that the chain had to wait for."""
    calls = recording.calls()
    for at, one in events(recording, NEEDED):
        for before in recording.earlier(at):
            settled = recording.told[before]
            if isinstance(settled, format.Resolve):
                prompt = is_prompt(recording, one.peer, "resolve")
                if prompt and calls[settled.call].method in OPERATIONS:
                    yield Place(at, before)
                break


def needed_and_then_chained(recording: Recording) -> Iterator[Place]:
    """The event without a call in its handler, and a script's task after it that chains."""
    resolved = {one.call for one in recording.told if isinstance(one, format.Resolve)}
    for at, one in events(recording, NEEDED):
        last = script_after(
            recording, at, lambda call: call.method in OPERATIONS and call.id in resolved
        )
        if last is not None and is_prompt(recording, one.peer, "resolve", "reject"):
            yield Place(at, last)


def needed_with_the_settlement(recording: Recording, place: Place) -> Recording:
    """The event is told before the settlement, and reads the same."""
    settled = recording.told[place.to]
    one = replace(recording.told[place.at], state=settled.state, task=None)
    return moved(recording, place.at, place.to, one)


def needed_and_a_task(recording: Recording) -> Iterator[Place]:
    """The event, and a call before it that was made in the same task as what came before."""
    for at, _ in events(recording, NEEDED):
        for before in recording.earlier(at):
            call = recording.told[before]
            previous = next(recording.earlier(before), None)
            if not isinstance(call, format.Call) or call.task is None or previous is None:
                continue
            ended = recording.told[previous]
            if ended.task == call.task and isinstance(ended, format.Return | format.Throw):
                yield Place(at, before)


# signalingstatechange


def changed(recording: Recording) -> Iterator[Place]:
    """The event, where the new state was read; behind it, and before anything else is told."""
    for at, one in events(recording, CHANGED):
        if reads(recording, one.peer, "signalingState") and state_of(one) is not None:
            yield Place(at)


def changed_and_read(recording: Recording) -> Iterator[Place]:
    """The event, where the state before it and the one after it were read."""
    for place in changed(recording):
        one = recording.told[place.at]
        before = reading_before(recording, place.at, one.peer)
        was = "stable" if before is None else before.signalingState
        later = next(recording.later(place.at), None)
        if was in (None, state_of(one)) or later is None:
            continue
        then = recording.told[later]
        is_event = isinstance(then, format.Event) and then.name == CHANGED
        if not is_event and state_of(then) == state_of(one):
            yield place


def changed_and_settled(recording: Recording) -> Iterator[Place]:
    """The event, and the settlement of the operation that it comes of."""
    calls = recording.calls()
    for at, one in events(recording, CHANGED):
        for later in recording.later(at):
            then = recording.told[later]
            if isinstance(then, format.Resolve):
                setting = calls[then.call].method in SETTING
                if setting and is_prompt(recording, one.peer, "resolve"):
                    yield Place(at, later + 1)
            if isinstance(then, format.Event) and then.name != CHANGED:
                continue
            break


def told_there(recording: Recording, place: Place) -> Recording:
    """The event is told behind what it has to come before."""
    return moved(recording, place.at, place.to)


def after_quiet(recording: Recording) -> Iterator[Place]:
    """Settled quiet, after which nothing happens without a call."""
    for at, one in seen(recording):
        if isinstance(one, format.Idle) and is_settled(one) and state_of(one) is not None:
            if not reads(recording, one.peer, "signalingState"):
                continue
            yield from (
                Place(at, what=name)
                for name in (NEEDED, CHANGED)
                if tells(recording, one.peer, name)
            )


def out_of_nothing(recording: Recording, place: Place) -> Recording:
    """An event comes after the quiet, and reads what was read then."""
    one = recording.told[place.at]
    event = format.Event(n=one.n, t=one.t, peer=one.peer, name=place.what, state=one.state)
    return inserted(recording, place.at + 1, event)


# track


def tracks(recording: Recording) -> Iterator[Place]:
    """The event, where the operation that it comes of was seen to be fulfilled later."""
    calls = recording.calls()
    for at, one in events(recording, "track"):
        for later in recording.later(at):
            then = recording.told[later]
            if isinstance(then, format.Resolve):
                prompt = is_prompt(recording, one.peer, "resolve")
                setting = calls[then.call].method in SETTING
                if prompt and setting and not is_closed_before(recording, later):
                    yield Place(at)
            if not isinstance(then, format.Event):
                break


def track_events(recording: Recording) -> Iterator[Place]:
    """The event, wherever it came."""
    return (Place(at) for at, _ in events(recording, "track"))


def named_tracks(recording: Recording) -> Iterator[Place]:
    """The event, and another transceiver of which none comes with the same operation."""
    for place in tracks(recording):
        one = recording.told[place.at]
        assert isinstance(one, format.Event)
        if one.transceiver is None:
            continue
        told = _of_the_same_task(recording, place.at)
        known = () if one.state is None else one.state.transceivers or ()
        for other in (*(each.id for each in known), "t99"):
            if other != one.transceiver and other not in told:
                yield Place(place.at, what=other)


def _of_the_same_task(recording: Recording, at: int) -> set[str | None]:
    """The transceivers of the track events that are told next to this one."""
    found: set[str | None] = set()
    for way in (recording.earlier(at), recording.later(at)):
        for other in way:
            one = recording.told[other]
            if not isinstance(one, format.Event):
                break
            found.add(one.transceiver)
    return found


def of_another_transceiver(recording: Recording, place: Place) -> Recording:
    """The event carries another transceiver."""
    one = recording.told[place.at]
    return replaced(recording, place.at, replace(one, transceiver=place.what))


def streams(recording: Recording) -> Iterator[Place]:
    """The event, where its streams were recorded."""
    for at, one in events(recording, "track"):
        if one.streams is not None:
            yield Place(at)


def of_another_stream(recording: Recording, place: Place) -> Recording:
    """The event carries one more stream, of which no description says anything."""
    one = recording.told[place.at]
    assert isinstance(one, format.Event)
    assert one.streams is not None
    return replaced(recording, place.at, replace(one, streams=(*one.streams, "of no description")))


def attributes(recording: Recording) -> Iterator[Place]:
    """Every event."""
    for name in (NEEDED, CHANGED, "track"):
        for at, _ in events(recording, name):
            yield from (Place(at, what=each) for each in ("bubbles", "cancelable"))


def with_an_attribute(recording: Recording, place: Place) -> Recording:
    """The event bubbles, or can be canceled."""
    changes = {place.what: True}
    return replaced(recording, place.at, replace(recording.told[place.at], **changes))


WRONG_EVENTS = (
    Row(
        "negotiationneeded-dropped",
        "forbidden",
        UPDATE,
        "Without a call the check stays true: once all is quiet, the event has fired.",
        needed_until_quiet,
        dropped,
    ),
    Row(
        "negotiationneeded-dropped-before-its-handler",
        "forbidden",
        TRACES,
        "A call in the handler of an event that was not dispatched contradicts it.",
        needed_and_handled,
        dropped,
    ),
    Row(
        "negotiationneeded-doubled",
        "forbidden",
        UPDATE,
        "The flag is true already, and nothing has cleared it.",
        needed,
        doubled,
    ),
    Row(
        "negotiationneeded-before-its-cause",
        "forbidden",
        UPDATE,
        "All was quiet, or just constructed: without a call nothing asks for the event.",
        needed_after_quiet,
        told_earlier,
    ),
    Row(
        "negotiationneeded-outside-stable",
        "forbidden",
        UPDATE,
        "The task aborts if the signaling state is not stable.",
        unstable,
        needed_here,
    ),
    Row(
        "negotiationneeded-after-close",
        "forbidden",
        UPDATE,
        "The task aborts if [[IsClosed]] is true.",
        closed,
        needed_here,
    ),
    Row(
        "negotiationneeded-before-the-settlement",
        "forbidden",
        UPDATE,
        "The operation is in the chain until its promise has settled; the task aborts if the "
        "chain is not empty.",
        needed_and_chained,
        needed_with_the_settlement,
    ),
    Row(
        "negotiationneeded-behind-a-chained-call",
        "forbidden",
        UPDATE,
        "The operation is in the chain by then; the task aborts if the chain is not empty.",
        needed_and_then_chained,
        event_later,
    ),
    Row(
        "negotiationneeded-inside-a-task",
        "forbidden",
        LOOP,
        "A task runs to its end before the one that fires the event.",
        needed_and_a_task,
        told_earlier,
    ),
    Row(
        "signalingstatechange-dropped",
        "forbidden",
        SET,
        "The state is another one, and the event is fired in the task that changes it.",
        changed_and_read,
        dropped,
    ),
    Row(
        "signalingstatechange-doubled",
        "forbidden",
        SET,
        "The event is fired if the state changed, and it has not changed since.",
        changed,
        doubled,
    ),
    Row(
        "signalingstatechange-behind-the-settlement",
        "forbidden",
        SET,
        "The promise is resolved after the events, in the same task.",
        changed_and_settled,
        told_there,
    ),
    Row(
        "event-out-of-nothing",
        "forbidden",
        LOOP,
        "All was quiet: without a call no task is queued.",
        after_quiet,
        out_of_nothing,
    ),
    Row(
        "track-dropped",
        "forbidden",
        TRACKS,
        "The event is fired for each track that is added, before the promise is resolved.",
        tracks,
        dropped,
    ),
    Row(
        "track-doubled",
        "forbidden",
        TRACKS,
        "A transceiver is in the list of tracks to add once, and once with each description.",
        track_events,
        doubled,
    ),
    Row(
        "track-of-another-transceiver",
        "forbidden",
        TRACKS,
        "The event carries the transceiver whose track is added; of this one none is.",
        named_tracks,
        of_another_transceiver,
    ),
    Row(
        "track-with-another-stream",
        "forbidden",
        TRACKS,
        "The event carries the streams that the description names.",
        streams,
        of_another_stream,
    ),
    Row(
        "event-with-an-attribute",
        "forbidden",
        "https://dom.spec.whatwg.org/#concept-event-fire",
        "Unless a step says otherwise, an event neither bubbles nor can be canceled.",
        attributes,
        with_an_attribute,
    ),
)
"""What the text says of events."""

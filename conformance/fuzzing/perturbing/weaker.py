"""Allowed: less is told of the same run. What was possible stays possible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.profiles import PROFILES, Profile
from negotiation.conformance.traces.projection import project

from .recorded import Recording, replace, replaced, with_all
from .retold import idles
from .rows import TRACES, Place, Row


def cuts(recording: Recording) -> Iterator[Place]:
    """Behind every observation but the last."""
    return (Place(at) for at in range(1, len(recording.told)))


def torn(recording: Recording, place: Place) -> Recording:
    """The recording ends here."""
    return recording.cut(place.at)


# Readings, tasks and handlers.


def readings(recording: Recording) -> Iterator[Place]:
    """What was read, and each part of it."""
    for at, one in enumerate(recording.told):
        if one.state is not None:
            yield Place(at, what="state")
            for name in ("signalingState", "transceivers", "descriptions"):
                if getattr(one.state, name) is not None:
                    yield Place(at, what=name)


def unread(recording: Recording, place: Place) -> Recording:
    """The reading is left out, or the part of it."""
    one = recording.told[place.at]
    if place.what == "state":
        return replaced(recording, place.at, replace(one, state=None))
    assert one.state is not None
    left: dict[str, Any] = {place.what: None}
    return replaced(recording, place.at, replace(one, state=replace(one.state, **left)))


def _having(*names: str) -> Callable[[Recording], Iterator[Place]]:
    def places(recording: Recording) -> Iterator[Place]:
        for at, one in enumerate(recording.told):
            for name in names:
                if getattr(one, name, None) is not None:
                    yield Place(at, what=name)

    return places


def _without(recording: Recording, place: Place) -> Recording:
    one = recording.told[place.at]
    left: dict[str, Any] = {place.what: None}
    return replaced(recording, place.at, replace(one, **left))


def tasks(recording: Recording) -> Iterator[Place]:
    """What is known of a task: all of it, or that a later line is of the same one."""
    known: set[tuple[str, int]] = set()
    for at, one in enumerate(recording.told):
        if one.within is not None:
            yield Place(at, what="within")
        if one.task is not None:
            # A number that is told first says that a new task began: the first alone stays.
            yield Place(at, what="same" if (one.peer, one.task) in known else "all")
            known.add((one.peer, one.task))


def task_unknown(recording: Recording, place: Place) -> Recording:
    """It is not known in which task, or handler, something was called."""
    one = recording.told[place.at]
    if place.what == "within":
        return replaced(recording, place.at, replace(one, within=None))
    if place.what == "same":
        return replaced(recording, place.at, replace(one, task=None))
    told = [
        replace(each, task=None) if (each.peer, each.task) == (one.peer, one.task) else each
        for each in recording.told
    ]
    return with_all(recording, told)


def created(recording: Recording) -> Iterator[Place]:
    """What promises were fulfilled with."""
    for at, one in enumerate(recording.told):
        if isinstance(one, format.Resolve) and one.description is not None:
            yield Place(at, what="description")


def not_measured(recording: Recording, place: Place) -> Recording:
    """Nothing was measured of the idle time."""
    one = recording.told[place.at]
    assert isinstance(one, format.Idle)
    return replaced(recording, place.at, replace(one, quiet=0.0, turns=0, canary=False))


# What is known of a peer, and whether it was recorded at all.


def _peers(recording: Recording) -> Iterator[tuple[int, str]]:
    for peer in recording.header.peers:
        first = next(iter(recording.of(peer)), None)
        if first is not None:
            yield first, peer


def with_peer(recording: Recording, peer: str, **changes: Any) -> Recording:
    """With something else known of a peer."""
    header = recording.header
    told = {**header.peers, peer: replace(header.peers[peer], **changes)}
    return replace(recording, header=replace(header, peers=told))


def configured(recording: Recording) -> Iterator[Place]:
    """The peers whose configuration is known."""
    for first, peer in _peers(recording):
        if recording.header.peers[peer].configuration is not None:
            yield Place(first, what=peer)


def unconfigured(recording: Recording, place: Place) -> Recording:
    """What the constructor was given is not known."""
    return with_peer(recording, place.what, configuration=None)


def constructed(recording: Recording) -> Iterator[Place]:
    """The peers whose construction was recorded."""
    for first, peer in _peers(recording):
        if recording.header.peers[peer].begins == "constructed":
            yield Place(first, what=peer)


def begun_late(recording: Recording, place: Place) -> Recording:
    """The recording may have begun after the construction."""
    return with_peer(recording, place.what, begins="unknown")


def of_two(recording: Recording) -> Iterator[Place]:
    """Each of two peers."""
    peers = list(_peers(recording))
    if len(peers) > 1:
        yield from (Place(first, what=peer) for first, peer in peers)


def alone(recording: Recording, place: Place) -> Recording:
    """One end was recorded, and not the other."""
    header = recording.header
    kept = recording.of(place.what)
    return replace(
        recording,
        header=replace(header, peers={place.what: header.peers[place.what]}),
        told=tuple(recording.told[at] for at in kept),
        lines=tuple(recording.lines[at] for at in kept),
    )


# Weaker profiles.


def weaker_profiles(recording: Recording) -> Iterator[Place]:
    """For each peer, the profiles that show less than its own; what is late already stays so."""
    for first, peer in _peers(recording):
        ours = recording.profile(peer)
        if recording.header.peers[peer].begins == "constructed":
            for name, theirs in PROFILES.items():
                if theirs != ours and _shows_less(theirs, ours):
                    yield Place(first, what=f"{peer} {name}")


def _shows_less(theirs: Profile, ours: Profile) -> bool:
    return (
        not ours.late
        and not ours.hidden
        and theirs.labels <= ours.labels
        and theirs.events <= ours.events
        and theirs.reads <= ours.reads
        and theirs.descriptions <= ours.descriptions
        and theirs.tasks <= ours.tasks
    )


def seen_less(recording: Recording, place: Place) -> Recording:
    """One peer is seen through the weaker profile."""
    peer, name = place.what.split(" ")
    kept = recording.of(peer)
    # Copies, as an observation may be told twice: each is to be found again.
    full = [replace(recording.told[at]) for at in kept]
    where = {id(one): at for at, one in zip(kept, full, strict=True)}
    left = {where[id(one)]: seen for one, seen in project(full, PROFILES[name])}
    ordered = _in_place(recording, peer, list(left))
    told = tuple(cast(AnyObservation, left.get(at, recording.told[at])) for at in ordered)
    lines = tuple(recording.lines[at] for at in ordered)
    return with_peer(replace(recording, told=told, lines=lines), peer, profile=name)


def _in_place(recording: Recording, peer: str, order: list[int]) -> list[int]:
    """All observations in an order that keeps those of the other peer where they were.

    What is told later than it was goes behind what it is told after, and no farther.
    """
    ordered: list[int] = []
    for at, one in enumerate(recording.told):
        if one.peer != peer:
            ordered.append(at)
            continue
        while order and order[0] <= at:
            ordered.append(order.pop(0))
    return ordered + order


WEAKER = (
    Row(
        "torn-off",
        "allowed",
        TRACES,
        "Nothing is concluded from what is missing after the end of a recording.",
        cuts,
        torn,
    ),
    Row(
        "reading-left-out",
        "allowed",
        TRACES,
        "What was not read says nothing.",
        readings,
        unread,
    ),
    Row(
        "task-left-out",
        "allowed",
        TRACES,
        "Without `task` and `within` it is not known in which task a call was made.",
        tasks,
        task_unknown,
    ),
    Row(
        "description-left-out",
        "allowed",
        TRACES,
        "What a promise was fulfilled with need not have been read.",
        created,
        _without,
    ),
    Row(
        "event-attributes-left-out",
        "allowed",
        TRACES,
        "What an event carries need not have been read.",
        _having("bubbles", "cancelable", "streams", "transceiver"),
        _without,
    ),
    Row(
        "idle-not-measured",
        "allowed",
        TRACES,
        "Without a measurement, idle time proves nothing.",
        idles,
        not_measured,
    ),
    Row(
        "configuration-not-known",
        "allowed",
        TRACES,
        "Where it is not known, nothing is concluded from what setConfiguration may not change.",
        configured,
        unconfigured,
    ),
    Row(
        "beginning-not-known",
        "allowed",
        TRACES,
        "A recording may have begun late: then nothing is assumed of what came before.",
        constructed,
        begun_late,
    ),
    Row(
        "one-end-alone",
        "allowed",
        TRACES,
        "Each end is judged by what itself was shown; descriptions are its inputs.",
        of_two,
        alone,
    ),
    Row(
        "weaker-profile",
        "allowed",
        TRACES,
        "A recorder that sees less of the same run has less to say of it, and nothing else.",
        weaker_profiles,
        seen_less,
    ),
)
"""Less is told of the same run."""

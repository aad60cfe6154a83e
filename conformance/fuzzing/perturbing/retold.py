"""Allowed: the same run, told with other times, names, numbers and remarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation

from . import renaming
from .recorded import Recording, inserted, replace, with_all
from .rows import LOOP, TRACES, Place, Row

# Times.


def anywhere(recording: Recording) -> Iterator[Place]:
    """Every observation."""
    return (Place(at) for at in range(len(recording.told)))


def once(recording: Recording) -> Iterator[Place]:
    """The recording as a whole."""
    if recording.told:
        yield Place(0)


def stretched(recording: Recording, place: Place) -> Recording:
    """All of it takes three times as long."""
    return with_all(recording, [replace(one, t=one.t * 3) for one in recording.told])


def delayed(recording: Recording, place: Place) -> Recording:
    """From here on everything happens ten seconds later."""
    told = [
        one if at < place.at else replace(one, t=one.t + 10_000)
        for at, one in enumerate(recording.told)
    ]
    return with_all(recording, told)


# Names.

Renamed = Callable[[Recording, Mapping[str, str]], Recording]


def _row(
    what: str,
    prefix: str,
    names: Callable[[Recording], set[str | None]],
    rename: Renamed,
    anchor: str,
    why: str,
) -> Row:
    def make(recording: Recording, place: Place) -> Recording:
        return rename(recording, renaming.fresh(names(recording), prefix))

    def places(recording: Recording) -> Iterator[Place]:
        if names(recording):
            yield Place(0)

    return Row(f"{what}-renamed", "allowed", anchor, why, places, make, "findings")


def _texts(recording: Recording) -> set[str | None]:
    return set(recording.sdps)


def _messages(recording: Recording) -> set[str | None]:
    told = (one for one in recording.told if isinstance(one, format.Send | format.Receive))
    return {one.message for one in told}


def renumbered_calls(recording: Recording, place: Place) -> Recording:
    """The calls have other ids, which rise no more."""
    ids = list(recording.calls())
    falling = range(500 + len(ids), 500, -1)
    return renaming.with_calls(recording, dict(zip(ids, falling, strict=True)))


def renumbered_tasks(recording: Recording, place: Place) -> Recording:
    """The tasks have other numbers, which rise no more."""
    told = [one if one.task is None else replace(one, task=-one.task) for one in recording.told]
    return with_all(recording, told)


def with_gaps(recording: Recording, place: Place) -> Recording:
    """The numbers of the observations have gaps."""
    return with_all(recording, [replace(one, n=one.n * 3) for one in recording.told])


def other_messages(recording: Recording, place: Place) -> Recording:
    """The errors have other messages."""

    def otherwise(one: AnyObservation) -> AnyObservation:
        is_error = isinstance(one, format.Throw | format.Reject)
        return replace(one, message="another message") if is_error else one

    return with_all(recording, list(map(otherwise, recording.told)))


# Remarks and idle times.


def marked(recording: Recording, place: Place) -> Recording:
    """A remark comes before an observation."""
    one = recording.told[place.at]
    return inserted(recording, place.at, format.Mark(n=one.n, t=one.t, peer=one.peer, text="here"))


def remarks(recording: Recording) -> Iterator[Place]:
    """The remarks that tell of no trouble."""
    for at, one in enumerate(recording.told):
        if isinstance(one, format.Mark) and one.trouble is None:
            yield Place(at)


def unmarked(recording: Recording, place: Place) -> Recording:
    """The remark is gone."""
    told, lines = recording.told, recording.lines
    return replace(
        recording,
        told=told[: place.at] + told[place.at + 1 :],
        lines=lines[: place.at] + lines[place.at + 1 :],
    )


def idles(recording: Recording) -> Iterator[Place]:
    """The idle times."""
    for at, one in enumerate(recording.told):
        if isinstance(one, format.Idle):
            yield Place(at)


def idle_again(recording: Recording, place: Place) -> Recording:
    """The idle time is measured once more, and nothing happened meanwhile."""
    return inserted(recording, place.at + 1, recording.told[place.at])


def between_calls(recording: Recording) -> Iterator[Place]:
    """Wherever no call of the peer is about to return."""
    for at, one in enumerate(recording.told):
        if not isinstance(one, format.Return | format.Throw):
            yield Place(at)


def briefly_idle(recording: Recording, place: Place) -> Recording:
    """A moment is measured in which nothing happened, too short to mean anything."""
    one = recording.told[place.at]
    return inserted(recording, place.at, format.Idle(n=one.n, t=one.t, peer=one.peer))


RETOLD = (
    Row(
        "times-stretched",
        "allowed",
        LOOP,
        "No step bounds how long tasks, or work in parallel, take.",
        once,
        stretched,
        "departures",
    ),
    Row(
        "later-from-here",
        "allowed",
        LOOP,
        "No step bounds how long it takes until the next task.",
        anywhere,
        delayed,
        "departures",
    ),
    _row(
        "mids",
        "m",
        renaming.mids,
        renaming.with_mids,
        "jsep:5.2.1",
        "A mid is any token that is unique in the connection; what it is says nothing.",
    ),
    _row(
        "streams",
        "stream",
        renaming.streams,
        renaming.with_streams,
        "#dom-rtcrtptransceiverinit-streams",
        "The ids of streams are only compared with each other.",
    ),
    _row(
        "credentials",
        "ice-",
        renaming.credentials,
        renaming.with_credentials,
        TRACES,
        "ICE credentials are named relationally: what the name is does not matter.",
    ),
    _row(
        "texts",
        "text",
        _texts,
        renaming.with_texts,
        TRACES,
        "The id of an SDP text is any name.",
    ),
    _row(
        "messages",
        "message",
        _messages,
        renaming.with_messages,
        TRACES,
        "The name of a signaling message is any text.",
    ),
    _row(
        "tracks",
        "track",
        renaming.tracks,
        renaming.with_tracks,
        TRACES,
        "The name of a track says only whether it is the same one.",
    ),
    Row(
        "calls-renumbered",
        "allowed",
        TRACES,
        "The id of a call is any integer that is unique in the trace.",
        once,
        renumbered_calls,
        "findings",
    ),
    Row(
        "tasks-renumbered",
        "allowed",
        TRACES,
        "The number of a task says only whether it is the same one.",
        once,
        renumbered_tasks,
        "findings",
    ),
    Row(
        "numbers-with-gaps",
        "allowed",
        TRACES,
        "The numbers of observations have to rise, and nothing more.",
        once,
        with_gaps,
        "findings",
    ),
    Row(
        "other-messages-of-errors",
        "allowed",
        TRACES,
        "The message of an error is for people.",
        once,
        other_messages,
        "findings",
    ),
    Row(
        "remark-inserted",
        "allowed",
        TRACES,
        "A mark constrains nothing.",
        anywhere,
        marked,
        "findings",
    ),
    Row(
        "remark-removed",
        "allowed",
        TRACES,
        "A mark constrains nothing.",
        remarks,
        unmarked,
        "findings",
    ),
    Row(
        "idle-repeated",
        "allowed",
        TRACES,
        "Nothing happened while nothing happened: it can be measured twice.",
        idles,
        idle_again,
    ),
    Row(
        "brief-idle-inserted",
        "allowed",
        TRACES,
        "Quiet that was too short to count as settled means nothing.",
        between_calls,
        briefly_idle,
        "findings",
    ),
)
"""The same run, told otherwise."""

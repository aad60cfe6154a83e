"""Forbidden: attributes that read otherwise than they must."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from negotiation.conformance.traces import format

from .judgeable import reads, seen, tells
from .recorded import Recording, replace, replaced
from .rows import SET, Place, Row

STATES = ("stable", "have-local-offer", "have-remote-offer", "have-local-pranswer", "closed")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
FLOWING = ("sendrecv", "sendonly", "recvonly")
"""Directions that an m-section which is not rejected may have."""

DESCRIPTIONS = ("currentLocal", "currentRemote", "pendingLocal", "pendingRemote")
TRANSCEIVER = "#rtcrtptransceiver-interface"


def _readings(recording: Recording, name: str) -> Iterator[tuple[int, Any, format.Reading]]:
    """What was read of an attribute, by recorders that read it when the observation was made."""
    for at, one in seen(recording):
        if one.state is None or not reads(recording, one.peer, name):
            continue
        profile = recording.profile(one.peer)
        kind = str(one.__struct_config__.tag)
        if kind not in profile.late and tells(recording, one.peer, "signalingstatechange"):
            yield at, one, one.state


def _with_state(recording: Recording, at: int, **changes: Any) -> Recording:
    one = recording.told[at]
    assert one.state is not None
    return replaced(recording, at, replace(one, state=replace(one.state, **changes)))


def states(recording: Recording) -> Iterator[Place]:
    """A reading of the signaling state, and another state."""
    for at, _, state in _readings(recording, "signalingState"):
        if state.signalingState is not None:
            yield from (Place(at, what=one) for one in STATES if one != state.signalingState)


def another_state(recording: Recording, place: Place) -> Recording:
    """Another state is read."""
    return _with_state(recording, place.at, signalingState=place.what)


def _transceivers(
    recording: Recording, name: str
) -> Iterator[tuple[int, int, format.TransceiverReading]]:
    for at, _, state in _readings(recording, name):
        for index, one in enumerate(state.transceivers or ()):
            yield at, index, one


def _with_transceiver(recording: Recording, at: int, index: int, **changes: Any) -> Recording:
    state = recording.told[at].state
    assert state is not None
    assert state.transceivers is not None
    each = list(state.transceivers)
    each[index] = replace(each[index], **changes)
    return _with_state(recording, at, transceivers=tuple(each))


def directions(recording: Recording) -> Iterator[Place]:
    """A transceiver's direction, and another one."""
    for at, index, one in _transceivers(recording, "transceivers"):
        if one.direction != "stopped":
            yield from (Place(at, index, each) for each in DIRECTIONS if each != one.direction)


def another_direction(recording: Recording, place: Place) -> Recording:
    """Another direction is read."""
    return _with_transceiver(recording, place.at, place.to, direction=place.what)


def current_directions(recording: Recording) -> Iterator[Place]:
    """A transceiver's current direction, and another one in which something flows."""
    for at, index, one in _transceivers(recording, "currentDirection"):
        if one.currentDirection in FLOWING:
            others = (each for each in FLOWING if each != one.currentDirection)
            yield from (Place(at, index, each) for each in others)


def another_current_direction(recording: Recording, place: Place) -> Recording:
    """Another current direction is read."""
    return _with_transceiver(recording, place.at, place.to, currentDirection=place.what)


def mids(recording: Recording) -> Iterator[Place]:
    """A transceiver's mid that is not null; or one that is, while others are not known to come."""
    for at, index, one in _transceivers(recording, "transceivers"):
        yield Place(at, index, "" if one.mid is not None else "of-no-section")


def another_mid(recording: Recording, place: Place) -> Recording:
    """The mid is null although it was set, or set although it was null."""
    return _with_transceiver(recording, place.at, place.to, mid=place.what or None)


def changed_mids(recording: Recording) -> Iterator[Place]:
    """A mid that was read before."""
    known: set[tuple[str, str, str]] = set()
    for at, index, one in _transceivers(recording, "transceivers"):
        if one.mid is not None:
            told = recording.told[at].peer, one.id, one.mid
            if told in known:
                yield Place(at, index, "of-no-section")
            known.add(told)


def kinds(recording: Recording) -> Iterator[Place]:
    """A transceiver's kind."""
    for at, index, one in _transceivers(recording, "transceivers"):
        yield Place(at, index, "video" if one.kind == "audio" else "audio")


def another_kind(recording: Recording, place: Place) -> Recording:
    """The other kind is read."""
    return _with_transceiver(recording, place.at, place.to, kind=place.what)


def of_transceivers(recording: Recording) -> Iterator[Place]:
    """A reading of the transceivers, and one of them."""
    return (Place(at, index) for at, index, _ in _transceivers(recording, "transceivers"))


def without_one(recording: Recording, place: Place) -> Recording:
    """A transceiver is not in the set."""
    state = recording.told[place.at].state
    assert state is not None
    assert state.transceivers is not None
    each = state.transceivers
    left = each[: place.to] + each[place.to + 1 :]
    return _with_state(recording, place.at, transceivers=left)


def descriptions(recording: Recording) -> Iterator[Place]:
    """The type of a description attribute, and another one, or null."""
    for at, _, state in _readings(recording, "descriptions"):
        if state.descriptions is None:
            continue
        for index, name in enumerate(DESCRIPTIONS):
            told = getattr(state.descriptions, name)
            for other in ("offer", "answer", "pranswer", None):
                if other != told:
                    yield Place(at, index, other or "")


def another_description(recording: Recording, place: Place) -> Recording:
    """The attribute has another type, or is null, or is not."""
    state = recording.told[place.at].state
    assert state is not None
    assert state.descriptions is not None
    changes: dict[str, Any] = {DESCRIPTIONS[place.to]: place.what or None}
    return _with_state(recording, place.at, descriptions=replace(state.descriptions, **changes))


WRONG_READINGS = (
    Row(
        "another-signaling-state",
        "forbidden",
        SET,
        "The state changes in the task that fires the event, and with close().",
        states,
        another_state,
    ),
    Row(
        "another-direction",
        "forbidden",
        "#dom-rtcrtptransceiver-direction",
        "The direction is what the script set, or what came with the transceiver.",
        directions,
        another_direction,
    ),
    Row(
        "another-current-direction",
        "forbidden",
        "#dom-rtcrtptransceiver-currentdirection",
        "The current direction is what the last answer says.",
        current_directions,
        another_current_direction,
    ),
    Row(
        "mid-set-or-null",
        "forbidden",
        "#dom-rtptransceiver-mid",
        "The mid is set with the description that has the m-section, and taken back with it.",
        mids,
        another_mid,
    ),
    Row(
        "mid-changed",
        "forbidden",
        "#dom-rtptransceiver-mid",
        "A transceiver's mid does not change from one to another.",
        changed_mids,
        another_mid,
    ),
    Row(
        "another-kind",
        "forbidden",
        TRANSCEIVER,
        "A transceiver's kind never changes.",
        kinds,
        another_kind,
    ),
    Row(
        "transceiver-missing",
        "forbidden",
        "#dom-rtcpeerconnection-gettransceivers",
        "A transceiver is in the set until it is stopped and removed, or rolled back.",
        of_transceivers,
        without_one,
    ),
    Row(
        "another-description",
        "forbidden",
        SET,
        "The descriptions change with the signaling state, as the steps say.",
        descriptions,
        another_description,
    ),
)
"""What the text says of what can be read."""

"""What is left of a full recording when it is seen through a weaker profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

import msgspec

from . import format
from .profiles import LABELS, Profile

Seen = TypeVar("Seen", bound=format.Observation)


def project(
    observations: Iterable[format.Observation], profile: Profile
) -> Iterator[tuple[format.Observation, format.Observation]]:
    """Pairs (the observation in full, what the profile leaves of it), without what it hides.

    Labels that the profile sees late are moved behind the observations that follow, as far as its
    window goes; this projection delays each as long as it may, and lets nothing be read with it.
    """
    late: list[tuple[format.Observation, format.Observation]] = []
    methods: dict[int, str] = {}
    hidden: set[int] = set()
    for one in observations:
        if isinstance(one, format.Call):
            methods[one.id] = one.method
            if one.method in profile.hidden:
                hidden.add(one.id)
        if call_of(one) in hidden or not is_seen(one, profile):
            continue
        pair = (one, weakened(one, profile))
        if kind_of(one) in profile.late:
            late.append((one, _unread(pair[1], methods)))
            if len(late) > profile.window:
                yield late.pop(0)
            continue
        if isinstance(one, format.Idle):
            yield from late
            late.clear()
        yield pair
    yield from late


def _unread(late: format.Observation, methods: dict[int, str]) -> format.Observation:
    """A late settlement: what could have been read when it happened has changed since."""
    if isinstance(late, format.Resolve) and methods[late.call] == "setLocalDescription":
        late = msgspec.structs.replace(late, description=None)
    return msgspec.structs.replace(late, state=None)


def call_of(observation: format.Observation) -> int | None:
    """The call that the observation begins or ends, if it is about one."""
    if isinstance(observation, format.Call):
        return observation.id
    return getattr(observation, "call", None)


def kind_of(observation: format.Observation) -> str:
    """The observation's kind, as in its line."""
    return str(observation.__struct_config__.tag)


def is_seen(observation: format.Observation, profile: Profile) -> bool:
    """Whether the profile records such an observation at all."""
    if isinstance(observation, format.Event):
        return observation.name in profile.events
    kind = kind_of(observation)
    return kind not in LABELS or kind in profile.labels


def weakened(observation: Seen, profile: Profile) -> Seen:
    """The observation without what the profile cannot read."""
    observation = msgspec.structs.replace(observation, state=_read(observation.state, profile))
    if not profile.tasks:
        observation = msgspec.structs.replace(observation, task=None, within=None)
    if isinstance(observation, format.Idle) and profile.hidden:
        return msgspec.structs.replace(observation, pending=())
    if isinstance(observation, format.Resolve) and not profile.descriptions:
        return msgspec.structs.replace(observation, description=None)
    return observation


def _read(reading: format.Reading | None, profile: Profile) -> format.Reading | None:
    if reading is None or not profile.reads:
        return None
    hidden: dict[str, Any] = {
        name: None for name in reading.__struct_fields__ if name not in profile.reads
    }
    if "currentDirection" not in profile.reads and "transceivers" not in hidden:
        hidden["transceivers"] = _without_current_directions(reading.transceivers)
    return msgspec.structs.replace(reading, **hidden)


def _without_current_directions(
    transceivers: tuple[format.TransceiverReading, ...] | None,
) -> tuple[format.TransceiverReading, ...] | None:
    if transceivers is None:
        return None
    return tuple(msgspec.structs.replace(one, currentDirection=None) for one in transceivers)

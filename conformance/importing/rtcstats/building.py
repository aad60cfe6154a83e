"""Values out of the events of a JSON document: one at a time, and none that is too large."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..json_events import Event

MOST_PARTS = 20_000
"""Members and elements of one value that are kept; of a larger one, the rest is left out."""


def built(first: Event, events: Iterator[Event]) -> Any:
    """The value that begins with the first event; what follows it is taken from the others."""
    event, value = first
    if event == "start_map":
        return _Builder(events).object()
    if event == "start_array":
        return _Builder(events).array()
    return value


def skipped(first: Event, events: Iterator[Event]) -> None:
    """Read the value to its end, keeping nothing."""
    depth = _deeper(first)
    while depth > 0:
        depth += _deeper(next(events))


def _deeper(event: Event) -> int:
    return {"start_map": 1, "start_array": 1, "end_map": -1, "end_array": -1}.get(event[0], 0)


class _Builder:
    """Builds one value; the depth is bounded by whoever made the events."""

    def __init__(self, events: Iterator[Event]) -> None:
        self._events = events
        self._parts = 0

    def object(self) -> dict[str, Any]:
        """The members up to the end of the object."""
        members: dict[str, Any] = {}
        for event, key in self._events:
            if event == "end_map":
                break
            value = self._value(next(self._events))
            if self._parts <= MOST_PARTS:
                members[key] = value
        return members

    def array(self) -> list[Any]:
        """The elements up to the end of the array."""
        elements: list[Any] = []
        for first in self._events:
            if first[0] == "end_array":
                break
            value = self._value(first)
            if self._parts <= MOST_PARTS:
                elements.append(value)
        return elements

    def _value(self, first: Event) -> Any:
        self._parts += 1
        if first[0] == "start_map":
            return self.object()
        return self.array() if first[0] == "start_array" else first[1]

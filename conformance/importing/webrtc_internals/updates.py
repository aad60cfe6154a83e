"""What is kept of a record while the dump is read."""

from __future__ import annotations

import msgspec


class Update(msgspec.Struct):
    """One entry of an `updateLog`: `time` since the epoch, or `clock`, a local date and time."""

    type: str
    value: str
    time: float | None = None
    clock: str | None = None

    @property
    def name(self) -> str:
        """Its type, whatever the capitals of its generation."""
        return self.type.lower()


class Record:
    """A peer connection: its updates, and when its statistics were taken first and last."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.is_plan_b = False
        self.series: tuple[str, str] | None = None

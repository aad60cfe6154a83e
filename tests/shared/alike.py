"""What two recordings of one program, by one stack, must have alike."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from negotiation.conformance.stacks.recording import Recording
from negotiation.conformance.traces.format import Line, Observation

_DIFFERS_BY_NATURE = ("t", "quiet", "turns", "text")


def observations(recording: Recording) -> list[Observation]:
    """What was observed, without the header and the texts."""
    return [line for line in recording.lines if isinstance(line, Observation)]


def normalised(lines: Iterable[Line | Observation], *but: str) -> list[dict[str, Any]]:
    """The lines without what differs by nature, and `but` these fields of them."""
    left_out = {*_DIFFERS_BY_NATURE, *but}
    return [
        {name: value for name, value in told.items() if name not in left_out}
        for told in map(msgspec.to_builtins, lines)
    ]

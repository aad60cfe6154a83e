"""Recordings without what differs from run to run by nature: times, texts, the words of errors."""

from __future__ import annotations

from typing import Any

import msgspec

from negotiation.conformance.stacks.recording import Recording
from negotiation.conformance.traces.format import Header

_BY_NATURE = ("t", "quiet", "turns", "text", "message")


def normalised(recording: Recording) -> list[dict[str, Any]]:
    lines = (line for line in recording.lines if not isinstance(line, Header))
    return [_without_nature(msgspec.to_builtins(line)) for line in lines]


def _without_nature(line: dict[str, Any]) -> dict[str, Any]:
    kept = ("message",) if line["kind"] in ("send", "receive") else ()
    return {name: value for name, value in line.items() if name in kept or name not in _BY_NATURE}

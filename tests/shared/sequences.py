"""Expected sequences, as the files in tests/expected write them, and as runs give them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from negotiation.conformance.traces import format

_MID = re.compile(r"( t\d+=\w+,\w+,)[^-,]+,")
"""Expectations may write the mid that is likely; the text says only that there is one."""


def expected_sequences(text: str) -> dict[str, set[tuple[str, ...]]]:
    """The sequences of a file: for each peer all that are allowed."""
    found: dict[str, list[list[str]]] = {}
    for line in text.splitlines():
        if line.startswith("## "):
            found.setdefault(line.split()[1], []).append([])
        elif line.strip() and not line.startswith("#"):
            [*_, sequences] = found.values()
            sequences[-1].append(_MID.sub(r"\1mid,", " ".join(line.split())))
    return {peer: {tuple(one) for one in each} for peer, each in found.items()}


def told_sequences(
    observations: Iterable[format.Observation],
) -> dict[str, tuple[str, ...]]:
    """What each peer's observations are as lines of such a file."""
    calls: dict[str, dict[int, int]] = {}
    found: dict[str, list[str]] = {}
    for one in observations:
        numbers = calls.setdefault(one.peer, {})
        if isinstance(one, format.Call):
            numbers[one.id] = len(numbers) + 1
        line = _line(one, numbers)
        if line is not None:
            found.setdefault(one.peer, []).append(line)
    return {peer: tuple(lines) for peer, lines in found.items()}


def _line(one: format.Observation, numbers: dict[int, int]) -> str | None:
    state = f"[{one.state.signalingState}]" if one.state else ""
    match one:
        case format.Call():
            return f"call #{numbers[one.id]} {one.method}"
        case format.Return():
            value = f" {one.value}" if one.value else ""
            return f"return #{numbers[one.call]}{value} {state}"
        case format.Throw() | format.Reject():
            kind = "throw" if isinstance(one, format.Throw) else "reject"
            return f"{kind} #{numbers[one.call]} {one.error} {state}"
        case format.Resolve():
            return f"resolve #{numbers[one.call]} {state}"
        case format.Event():
            return _event(one, state)
        case format.Idle():
            return _idle(one, numbers, state)
    return None


def _event(one: format.Event, state: str) -> str | None:
    if one.name in ("addtrack", "removetrack"):
        return None
    detail = ""
    if one.transceiver is not None:
        detail = f" {one.transceiver} ({' '.join(one.streams or ())})"
    return f"event {one.name}{detail} {state}"


def _idle(one: format.Idle, numbers: dict[int, int], state: str) -> str:
    assert one.state is not None
    transceivers = "".join(
        f" {each.id}={each.kind},{each.direction},{'mid' if each.mid is not None else '-'},"
        f"{each.currentDirection or '-'}"
        for each in one.state.transceivers or ()
    )
    pending = ",".join(f"#{numbers[call]}" for call in one.pending) or "-"
    return f"idle {state}{transceivers} pending={pending}"

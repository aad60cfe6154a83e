"""Changes of the signaling state before the settlement they belong to, as JavaScript has them.

B, C and D tell that a description was set, and then the changes of state that this brought: one, or
two where an offer rolls another one back. The signaling table says how many there are to wait for.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from negotiation.model import Side, SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..entries import SETTING, AnyEntry, Called, Fired, Noticed, Settled

NEXT_TO = 50.0
"""Milliseconds after a settlement within which its changes of state are told."""

_FURTHEST = 8
"""How many entries after a settlement are looked at for them."""

_TARGETS = {(row.side, str(row.source), str(row.type)): str(row.target) for row in TRANSITIONS}
_STABLE = str(SignalingState.STABLE)


def in_javascript_order(entries: Sequence[AnyEntry], state: str | None) -> Iterator[AnyEntry]:
    """The entries; `state` is the signaling state in the beginning, None: it is not known."""
    calls: dict[str, deque[Called]] = {method: deque() for method in SETTING}
    moved: set[int] = set()
    for at, entry in enumerate(entries):
        if at in moved:
            moved.discard(at)
            continue
        if isinstance(entry, Called) and entry.method in SETTING:
            calls[entry.method].append(entry)
        elif isinstance(entry, Settled) and entry.method in SETTING:
            called = _settled(calls[entry.method], entry.key)
            if entry.error is None:
                for change in _changes(entries, at, _expected(called, state)):
                    moved.add(change)
                    state = _state_of(entries[change])
                    yield entries[change]
        state = _state_of(entry) or state
        yield entry


def _settled(open_: deque[Called], key: str | None) -> Called | None:
    """The call that was settled, no longer open."""
    found = next((one for one in reversed(open_) if one.key == key), None) if key else None
    if found is not None:
        open_.remove(found)
    if key is not None:
        return found
    return open_.popleft() if open_ else None


def _state_of(entry: AnyEntry) -> str | None:
    return entry.signaling_state if isinstance(entry, Fired | Noticed) else None


def _expected(called: Called | None, state: str | None) -> tuple[str | None, ...]:
    """The states to which setting the description leads, one after the other; None: any."""
    if called is None or state is None:
        return (None,)
    side = SETTING[called.method]
    type = None if called.description is None else called.description.type
    if type is None:
        is_answer = side is Side.LOCAL and (side, state, "answer") in _TARGETS
        type = "answer" if is_answer else "offer"
    target = _TARGETS.get((side, state, type))
    if target is not None:
        return () if target == state else (target,)
    if type == "offer":
        return _STABLE, _TARGETS[side, _STABLE, type]
    return (None,)


def _changes(
    entries: Sequence[AnyEntry], settled: int, expected: Sequence[str | None]
) -> list[int]:
    """Where the changes of state are told that belong to a settlement before them."""
    found: list[int] = []
    for at in range(settled + 1, min(settled + 1 + _FURTHEST, len(entries))):
        entry = entries[at]
        if len(found) == len(expected) or entry.time - entries[settled].time > NEXT_TO:
            break
        if isinstance(entry, Settled) and entry.method in SETTING:
            break
        if isinstance(entry, Fired) and entry.name == "signalingstatechange":
            if expected[len(found)] not in (None, entry.signaling_state):
                break
            found.append(at)
    return found

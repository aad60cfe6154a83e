"""Types of descriptions that a dump leaves out: concluded from what came before and after.

The signaling table knows which type leads from one state to another.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from negotiation.model import Side, SignalingState
from negotiation.model.signaling import TRANSITIONS

from .entries import AnyEntry, Called, Fired, Given, Noticed, Settled
from .ordering import SETTING

FURTHEST = 100
"""How many entries are looked at for what came of a call."""

_SIDES = {"setLocalDescription": Side.LOCAL, "setRemoteDescription": Side.REMOTE}
_CREATING = {"createOffer": "offer", "createAnswer": "answer"}
_FIRST = ("offer", "answer", "pranswer", "rollback")
"""Which type is meant where the table allows several."""


def with_types(entries: Sequence[AnyEntry]) -> list[AnyEntry]:
    """The entries, each set*Description with the type that it must have had, if that is known.

    What was called without any description at all stays so: it is implicit.
    """
    state, created = str(SignalingState.STABLE), "offer"
    typed: list[AnyEntry] = []
    for at, entry in enumerate(entries):
        if isinstance(entry, Called):
            created = _CREATING.get(entry.method, created)
            entry = _typed(entry, state, _next_state(entries, at), created)
        state = _state_of(entry) or state
        typed.append(entry)
    return typed


def _typed(called: Called, before: str, after: str | None, created: str) -> Called:
    given = called.description
    if called.method not in SETTING or given is None or given.type is not None:
        return called
    side = _SIDES[called.method]
    type = _by_the_table(side, before, after) or (created if side is Side.LOCAL else "offer")
    return msgspec.structs.replace(called, description=Given(type, given.sdp))


def _by_the_table(side: Side, before: str, after: str | None) -> str | None:
    """The type that leads from a state to the next; None: none does, or no next one was told."""
    rows = [row for row in TRANSITIONS if row.side is side and row.source == before]
    types = {str(row.type) for row in rows if after is None or row.target == after}
    return next((type for type in _FIRST if type in types), None)


def _next_state(entries: Sequence[AnyEntry], at: int) -> str | None:
    """The state that the call led to, by the first event between it and its settlement."""
    method = getattr(entries[at], "method", None)
    for entry in entries[at + 1 : at + 1 + FURTHEST]:
        if isinstance(entry, Settled) and entry.method == method:
            return None
        if isinstance(entry, Fired) and entry.signaling_state is not None:
            return entry.signaling_state
    return None


def _state_of(entry: AnyEntry) -> str | None:
    return entry.signaling_state if isinstance(entry, Fired | Noticed) else None

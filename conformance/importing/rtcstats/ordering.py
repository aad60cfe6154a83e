"""Changes of the signaling state before the settlements they belong to, however late they are told.

In the browsers of 2016 the event came up to some hundred milliseconds after the promise had been
resolved, with other calls in between. The signaling table says which change a settlement brings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from negotiation.model import SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..entries import SETTING, AnyEntry, Called, Fired, Settled

_TARGETS = {
    (row.side, str(row.source), str(row.type)): str(row.target) for row in reversed(TRANSITIONS)
}


def changes_first(entries: Iterable[AnyEntry]) -> list[AnyEntry]:
    """The entries of a connection, seen from its construction on, in JavaScript's order."""
    told: list[AnyEntry] = []
    brought: dict[int, Fired] = {}
    calls: dict[str, deque[Called]] = {method: deque() for method in SETTING}
    state = str(SignalingState.STABLE)
    waiting: deque[tuple[int, str]] = deque()
    for entry in entries:
        if isinstance(entry, Called) and entry.method in SETTING:
            calls[entry.method].append(entry)
        elif isinstance(entry, Settled) and calls.get(entry.method):
            target = _target(calls[entry.method].popleft(), entry, state)
            if target is not None and target != state:
                waiting.append((len(told), target))
                state = target
        elif isinstance(entry, Fired) and entry.signaling_state is not None:
            if waiting and waiting[0][1] == entry.signaling_state:
                brought[waiting.popleft()[0]] = entry
                continue
            state = entry.signaling_state
        told.append(entry)
    return list(_with(brought, told))


def _with(brought: Mapping[int, Fired], told: Sequence[AnyEntry]) -> Iterator[AnyEntry]:
    """What was told, with each change right before the settlement at that place."""
    for at, entry in enumerate(told):
        if at in brought:
            yield brought[at]
        yield entry


def _target(called: Called, settled: Settled, state: str) -> str | None:
    """The state that a call leads to; None: it was refused, or leads nowhere."""
    if settled.error is not None:
        return None
    type = None if called.description is None else called.description.type
    return _TARGETS.get((SETTING[called.method], state, type or ""))

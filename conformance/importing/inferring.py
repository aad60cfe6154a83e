"""Types of descriptions that a dump leaves out: concluded from what came before and after.

The signaling table knows which type leads from one state to another.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Sequence

import msgspec

from negotiation.model import Side, SignalingState
from negotiation.model.signaling import TRANSITIONS

from .entries import CREATING, SETTING, AnyEntry, Called, Fired, Given, Noticed, Settled

FURTHEST = 100
"""How many entries are looked at for what came of a call."""

_FIRST = ("offer", "answer", "pranswer", "rollback")
"""Which type is meant where the table allows several."""

_REFUSED = ("answer", "offer", "rollback")
"""Which type is meant where it was refused for the state."""

_WRONG_STATE = "InvalidStateError"

_TOLD = re.compile(r"(?:Failed to|Cannot) set (?:local|remote) (offer|answer|pranswer)\b")
"""How browsers say, of a description that they refuse, what it was."""


def with_types(entries: Sequence[AnyEntry]) -> list[AnyEntry]:
    """The entries, each set*Description with the type that it must have had, if that is known.

    What was called without any description at all stays so: it is implicit.
    """
    state, created = str(SignalingState.STABLE), "offer"
    is_state_told = any(_state_of(entry) is not None for entry in entries)
    typed: list[AnyEntry] = []
    open: dict[str, deque[Called]] = defaultdict(deque)
    for at, entry in enumerate(entries):
        if isinstance(entry, Called):
            created = CREATING.get(entry.method, created)
            ahead = len(open[entry.method])
            entry = _typed(entry, _outcome(entries, at, state, ahead), created)
            open[entry.method].append(entry)
        elif isinstance(entry, Settled) and open[entry.method]:
            called = open[entry.method].popleft()
            if not is_state_told and entry.error is None:
                state = _led_to(called, state)
        state = _state_of(entry) or state
        typed.append(entry)
    return typed


def _led_to(called: Called, state: str) -> str:
    """The state that a call led to, by its type: where no event tells it."""
    side, given = SETTING.get(called.method), called.description
    if side is None:
        return state
    type = _by_the_table(side, state, None) if given is None else given.type
    rows = (row for row in TRANSITIONS if row.side is side and row.source == state)
    return next((str(row.target) for row in rows if str(row.type) == type), state)


class _Outcome(msgspec.Struct, frozen=True):
    """What came of a call: the states before and after it, or that the state was not one for it.

    `after` is None where it is not known; it is `before` where it settled without any event. `told`
    is the type by which the message of its failure calls the description.
    """

    before: str
    after: str | None
    is_refused: bool = False
    told: str | None = None


def _typed(called: Called, outcome: _Outcome, created: str) -> Called:
    given = called.description
    if called.method not in SETTING or given is None or given.type is not None:
        return called
    side = SETTING[called.method]
    if outcome.told is not None:
        type = outcome.told
    elif outcome.is_refused:
        type = _refused_by_the_table(side, outcome.before)
    else:
        created = created if side is Side.LOCAL else "offer"
        type = (
            _by_the_table(side, outcome.before, outcome.after)
            or _by_the_table(side, outcome.before, None)
            or created
        )
    return msgspec.structs.replace(called, description=Given(type, given.sdp))


def _by_the_table(side: Side, before: str, after: str | None) -> str | None:
    """The type that leads from a state to the next; None: none does, or no next one was told."""
    rows = [row for row in TRANSITIONS if row.side is side and row.source == before]
    types = {str(row.type) for row in rows if after is None or row.target == after}
    return next((type for type in _FIRST if type in types), None)


def _refused_by_the_table(side: Side, before: str) -> str:
    """The type that nothing leads on with from a state."""
    allowed = {str(row.type) for row in TRANSITIONS if row.side is side and row.source == before}
    return next((type for type in _REFUSED if type not in allowed), _REFUSED[0])


def _outcome(entries: Sequence[AnyEntry], at: int, state: str, ahead: int) -> _Outcome:
    """What came of the call, which was made in this state, behind others of its kind.

    The last event before its settlement is its own: earlier ones are those of calls before it in
    the operations chain, or of an offer that it rolled back.
    """
    method = getattr(entries[at], "method", None)
    states = [state]
    for entry in entries[at + 1 : at + 1 + FURTHEST]:
        if isinstance(entry, Settled) and entry.method == method:
            if not ahead:
                return _ending(entry, states)
            ahead -= 1
            states = states[-1:]
        elif isinstance(entry, Fired) and entry.signaling_state is not None:
            states.append(entry.signaling_state)
    return _Outcome(state, states[1] if len(states) > 1 and not ahead else None)


def _ending(settled: Settled, states: Sequence[str]) -> _Outcome:
    """What came of a call that settled so, after these states."""
    if settled.error is None:
        return _Outcome(states[-2:][0], states[-1])
    told = _TOLD.search(settled.message or "")
    return _Outcome(states[-1], None, settled.error == _WRONG_STATE, told[1] if told else None)


def _state_of(entry: AnyEntry) -> str | None:
    return entry.signaling_state if isinstance(entry, Fired | Noticed) else None

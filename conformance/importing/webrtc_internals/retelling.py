"""Where a record tells once more how things stand: another such page was opened meanwhile.

The browser then tells of each connection, in the same log, which descriptions are in force, without
settlements, and the three states. Nothing was called there, and nothing changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..entries import SETTING
from .lateness import is_settled
from .names import CALLS, CHANGES, CONNECTING
from .updates import Update
from .values import description, signaling_state

_ORIGIN = re.compile(r"^o=\S+ (\S+ \S+) ", re.MULTILINE)
_MOST_SETS = 2
_STATES = 3


def without_retellings(updates: Sequence[Update]) -> list[Update]:
    """The updates, without those that only tell again what the earlier ones have told."""
    kept: list[Update] = []
    been_set: set[tuple[str, str]] = set()
    state: str | None = None
    at = 0
    while at < len(updates):
        length = _length_of_a_retelling(updates, at, state, been_set)
        if length:
            at += length
            continue
        update = updates[at]
        if update.name in CHANGES:
            state = signaling_state(update.value) or state
        elif (which := _which(update)) is not None:
            been_set.add(which)
        kept.append(update)
        at += 1
    return kept


def _length_of_a_retelling(
    updates: Sequence[Update], at: int, state: str | None, been_set: set[tuple[str, str]]
) -> int:
    """How many updates from here on tell again how things stand; 0: they tell something new."""
    sets = 0
    while sets < _MOST_SETS and at + sets < len(updates):
        if _which(updates[at + sets]) not in been_set:
            break
        sets += 1
    states = updates[at + sets : at + sets + _STATES]
    if len(states) < _STATES or states[0].name not in CHANGES:
        return 0
    is_whole = all(one.name in CONNECTING for one in states[1:])
    if not is_whole or state is None or signaling_state(states[0].value) != state:
        return 0
    return 0 if is_settled(updates[at:], sets) else sets + _STATES


def _which(update: Update) -> tuple[str, str] | None:
    """The description that is set, and on which side; by now it may have more candidates.

    Known by its type and its session with the version; None: none is set, or it has none of these.
    """
    method = CALLS.get(update.name)
    given = description(update.value) if method in SETTING else None
    origin = _ORIGIN.search(given.sdp) if given is not None and given.sdp else None
    if method is None or given is None or origin is None:
        return None
    return method, f"{given.type} {origin[1]}"

"""Whether a record begins with its connection, or the page was opened when that existed already."""

from __future__ import annotations

import re
from collections.abc import Sequence

from negotiation.model import SignalingState
from negotiation.model.signaling import TRANSITIONS

from ..entries import SETTING
from .names import CALLS, CHANGES, CONNECTING, SETTLEMENTS
from .updates import Update
from .values import description, signaling_state

_FIRST_VERSION = 2
"""The session version in the o= line of the first description that a connection creates."""

UNPARSED = "Failed to parse SessionDescription"
"""In the failures of calls that E does not tell."""

_VERSION = re.compile(r"^o=\S+ \S+ (\d{1,9}) ", re.MULTILINE | re.ASCII)
_LONGEST_SNAPSHOT = 2
_FIRST_STATES = frozenset(
    str(row.target) for row in TRANSITIONS if row.source == SignalingState.STABLE
) - {"stable"}


def snapshot_length(updates: Sequence[Update]) -> int:
    """How many of the first updates tell how things stood when the page was opened, made up.

    Descriptions that are in force, without settlements; then the three states, at once.
    """
    names = [one.name for one in updates[: _LONGEST_SNAPSHOT + 3]]
    sets = 0
    while sets < len(names) and CALLS.get(names[sets]) in SETTING:
        sets += 1
    states = names[sets : sets + 3]
    if sets > _LONGEST_SNAPSHOT or not states or states[0] not in CHANGES:
        return 0
    told = 1 + sum(name in CONNECTING for name in states[1:])
    is_whole = told == 3
    if sets == 0:  # no state changes by itself
        return told
    return sets + told if is_whole and not is_settled(updates, sets) else 0


def is_settled(updates: Sequence[Update], sets: int) -> bool:
    """Whether the calls in the beginning are settled later on, before the next of their kind."""
    methods = {CALLS[one.name] for one in updates[:sets]}
    for update in updates[sets:]:
        if CALLS.get(update.name) in methods:
            methods.discard(CALLS[update.name])
        settlement = SETTLEMENTS.get(update.name)
        if settlement is not None and settlement[0] in methods:
            return True
    return False


def unseen(updates: Sequence[Update]) -> dict[str, int]:
    """Of each method, how many calls must have been open when the page was opened, at least.

    There are more settlements than calls then, somewhere: the first ones are of those.
    """
    missing: dict[str, int] = {}
    balance: dict[str, int] = {}
    for update in updates:
        method, _ = SETTLEMENTS.get(update.name, ("", ""))
        if method and UNPARSED in update.value and balance.get(method, 0) <= 0:
            continue  # E tells no call of it
        if method:
            balance[method] = balance.get(method, 0) - 1
            missing[method] = max(missing.get(method, 0), -balance[method])
        elif update.name in CALLS:
            called = CALLS[update.name]
            balance[called] = balance.get(called, 0) + 1
    return missing


def is_late(updates: Sequence[Update]) -> bool:
    """Whether what is told first cannot come first in a connection's life."""
    called: set[str] = set()
    for update in updates:
        called.add(CALLS.get(update.name, ""))
        if update.name in CHANGES:
            state = signaling_state(update.value)
            return not called & set(SETTING) or state not in (*_FIRST_STATES, "closed")
        method, ending = SETTLEMENTS.get(update.name, ("", ""))
        if ending == "OnSuccess" and _comes_later(method, called, update.value):
            return True
    return False


def _comes_later(method: str, called: set[str], value: str) -> bool:
    if method not in called:
        return True
    if method == "createAnswer" and "setRemoteDescription" not in called:
        return True
    given = description(value) if method.startswith("create") else None
    version = _VERSION.search(given.sdp) if given is not None and given.sdp else None
    return version is not None and int(version[1]) > _FIRST_VERSION

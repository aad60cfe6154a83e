"""Calls whose lines a dump has lost: their promises settled, and nothing says that they were made.

Too long a line is dropped somewhere, or a connection to a server was down. What happened would look
as if it had come from nowhere, so the call is put back where it can have been made: by the
operations chain, before every call that was still open when it settled; and before the changes of
state that it brought.
"""

from __future__ import annotations

from collections.abc import Sequence

from .entries import CREATING, SETTING, AnyEntry, Called, Fired, Given, Remarked, Settled
from .open_calls import OpenCalls

_CHAINED = (*SETTING, *CREATING)


def with_lost_calls(entries: Sequence[AnyEntry], begins_unknown: bool) -> list[AnyEntry]:
    """The entries of a connection, with the calls that must have been made, each with a remark.

    What settles first in a recording that begins late was called before it.
    """
    lost: dict[int, list[AnyEntry]] = {}
    open_, waiting = OpenCalls(), dict[int, None]()
    may_be_earlier = begins_unknown
    free = 0
    for at, entry in enumerate(entries):
        if isinstance(entry, Called):
            if entry.method == "close":
                break
            free = at + 1
            if entry.method in _CHAINED:
                open_.begin(entry, at)
                waiting[at] = None
        elif isinstance(entry, Settled) and entry.method in _CHAINED:
            made = open_.end(entry)
            if made is not None:
                del waiting[made]
                may_be_earlier = False
            elif not may_be_earlier:
                before = next(iter(waiting), None)
                before = _first_change(entries, free, at) if before is None else before
                lost.setdefault(before, []).extend(_put_back(entry, entries[before].time))
            free = at + 1
    return [one for at, entry in enumerate(entries) for one in (*lost.get(at, ()), entry)]


def _first_change(entries: Sequence[AnyEntry], since: int, settled: int) -> int:
    """Where the first change of state is told that the settled call may have brought."""
    for at in range(since, settled):
        entry = entries[at]
        if isinstance(entry, Fired) and entry.name == "signalingstatechange":
            return at
    return settled


def _put_back(settled: Settled, time: float) -> tuple[AnyEntry, AnyEntry]:
    what = "fulfilled" if settled.error is None else "rejected"
    text = f"{settled.method} was {what}; its call is not in the dump, and must have been made"
    given = Given() if settled.method in SETTING else None
    called = Called(time=time, method=settled.method, description=given, key=settled.key)
    return Remarked(time=time, text=text), called

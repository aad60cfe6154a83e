"""Entries in the order in which JavaScript saw them, where the order of a dump is another."""

from __future__ import annotations

from collections.abc import Sequence

from .entries import AnyEntry, Called, Fired, Settled

SETTING = ("setLocalDescription", "setRemoteDescription")

NEXT_TO = 50.0
"""Milliseconds within which a change of state belongs to the settlement that was told before it."""


def in_order(entries: Sequence[AnyEntry]) -> list[AnyEntry]:
    """The entries, with each change of the signaling state before the settlement it belongs to.

    In JavaScript the event comes first ("set a session description": the event is fired, then the
    promise resolved). A settlement that was told first is moved behind the event, if no other
    event was told since its call.
    """
    ordered: list[AnyEntry] = []
    for entry in entries:
        at = _settlement_before(ordered, entry)
        if at is None:
            ordered.append(entry)
        else:
            ordered.insert(at, entry)
    return ordered


def _settlement_before(ordered: Sequence[AnyEntry], entry: AnyEntry) -> int | None:
    """Where the settlement is that the change of state belongs to; None: it is in its place."""
    if not _is_change(entry):
        return None
    for at in range(len(ordered) - 1, -1, -1):
        other = ordered[at]
        if _is_change(other) or entry.time - other.time > NEXT_TO:
            return None
        if isinstance(other, Called) and other.method in SETTING:
            continue  # the reaction to the settlement has gone on already
        if isinstance(other, Settled) and other.method in SETTING and other.error is None:
            return None if _has_change(ordered, at) else at
    return None


def _has_change(ordered: Sequence[AnyEntry], settled: int) -> bool:
    """Whether a change of state was told between the settlement and its call."""
    method = getattr(ordered[settled], "method", None)
    for other in reversed(ordered[:settled]):
        if _is_change(other):
            return True
        if isinstance(other, Called) and other.method == method:
            return False
    return False


def _is_change(entry: AnyEntry) -> bool:
    return isinstance(entry, Fired) and entry.name == "signalingstatechange"

"""Firefox's about:webrtc as JSON: a report as its page copies it, or several.

Whatever has a `pcid` and an `sdpHistory` is a report of a connection, wherever it is: alone, in
`reports`, in `sdpHistories`, in a list. What is told twice counts once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from .entries import LARGEST_TEXT, BrokenOffError, Dump
from .firefox import About, SetEntry
from .json_events import Event, json_events

_PCID = re.compile(rb'"pcid"\s*:\s*"')
_HISTORY = re.compile(rb'"sdpHistor(?:y|ies)"\s*:\s*\[')
_MEMBERS = re.compile(
    rb'"(?:rawLocalCandidates|iceCandidatePairStats|browserId|callDurationMs|iceRollbacks)"\s*:'
)

_BEGINS = re.compile(
    rb'\s*\[?\s*\{\s*(?:"(?:reports|sdpHistories)"\s*:\s*\[\s*\{\s*)?'
    rb'"(?:bandwidthEstimations|codecStats|dataChannelStats|iceCandidatePairStats|iceCandidateStats'
    rb'|inboundRtpStreamStats|rtpContributingSourceStats)"\s*:\s*\['
)
"""Statistics come first, and more of them than a head holds."""

MOST_IN_HISTORY = 20_000
"""Entries of one history that are read."""


def recognises(head: bytes) -> bool:
    """Whether a file that begins so is such a report."""
    if not head.lstrip().startswith((b"{", b"[")):
        return False
    if _BEGINS.match(head):
        return True
    is_report = _PCID.search(head) and _MEMBERS.search(head)
    return bool(is_report or (_HISTORY.search(head) and b'"isLocal"' in head))


def read(stream: BinaryIO, dump: Dump) -> None:
    """Read the reports.

    Raises:
        BrokenOffError: they could not be read to their end.
    """
    about = About(dump)
    try:
        for report in _reports(json_events(stream)):
            _take(report, about)
    finally:
        about.hand_over()


class _Object:
    """What is of interest in an object that is being read: plain members, and its history."""

    def __init__(self) -> None:
        self.plain: dict[str, Any] = {}
        self.history: list[_Object] = []
        self.errors: list[_Object] = []


_OF_REPORT = ("pcid", "closed", "timestamp")
_OF_ENTRY = ("timestamp", "isLocal", "sdp")
_OF_ERROR = ("lineNumber", "error")
_KEPT = frozenset((*_OF_REPORT, *_OF_ENTRY, *_OF_ERROR))


def _reports(events: Iterator[Event]) -> Iterator[_Object]:
    """Each object with a pcid, when it ends, or when the document breaks off within it."""
    stack: list[_Object | None] = []
    keys: list[str | None] = []
    kind = ""
    try:
        for kind, value in events:
            if kind == "start_map":
                stack.append(_begun(stack, keys))
                keys.append(None)
            elif kind == "start_array":
                stack.append(None)
                keys.append(keys[-1] if keys else None)
            elif kind in ("end_map", "end_array"):
                ended = stack.pop()
                keys.pop()
                if ended is not None and "pcid" in ended.plain:
                    yield ended
            elif kind == "map_key":
                keys[-1] = value
            elif stack and (reading := stack[-1]) is not None and keys[-1] in _KEPT:
                reading.plain[keys[-1]] = value
    except BrokenOffError:
        if kind == "number" and stack and (torn := stack[-1]) is not None:
            torn.plain.pop(keys[-1] or "", None)  # more digits may have followed
        yield from (one for one in stack if one is not None and "pcid" in one.plain)
        raise


def _begun(stack: list[_Object | None], keys: list[str | None]) -> _Object:
    """An object begins: an entry of a history, an error of an entry, or anything."""
    begun = _Object()
    if len(stack) > 1 and stack[-1] is None and (owner := stack[-2]) is not None:
        if keys[-1] == "sdpHistory" and len(owner.history) < MOST_IN_HISTORY:
            owner.history.append(begun)
        elif keys[-1] == "errors" and len(owner.errors) < 3:
            owner.errors.append(begun)
    return begun


def _take(report: _Object, about: About) -> None:
    pcid, closed = report.plain.get("pcid"), report.plain.get("closed")
    time = _number(report.plain.get("timestamp"))
    if not isinstance(pcid, str):
        return
    if time is not None:
        about.until(pcid, time)
    about.took(pcid, [*_entries(report.history)])
    if closed is True and time is not None:
        about.closed(pcid, time)


def _entries(history: Iterable[_Object]) -> Iterator[SetEntry]:
    """The entries in their order; one without a time has that of the one before."""
    time = 0.0
    for told in history:
        known = _number(told.plain.get("timestamp"))
        time = time if known is None else known
        is_local, sdp = told.plain.get("isLocal"), told.plain.get("sdp")
        if isinstance(is_local, bool) and isinstance(sdp, str):
            errors = tuple(filter(None, map(_error, told.errors)))
            yield SetEntry(time, is_local, sdp[:LARGEST_TEXT], errors)


def _error(told: _Object) -> str | None:
    what = told.plain.get("error")
    return what[:200] if isinstance(what, str) else None


def _number(value: object) -> float | None:
    """A time in milliseconds, if it can be one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value < 1e15 else None

"""What Firefox's about:webrtc tells of a connection: which descriptions were set, when, by which
side; and what their types must have been, which it leaves out.

An entry is written when set*Description reaches the browser's native part, in the order of the
operations chain. What follows from that (tried with Firefox 153):

* how it ended is not told: descriptions that were refused look like those that were applied;
* what the JavaScript part refuses is not there (pranswer, which Firefox does not have, always);
* a rollback has an empty text. An implicit one is there as well, as a local rollback just before
  the remote offer that caused it;
* no other call, no event and no state is there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from negotiation.conformance.traces.format import Stack
from negotiation.model import Side, SignalingState
from negotiation.model.signaling import TRANSITIONS

from .entries import (
    MOST_ENTRIES,
    BrokenOffError,
    Called,
    Connection,
    Dump,
    Given,
    Remarked,
)

PROFILE = "firefox"
RECORDER = "about:webrtc"

_SETUP = re.compile(r"^a=setup:(\w+)", re.MULTILINE)
_ANSWERING = {"active", "passive", "holdconn"}
_LONGEST_REMARK = 200
_IN_FORCE = "the page tells what was in force, not when it was set, nor what was set before"


class SetEntry(msgspec.Struct, frozen=True):
    """A description was set; `errors` are what the SDP parser complained of."""

    time: float
    is_local: bool
    sdp: str
    errors: tuple[str, ...] = ()


class About:
    """Gathers what is told of each connection, and hands it to the dump at the end.

    Types are concluded from what came after, too, so nothing can be handed over before.
    """

    def __init__(self, dump: Dump) -> None:
        dump.stack = Stack("firefox")
        dump.profile = PROFILE
        dump.recorder = RECORDER
        self._dump = dump
        self._names: Counter[str] = Counter()
        self._entries: dict[str, list[SetEntry]] = {}
        self._closed: dict[str, float] = {}
        self._until: dict[str, float] = {}
        self._unknown: set[str] = set()
        self._kept = 0

    def took(self, pcid: str, entries: Sequence[SetEntry], *, begins_unknown: bool = False) -> None:
        """The history of a connection was told, or a part of it; what was told before is skipped.

        `begins_unknown`: it is what was in force in the end, and when it was set is not told.

        Raises:
            BrokenOffError: there is more than anybody can read.
        """
        known = self._entries.setdefault(pcid, [])
        if begins_unknown:
            self._unknown.add(pcid)
        left = Counter(known)
        for entry in entries:
            if not begins_unknown:
                self._dump.last_at(entry.time)
            if left[entry]:
                left[entry] -= 1
                continue
            self._kept += 1
            if self._kept > MOST_ENTRIES:
                raise BrokenOffError(f"more than {MOST_ENTRIES} descriptions were set")
            known.append(entry)

    def closed(self, pcid: str, time: float) -> None:
        """The connection was closed, by the application or with its page, at that time."""
        self._closed.setdefault(pcid, time)

    def until(self, pcid: str, time: float) -> None:
        """What is told of the connection was so at that time."""
        self._dump.last_at(time)
        self._until[pcid] = max(time, self._until.get(pcid, time))

    def hand_over(self) -> None:
        """Tell the dump. A connection on which nothing was set is left out.

        Raises:
            BrokenOffError: there are too many connections.
        """
        for pcid, entries in self._entries.items():
            if entries:
                connection = self._dump.connection(self._name(pcid))
                connection.begins_unknown = pcid in self._unknown
                connection.ended = self._until.get(pcid)
                if connection.begins_unknown:
                    remark = Remarked(time=entries[0].time, text=_IN_FORCE)
                    self._dump.keep(connection, remark)
                self._hand_over(connection, sorted(entries, key=lambda one: one.time))
                if pcid in self._closed:
                    text = "closed, by the application or with its page"
                    self._dump.keep(connection, Remarked(time=self._closed[pcid], text=text))

    def _name(self, pcid: str) -> str:
        """The identifier at its beginning; what follows is the window's, and the page's address."""
        name = (pcid.split() or ["connection"])[0].strip("{}")
        self._names[name] += 1
        return name if self._names[name] == 1 else f"{name} {self._names[name]}"

    def _hand_over(self, connection: Connection, entries: Sequence[SetEntry]) -> None:
        for entry, (type, refused_in) in zip(entries, concluded(entries), strict=True):
            for error in entry.errors[:3]:
                text = f"the SDP parser: {error}"[:_LONGEST_REMARK]
                self._dump.keep(connection, Remarked(time=entry.time, text=text))
            given = Given(type, entry.sdp if type != "rollback" else None)
            method = "setLocalDescription" if entry.is_local else "setRemoteDescription"
            called = Called(time=entry.time, method=method, description=given)
            self._dump.keep(connection, called)
            if refused_in is not None:
                text = f"refused, if all before was applied: {type} in {refused_in}"
                self._dump.keep(connection, Remarked(time=entry.time, text=text))


def concluded(entries: Sequence[SetEntry]) -> list[tuple[str, SignalingState | None]]:
    """Of each description the type that it must have had, and the state in which it was invalid.

    An offer leaves the DTLS role open (a=setup:actpass) and an answer takes one (RFC 5763 and RFC
    9429), so the text tells where it has such a line; what has none is told by the state that the
    connection was in, everything before having been applied where the table allows it.
    """
    state = SignalingState.STABLE
    told: list[tuple[str, SignalingState | None]] = []
    for at, entry in enumerate(entries):
        side = Side.LOCAL if entry.is_local else Side.REMOTE
        type = _type(entry, state, entries[at + 1 : at + 2])
        after = _after(state, side, type)
        told.append((type, state if after is None else None))
        state = state if after is None else after
    return told


def _type(entry: SetEntry, state: SignalingState, following: Sequence[SetEntry]) -> str:
    if not entry.sdp.strip():
        return "rollback"
    roles = _roles(entry)
    if leaves_the_role_open(entry):
        return "offer"
    if _is_answer_due(entry, state):
        return "answer"
    if not roles & _ANSWERING:
        return "offer"
    # Some servers offer with a role of their own choice: what is answered at once was an offer.
    is_answered = not entry.is_local and any(
        one.is_local and _roles(one) & _ANSWERING for one in following
    )
    return "offer" if is_answered else "answer"


def _is_answer_due(entry: SetEntry, state: SignalingState) -> bool:
    offered = (
        SignalingState.HAVE_REMOTE_OFFER if entry.is_local else SignalingState.HAVE_LOCAL_OFFER
    )
    return state is offered


def leaves_the_role_open(entry: SetEntry) -> bool:
    """Whether a description is an offer, by its DTLS role."""
    return "actpass" in _roles(entry)


def _roles(entry: SetEntry) -> set[str]:
    return set(_SETUP.findall(entry.sdp))


def _after(state: SignalingState, side: Side, type: str) -> SignalingState | None:
    """The state that a description of this type leads to; None: it is refused."""
    rows = (row for row in TRANSITIONS if row.source == state and row.side is side)
    return next((row.target for row in rows if row.type == type and row.other_of is None), None)

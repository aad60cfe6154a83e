"""What the lines of a trace have told so far, which no later line may contradict."""

from __future__ import annotations

import math
import reprlib

from . import format
from .format import Header, Sdp
from .said import RETURNED, SETTLED, Said

SEE = "see traces/README.md"

_SLACK = 1e-6
"""Times are read as binary fractions: so much (in milliseconds) is no difference."""

_LIMITS = reprlib.Repr()
_LIMITS.maxstring = _LIMITS.maxother = 60
quoted = _LIMITS.repr
"""What a file says, shortened: it is hostile input."""


class RefusedError(Exception):
    """A line is wrong: `field` and `message` as in TraceError, which adds the place."""

    def __init__(self, field: str | None, message: str) -> None:
        super().__init__(field, message)
        self.field = field
        self.message = message


class Ledger:
    """Admits the lines of one trace in their order.

    `n` is the number of the last observation so far; no time may be before `since`.
    """

    def __init__(self, header: Header, since: float = -math.inf) -> None:
        self.n = 0
        self._peers = header.peers
        self._latest = dict.fromkeys(header.peers, since)
        self._texts: set[str] = set()
        self._open: dict[int, tuple[str, int]] = {}

    def admit_text(self, line: Sdp) -> None:
        """Raise RefusedError if the text's id is another text's."""
        if line.id in self._texts:
            raise RefusedError("id", f"{quoted(line.id)} names another SDP text; rename it")
        self._texts.add(line.id)

    def admit(self, said: Said, n: int, t: float) -> None:
        """Raise RefusedError if the observation does not fit the lines before it."""
        peer = said.peer
        latest = self._latest.get(peer)
        if latest is None or t < latest or n <= self.n:
            self._refuse_order(peer, n, t)
        else:
            self._latest[peer] = t
        self.n = n
        self._admit_references(said)

    def _admit_references(self, said: Said) -> None:
        """Raise RefusedError if calls or texts that the observation refers to cannot be."""
        peer = said.peer
        if said.begins is not None:
            if said.begins in self._open:
                raise RefusedError("id", f"{quoted(said.begins)} is another call's; renumber it")
            self._open[said.begins] = peer, RETURNED | SETTLED
        elif said.ends:
            caller, open = self._open.get(said.call, (None, 0))
            if caller != peer:
                self._refuse_call("call", said.call, peer)
            if not open & said.closes:
                self._refuse_end(said)
            self._open[said.call] = peer, open & ~said.ends
        if said.text is not None and said.text not in self._texts:
            self._refuse_text(said)
        for call in said.pending:
            if call not in self._open or self._open[call][0] != peer:
                self._refuse_call("pending", call, peer)

    def _refuse_order(self, name: str, n: int, t: float) -> None:
        """Raise, unless the time is backwards by no more than the clock's resolution."""
        peer = self._peers.get(name)
        if peer is None:
            known = f"the header names {quoted(sorted(self._peers))}"
            raise RefusedError("peer", f"{quoted(name)} is unknown; {known}")
        if n <= self.n:
            after = f"{quoted(n)} after {quoted(self.n)}"
            raise RefusedError("n", f"{after}; count observations from 1, rising")
        latest = self._latest[name]
        if t < latest - peer.clock.resolution - _SLACK:
            raise RefusedError(
                "t",
                f"{t} after {latest}, backwards by more than the resolution of the peer's "
                "clock; sort the lines, or put the resolution in the header",
            )

    def _refuse_text(self, said: Said) -> None:
        within = "args." if isinstance(said.observation, format.Call) else ""
        message = f"{quoted(said.text)} is the id of no SDP text so far; write its sdp line before"
        raise RefusedError(f"{within}description.sdp", message)

    def _refuse_call(self, field: str, call: int, peer: str) -> None:
        if call not in self._open:
            message = f"there is no call {quoted(call)} so far; write its call line before"
        else:
            caller = self._open[call][0]
            message = f"call {quoted(call)} is peer {quoted(caller)}'s; name one of this peer's"
        raise RefusedError(field, message)

    def _refuse_end(self, said: Said) -> None:
        how = "returned or thrown" if said.ends & RETURNED else "settled or thrown"
        message = f"call {quoted(said.call)} has {how} already; write each ending once"
        raise RefusedError("call", message)

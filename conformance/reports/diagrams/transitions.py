"""The changes of a peer's signaling state as its recording shows them: read, not concluded.

Each is told with the description that was being set when the state was found changed: of the calls
that were pending and did not fail, one that can have led there (the new state names a side, an
offer does not lead to "stable"); of these the first that the table allows, in the order in which
they settled, else the first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from negotiation.model import TRANSITIONS, SdpType, Side, SignalingState

from ...traces import format
from ..offers import SETTING

STABLE, CLOSED = str(SignalingState.STABLE), str(SignalingState.CLOSED)
LOCAL_OFFER = str(SignalingState.HAVE_LOCAL_OFFER)
REMOTE_OFFER = str(SignalingState.HAVE_REMOTE_OFFER)

_TARGETS = {(str(row.source), str(row.side), str(row.type)): str(row.target) for row in TRANSITIONS}
_IMPLICIT_OFFERS = {STABLE, LOCAL_OFFER, str(SignalingState.HAVE_REMOTE_PRANSWER)}

_SIDES = {
    str(state): str(side)
    for side in Side
    for state in SignalingState
    if state.startswith(f"have-{side}")
}
"""Whose description is pending in a state."""


class Change(msgspec.Struct, frozen=True):
    """A change from one signaling state to another (or to itself) that was read at `line`.

    `side` and `type` are the description's; None: no call that was seen explains it. `closing`: it
    was close(). `since` is the line before which the state was read the last time.
    """

    since: int
    line: int
    source: str
    target: str
    side: str | None = None
    type: str | None = None
    closing: bool = False

    @property
    def is_in_the_table(self) -> bool:
        """Whether the table has it, in any reading of the specification."""
        return self.closing or _allowed(self.source, self.side, self.type, self.target)

    @property
    def may_be_two(self) -> bool:
        """Whether it is a remote offer in "have-local-offer", which rolls back and is applied."""
        offered = self.side == Side.REMOTE and self.type == SdpType.OFFER
        return offered and (self.source, self.target) == (LOCAL_OFFER, REMOTE_OFFER)


def _allowed(source: str, side: str | None, type: str | None, target: str) -> bool:
    return side is not None and _TARGETS.get((source, side, type or "")) == target


class _Setting(msgspec.Struct):
    """A description that is being set; `type` is None where setLocalDescription chooses it.

    `settles` is the line at which its promise is fulfilled (infinity: at none).
    """

    side: str
    type: str | None
    settles: float
    shown: bool = False

    def type_in(self, state: str) -> str | None:
        """The description's type, if it is applied in this state."""
        if self.type is not None or self.side == Side.REMOTE:
            return self.type
        return str(SdpType.OFFER if state in _IMPLICIT_OFFERS else SdpType.ANSWER)


class Watching:
    """Follows the signaling state of one peer through its observations.

    `failed` are the calls that threw or were rejected: these change nothing. `settles` are the
    lines at which the others' promises are fulfilled.
    """

    def __init__(
        self,
        peer: format.Peer,
        failed: frozenset[int] = frozenset(),
        settles: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        self._failed = failed
        self._settles = settles
        self.state = None if peer.begins == "unknown" else STABLE
        self._read_at = 0
        self._pending: dict[int, _Setting] = {}
        self._closing = False

    def take(self, line: int, one: format.Observation) -> Iterator[Change]:
        """The changes that an observation shows."""
        if isinstance(one, format.Call):
            self._called(one)
        read = None if one.state is None else one.state.signalingState
        if read is not None:
            yield from self._read(line, read)
        if isinstance(one, format.Resolve):
            yield from self._resolved(line, one.call, is_read=read is not None)
        if read is not None:
            self._read_at = line

    def _called(self, call: format.Call) -> None:
        self._closing = self._closing or call.method == "close"
        if call.method in SETTING and call.id not in self._failed:
            given = call.args.description
            type = None if given is None else given.type
            settles = self._settles.get(call.id, math.inf)
            self._pending[call.id] = _Setting(str(SETTING[call.method]), type, settles)

    def _read(self, line: int, read: str) -> Iterator[Change]:
        source, self.state = self.state, read
        if source is None or source == read:
            return
        if read == CLOSED and self._closing:
            yield Change(self._read_at, line, source, read, closing=True)
            return
        side, type = self._cause(source, read)
        yield Change(self._read_at, line, source, read, side, type)

    def _cause(self, source: str, target: str) -> tuple[str | None, str | None]:
        pending = [one for one in self._pending.values() if not one.shown]
        pending.sort(key=lambda one: one.settles)
        if (source, target) == (LOCAL_OFFER, STABLE) and any(map(_rolls_back, pending[:1])):
            return str(Side.LOCAL), str(SdpType.ROLLBACK)
        fitting = [one for one in pending if _can_lead(one, target)] or pending
        cause = next((one for one in fitting if _is_allowed(one, source, target)), None)
        if cause is None and not fitting:
            return None, None
        # A type that is chosen when its turn comes fits always: only the first one has its turn.
        cause = cause if cause is not None and cause.type is not None else fitting[0]
        cause.shown = True
        return cause.side, cause.type_in(source)

    def _resolved(self, line: int, call: int, *, is_read: bool) -> Iterator[Change]:
        """A description that was applied without a change of state."""
        one = self._pending.get(call)
        if one is None or self.state is None:
            return
        stays = _allowed(self.state, one.side, one.type_in(self.state), self.state)
        if not is_read and not stays and not one.shown:
            return  # the change is still to be read
        del self._pending[call]
        if not one.shown and self.state != CLOSED:
            type = one.type_in(self.state)
            yield Change(self._read_at, line, self.state, self.state, one.side, type)


def _can_lead(one: _Setting, target: str) -> bool:
    """Whether setting it can have led to a state, allowed or not."""
    if target == STABLE:
        return one.type != SdpType.OFFER
    return one.side == _SIDES.get(target, one.side)


def _is_allowed(one: _Setting, source: str, target: str) -> bool:
    return _allowed(source, one.side, one.type_in(source), target)


def _rolls_back(one: _Setting) -> bool:
    """Whether setting it rolls back first, in "have-local-offer"."""
    return one.side == Side.REMOTE and one.type == SdpType.OFFER

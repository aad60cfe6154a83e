"""The changes of a peer's signaling state as its recording shows them: read, not concluded.

Each is told with the description that was being set when the state was found changed: of the calls
that were pending the first one with which the table allows it, else the first one.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from negotiation.conformance.traces import format
from negotiation.model import TRANSITIONS, SdpType, Side, SignalingState

STABLE, CLOSED = str(SignalingState.STABLE), str(SignalingState.CLOSED)
LOCAL_OFFER = str(SignalingState.HAVE_LOCAL_OFFER)
REMOTE_OFFER = str(SignalingState.HAVE_REMOTE_OFFER)
SETTING = {"setLocalDescription": Side.LOCAL, "setRemoteDescription": Side.REMOTE}

_TARGETS = {(str(row.source), str(row.side), str(row.type)): str(row.target) for row in TRANSITIONS}
_IMPLICIT_OFFERS = {STABLE, LOCAL_OFFER, str(SignalingState.HAVE_REMOTE_PRANSWER)}


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
    """A description that is being set; `type` is None where setLocalDescription chooses it."""

    side: str
    type: str | None
    shown: bool = False

    def type_in(self, state: str) -> str | None:
        """The description's type, if it is applied in this state."""
        if self.type is not None or self.side == Side.REMOTE:
            return self.type
        return str(SdpType.OFFER if state in _IMPLICIT_OFFERS else SdpType.ANSWER)


class Watching:
    """Follows the signaling state of one peer through its observations."""

    def __init__(self, peer: format.Peer) -> None:
        self.state = None if peer.begins == "unknown" else STABLE
        self._read_at = 0
        self._pending: dict[int, _Setting] = {}
        self._closing = False

    def take(self, line: int, one: format.Observation) -> Iterator[Change]:
        """The changes that an observation shows."""
        if isinstance(one, format.Call):
            self._called(one)
        read = None if one.state is None else one.state.signalingState
        settled = one.call if isinstance(one, format.Resolve) else None
        if read is not None:
            yield from self._read(line, read, settled)
        if isinstance(one, format.Resolve):
            yield from self._resolved(line, one.call, is_read=read is not None)
        if isinstance(one, format.Reject | format.Throw):
            self._pending.pop(one.call, None)
        if read is not None:
            self._read_at = line

    def _called(self, call: format.Call) -> None:
        self._closing = self._closing or call.method == "close"
        if call.method in SETTING:
            given = call.args.description
            type = None if given is None else given.type
            self._pending[call.id] = _Setting(str(SETTING[call.method]), type)

    def _read(self, line: int, read: str, settled: int | None) -> Iterator[Change]:
        source, self.state = self.state, read
        if source is None or source == read:
            return
        if read == CLOSED and self._closing:
            yield Change(self._read_at, line, source, read, closing=True)
            return
        side, type = self._cause(source, read, settled)
        yield Change(self._read_at, line, source, read, side, type)

    def _cause(
        self, source: str, target: str, settled: int | None
    ) -> tuple[str | None, str | None]:
        first = self._pending.get(settled) if settled is not None else None
        candidates = [] if first is None else [first]
        candidates += [one for one in self._pending.values() if one is not first]
        candidates = [one for one in candidates if not one.shown]
        for one in candidates:
            if _allowed(source, one.side, one.type_in(source), target):
                one.shown = True
                return one.side, one.type_in(source)
        if any(map(_rolls_back, candidates)) and (source, target) == (LOCAL_OFFER, STABLE):
            return str(Side.LOCAL), str(SdpType.ROLLBACK)
        if not candidates:
            return None, None
        candidates[0].shown = True
        return candidates[0].side, candidates[0].type_in(source)

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


def _rolls_back(one: _Setting) -> bool:
    """Whether setting it rolls back first, in "have-local-offer"."""
    return one.side == Side.REMOTE and one.type == SdpType.OFFER

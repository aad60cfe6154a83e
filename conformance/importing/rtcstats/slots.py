"""What localDescription and remoteDescription of a connection were, as a recorder tells it."""

from __future__ import annotations

import msgspec

from negotiation.model import Side

from ..entries import CREATING, SETTING, Given
from .sections import Allowance, IncompleteError, decompressed

_MOST_OPEN = 1000
"""Calls that are open at a time, at most; of more, descriptions are not put together again."""


class _Open(msgspec.Struct, frozen=True):
    """A description is being set; `base` is what the side's was when it was called."""

    side: Side
    given: Given | None
    base: Given | None


class Slots:
    """Follows the descriptions of one connection, and puts together what was compressed.

    A description is compressed against the side's own at the time of the call; what was created,
    against the local one; what is set locally when there is none yet, against what was created last
    while there was none.
    """

    def __init__(self, allowance: Allowance | None = None) -> None:
        self._allowance = allowance or Allowance()
        self._pending: dict[Side, Given | None] = {}
        self._current: dict[Side, Given | None] = {}
        self._open: dict[tuple[str, str | None], _Open] = {}
        self._created: dict[str, Given] = {}

    def of(self, side: Side) -> Given | None:
        """The localDescription, or the remoteDescription."""
        return self._pending.get(side) or self._current.get(side)

    def set(self, method: str, key: str | None, given: Given | None) -> Given | None:
        """A description is set: the whole of it (None: there was none)."""
        side = SETTING[method]
        base = self.of(side)
        whole = given
        if given is not None:
            created = self._created.get(given.type or "") if side is Side.LOCAL else None
            whole = self._whole(base or created, given)
        if side is Side.LOCAL and given is not None:
            self._created.clear()
        if len(self._open) < _MOST_OPEN:
            self._open[method, key] = _Open(side, whole, base)
        return whole

    def created(self, method: str, given: Given) -> Given:
        """A description was created: the whole of it."""
        local = self.of(Side.LOCAL)
        whole = self._whole(local, given)
        if local is None:
            self._created[CREATING[method]] = whole
        return whole

    def settled(self, method: str, key: str | None, told: Given | None, ok: bool) -> Given | None:
        """A description has been set, or was refused; the whole of what is told with it."""
        done = self._open.pop((method, key), None)
        if done is None:
            return told
        whole = told if told is None else self._whole(done.base, told)
        if ok:
            self._apply(done.side, whole or done.given)
        return whole

    def changed(self) -> None:
        """The signaling state changed: the earliest call that is open has been carried out.

        Its promise settles a moment later, and what is called in between sees it carried out. What
        it set without being given is told only then.
        """
        first = next(iter(self._open), None)
        if first is not None and (given := self._open[first].given) is not None:
            self._apply(self._open[first].side, given)
            self._open[first] = msgspec.structs.replace(self._open[first], given=None)

    def _apply(self, side: Side, given: Given | None) -> None:
        if given is None:
            return
        other = Side.REMOTE if side is Side.LOCAL else Side.LOCAL
        if given.type in ("offer", "pranswer"):
            self._pending[side] = given
            if given.type == "offer":
                self._pending[other] = None
        elif given.type == "answer":
            self._current = {side: given, other: self._pending.get(other)}
            self._pending = {}
        elif given.type == "rollback":
            self._pending = {}

    def _whole(self, base: Given | None, given: Given) -> Given:
        """The description, put together; without its text where that cannot be done."""
        try:
            return decompressed(base, given, self._allowance)
        except IncompleteError:
            return Given(given.type, None)

"""Which generation of the page wrote a dump, and in which order it tells things."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

from ..entries import SETTING
from .names import CALLS, CHANGES, SETTLEMENTS
from .updates import Update


class Generation(StrEnum):
    """The generations, see the package."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"

    @property
    def profile(self) -> str:
        """The observability profile."""
        return "webrtc-internals-e" if self is Generation.E else "webrtc-internals"


_OF_A = frozenset(
    (
        "signalingStateChange",
        "onRenegotiationNeeded",
        "iceConnectionStateChange",
        "connectionStateChange",
        "createLocalDataChannel",
        "addStream",
        "removeStream",
        "updateIce",
        "stop",
    )
)
_OF_D = frozenset(
    (
        "onsignalingstatechange",
        "onnegotiationneeded",
        "oniceconnectionstatechange",
        "onconnectionstatechange",
    )
)
_OF_E = frozenset(("addTrack", "addTransceiver", "restartIce", "ontrack"))


def generation_of(records: Iterable[Sequence[Update]]) -> Generation:
    """The generation by the names it uses; an E that shows none of its own is as good as a D."""
    types: set[str] = set()
    is_json = False
    for updates in records:
        types.update(one.type for one in updates)
        is_json = is_json or any(one.value[:1] in ('"', "{") for one in updates)
    if types & _OF_A:
        return Generation.A
    if types & _OF_E and is_json:
        return Generation.E
    if types & _OF_D:
        return Generation.D
    return Generation.C if is_json else Generation.B


def settles_first(records: Iterable[Sequence[Update]]) -> bool:
    """Whether the dump tells that a description was set before the change that this brought.

    By majority: which call a change belongs to is not told. A change while nothing is open speaks
    the loudest. One before a failure is that of a rollback, which comes first in every dump.
    """
    before = after = 0
    for updates in records:
        open_ = unsure = 0
        has_settled = False
        for update in updates:
            if update.name in CALLS:
                open_ += update.type in SETTING
                has_settled = False  # the change would have come at once
            elif update.name in CHANGES:
                unsure += 2 if open_ and not has_settled else 0
                after += (1 if open_ else 2) if has_settled else 0
                has_settled = False
            elif SETTLEMENTS.get(update.name, ("", ""))[0] in SETTING:
                open_ = max(0, open_ - 1)
                succeeded = update.name.endswith("success")
                has_settled = has_settled or succeeded
                before += unsure if succeeded else 0
                unsure = 0
        before += unsure
    return after > before

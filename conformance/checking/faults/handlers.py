"""Handlers of negotiationneeded that are not safe: another offer can come in their middle."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found, Setting, at

REFUSED = ("InvalidStateError", "InvalidModificationError")


def unsafe_handlers(evidence: Evidence) -> Iterator[Found]:
    """Offers that were created upon the event, and set after a remote offer had come between.

    setLocalDescription() without an argument would have looked at the state when its turn came.
    """
    for peer in evidence.header.peers:
        late = [one for one in evidence.settings[peer] if _is_late_offer(one)]
        if late:
            moments = list(evidence.of(peer))
            for one in late:
                yield from _unsafe(one, moments, evidence)


def _is_late_offer(setting: Setting) -> bool:
    refused = setting.error in REFUSED and setting.ended is not None
    return refused and setting.is_of("local", "offer")


def _unsafe(setting: Setting, moments: list[Moment], evidence: Evidence) -> Iterator[Found]:
    assert setting.ended is not None
    created = _last(moments, setting.made.line, "createOffer")
    if created is None:
        return
    between = [
        one
        for one in evidence.applied(setting.peer)
        if one.is_of("remote", "offer") and one.ended is not None
        if created.line < one.ended.line < setting.ended.line
    ]
    event = _event_before(moments, created.line)
    if between and event is not None and setting.ended.diagnosis is None:
        came = between[-1].made
        message = (
            f"the handler of negotiationneeded ({at(event)}) created an offer ({at(created)}), a "
            f"remote offer was set ({at(came)}), and then the own offer could not be set any more"
        )
        yield setting.peer, setting.ended.line, Diagnosis("APP-UNSAFE-HANDLER", message)


def _last(moments: list[Moment], before: int, method: str) -> Moment | None:
    found = None
    for moment in moments:
        if moment.line >= before:
            break
        one = moment.said.observation
        if isinstance(one, format.Call) and one.method == method:
            found = moment
    return found


def _event_before(moments: list[Moment], line: int) -> Moment | None:
    """The negotiationneeded event that a call follows, nothing else having been called between."""
    found = None
    for moment in moments:
        if moment.line >= line:
            break
        one = moment.said.observation
        if isinstance(one, format.Event) and one.name == "negotiationneeded":
            found = moment
        elif isinstance(one, format.Call) and one.method in ("createOffer", "setLocalDescription"):
            found = None
    return found

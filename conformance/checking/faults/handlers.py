"""Handlers of negotiationneeded that are not safe: another offer can come in their middle."""

from __future__ import annotations

from collections.abc import Iterator

from negotiation.conformance.traces import format

from ..findings import Diagnosis
from ..peers import Moment
from .evidence import Evidence, Found, Setting, at

NEEDED = "negotiationneeded"

AT_HAND = 1000.0
"""Milliseconds after the event within which an offer is taken for its handler's."""

REFUSED = ("InvalidStateError", "InvalidModificationError")


def unsafe_handlers(evidence: Evidence) -> Iterator[Found]:
    """Offers that were created upon the event, and set after a remote offer had come between.

    setLocalDescription() without an argument would have looked at the state when its turn came.
    """
    for peer in evidence.header.peers:
        for one in evidence.settings[peer]:
            if _is_late_offer(one):
                yield from _unsafe(one, evidence)


def _is_late_offer(setting: Setting) -> bool:
    refused = setting.error in REFUSED and setting.ended is not None
    return refused and setting.is_of("local", "offer")


def _unsafe(setting: Setting, evidence: Evidence) -> Iterator[Found]:
    assert setting.ended is not None
    before = evidence.before(setting.peer, setting.made.line)
    created = next((one for one in before if _calls(one, "createOffer")), None)
    if created is None:
        return
    between = [
        one
        for one in evidence.applied(setting.peer)
        if one.is_of("remote", "offer") and one.ended is not None
        if created.line < one.ended.line < setting.ended.line
    ]
    event = _event_before(evidence, created)
    if between and event is not None and setting.ended.diagnosis is None:
        came = between[-1].made
        message = (
            f"the handler of negotiationneeded ({at(event)}) created an offer ({at(created)}), a "
            f"remote offer was set ({at(came)}), and then the own offer could not be set any more"
        )
        yield setting.peer, setting.ended.line, Diagnosis("APP-UNSAFE-HANDLER", message)


def _event_before(evidence: Evidence, created: Moment) -> Moment | None:
    """The event in whose handler an offer was created, or that it follows at once.

    Nothing else was created or set between.
    """
    for moment in evidence.before(created.said.peer, created.line):
        one = moment.said.observation
        if isinstance(one, format.Event) and one.name == NEEDED:
            is_near = _is_within(created) or evidence.passed(moment, created) <= AT_HAND
            return moment if is_near else None
        if _calls(moment, "createOffer", "setLocalDescription"):
            return None
    return None


def _calls(moment: Moment, *methods: str) -> bool:
    one = moment.said.observation
    return isinstance(one, format.Call) and one.method in methods


def _is_within(created: Moment) -> bool:
    one = created.said.observation
    return isinstance(one, format.Call) and one.within == NEEDED

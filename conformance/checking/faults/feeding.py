"""What a negotiation changes by itself: the calls that its own events and settlements lead to.

A change is a negotiation's own where it was made inside a handler of one of its events, or goes on
from such an event or from a settled promise: in the same task, where tasks are known, else at once.
A change that comes with a message of the signaling channel, or out of the blue, is a wish of the
application, however often it comes.
"""

from __future__ import annotations

from collections.abc import Sequence

from negotiation.conformance.traces import format

from ..peers import Moment
from .evidence import Evidence

CHANGES = frozenset(
    {
        "addTransceiver",
        "addTrack",
        "removeTrack",
        "direction",
        "stop",
        "setStreams",
        "restartIce",
        "createDataChannel",
    }
)
"""Calls that can make another negotiation necessary."""

GROWING = frozenset({"addTransceiver", "addTrack", "createDataChannel"})
"""Those of which an application may have many to make, one after another."""

GOING_ON = 5.0
"""Milliseconds within which a call goes on from what came before, where tasks are not known."""

FURTHEST = 50
"""Observations that are looked back at."""

_PASSED_OVER = CHANGES | {"createOffer", "createAnswer", "setLocalDescription"}
"""Calls after which the same script goes on: they wait for nobody's message."""

Place = tuple[str, str]
"""A change and what it goes on from: ("addTransceiver", "upon track")."""


def place_of(evidence: Evidence, own: Sequence[Moment], at: int) -> Place | None:
    """Where a peer's change belongs in a negotiation; None: it is no doing of a negotiation.

    `own` are the peer's observations, `at` is the index of the call among them.
    """
    made = own[at].said.observation
    if not isinstance(made, format.Call):
        return None
    if made.within is not None:
        return made.method, f"upon {made.within}"
    for index in range(at - 1, max(at - FURTHEST, 0) - 1, -1):
        moment = own[index]
        one = moment.said.observation
        if not _goes_on(evidence, moment, own[at]):
            return None
        if isinstance(one, format.Event):
            return made.method, f"upon {one.name}"
        if isinstance(one, format.Resolve):
            settled = evidence.made.get(one.call)
            method = getattr(settled and settled.said.observation, "method", "a promise")
            return made.method, f"when {method} has settled"
        if not _is_passed_over(one):
            return None
    return None


def _goes_on(evidence: Evidence, earlier: Moment, later: Moment) -> bool:
    one, other = earlier.said.observation, later.said.observation
    if one.task is not None and other.task is not None:
        return one.task == other.task
    return evidence.passed(earlier, later) <= GOING_ON


def _is_passed_over(one: format.Observation) -> bool:
    if isinstance(one, format.Call):
        return one.method in _PASSED_OVER
    return isinstance(one, format.Return | format.Mark)

"""What a recording proves if nothing was hidden from it: an event that never came.

A recorder that misses calls proves no absence by itself: a hidden call may have taken back what
was to be negotiated. But as long as the model explains all that was seen, contents and transceivers
included, by what was seen alone, that is the nearest explanation; and an event that is still owed
after long quiet was missed, under the assumption `nothing-hidden`, which the finding names. With
the first observation that needs a hidden call the assumption is given up; with a remote description
of which only the type is told, too: what it took up is not known, nor what is left.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from negotiation.conformance.traces import format
from negotiation.conformance.traces.format import AnyObservation
from negotiation.conformance.traces.interpreting import NotUnderstood
from negotiation.conformance.traces.profiles import Profile
from negotiation.conformance.traces.said import Said

from .diagnosis import Diagnostician
from .findings import Diagnosis
from .following import Places
from .frontier import BudgetExceededError
from .relations import Text
from .seen import Quiet

NOTHING_HIDDEN = (
    "nothing-hidden: the calls that this recorder does not see were not made (no stop(), no "
    "direction was set); all that it saw is explained without them"
)


def whole_of(profile: Profile) -> Profile:
    """The profile of a recorder from which nothing was hidden."""
    return msgspec.structs.replace(
        profile,
        events=profile.events & {"signalingstatechange", "negotiationneeded"},
        reads=profile.reads & {"signalingState"},
        hidden=frozenset(),
    )


def is_worth_trying(profile: Profile) -> bool:
    """Whether such a recorder sees enough for absence to mean something."""
    return profile.is_half_seen and profile.descriptions and "negotiationneeded" in profile.events


def whole_told(one: AnyObservation) -> AnyObservation | None:
    """What an observation says; candidates are left out: of many it is not told what became."""
    if isinstance(one, format.Call) and one.method == "addIceCandidate":
        return None
    if isinstance(one, format.Idle):
        return msgspec.structs.replace(one, pending=())
    return one


def _is_untold(one: AnyObservation) -> bool:
    """Whether a remote description is set whose text is not told."""
    if not isinstance(one, format.Call) or one.method != "setRemoteDescription":
        return False
    given = one.args.description
    return given is not None and given.sdp is None and given.type != "rollback"


class SeenWhole:
    """Follows one peer for as long as nothing has to have been hidden."""

    def __init__(self, places: Places, texts: Mapping[str, Text]) -> None:
        self._places = places
        self._texts = texts
        self._place = places.start(None)
        self._is_over = False

    def take(self, said: Said) -> Diagnosis | None:
        """Take one observation; the event that was missed, once quiet proves it."""
        self._is_over = self._is_over or _is_untold(said.observation)
        if self._is_over:
            return None
        try:
            step = self._places.step(self._place, said, self._texts)
            if step.possible:
                self._place = step.place
                return None
            self._is_over = True
            if isinstance(step.seen, Quiet) and step.seen.settled:
                return self._missed(step.seen)
        except (NotUnderstood, BudgetExceededError):
            self._is_over = True
        return None

    def _missed(self, quiet: Quiet) -> Diagnosis | None:
        frontiers = self._places.frontiers
        closed = frontiers.closure(self._place.node.positions)
        explained = Diagnostician(frontiers, closed, self._place.methods).explain(quiet)
        return explained.diagnosis if explained.diagnosis.id == "NN-MISSED" else None

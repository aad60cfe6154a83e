"""A checker whose model is wrong in one known way."""

from __future__ import annotations

from negotiation.conformance.checking.following import Places
from negotiation.conformance.checking.frontier import Frontiers
from negotiation.conformance.checking.half_seen import half_told, readings_for
from negotiation.conformance.checking.judging import Checker
from negotiation.conformance.mutations.mutating import Mutation
from negotiation.conformance.traces.profiles import Profile


class MutatedChecker(Checker):
    """Judges by the mutated specification, at the default readings."""

    def __init__(self, mutation: Mutation, *, budget: int = 2000) -> None:
        super().__init__(budget=budget)
        self.mutation = mutation

    def places(self, profile: Profile) -> Places:
        """Where peers of this profile can be, by the mutated rules."""
        if profile not in self._places:
            specification = self.mutation.make(readings_for(self.readings, profile))
            frontiers = Frontiers((specification,), profile, budget=self.budget)
            told = half_told if profile.is_half_seen else None
            self._places[profile] = Places(frontiers, told)
        return self._places[profile]

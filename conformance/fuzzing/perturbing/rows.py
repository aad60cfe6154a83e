"""A perturbation is a row: what is done to a recording, where, and what the text says of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from .recorded import Recording

Kind = Literal["allowed", "forbidden"]

Keeps = Literal["findings", "departures", "conformance"]

TRACES = "traces"
"""The anchor of what traces/README.md says a recording means."""

LOOP = "https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model"
UPDATE = "#dfn-update-the-negotiation-needed-flag"
CHECK = "#dfn-check-if-negotiation-is-needed"
CHAIN = "#dfn-chain"
SET = "#set-description"


class Place(msgspec.Struct, frozen=True, order=True):
    """Where a row applies: the observation at `at`; `to` and `what` say more where a row asks."""

    at: int
    to: int = 0
    what: str = ""


class Row(msgspec.Struct, frozen=True):
    """One perturbation.

    `anchor` is the text that allows or forbids it, `why` says it in a sentence. `places` are all
    places of a recording in which the text decides so; what is made there is `make`.
    `keeps`: whether an allowed one leaves every finding as it is, or the departures (what is an
    application's fault may depend on times), or only what conforms conforming (a weaker recording
    shows less).
    """

    name: str
    kind: Kind
    anchor: str
    why: str
    places: Callable[[Recording], Iterable[Place]]
    make: Callable[[Recording, Place], Recording]
    keeps: Keeps = "conformance"

    def applied(self, recording: Recording) -> tuple[Place, ...]:
        """The places of a recording in which it applies."""
        return tuple(self.places(recording))

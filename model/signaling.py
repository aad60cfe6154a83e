"""The signaling table: which description may be applied in which state, and what comes of it.

The one place that knows the transitions; diagrams, the runnable machine and the model read it.
"""

from __future__ import annotations

import msgspec

from .enums import SdpType, Side, SignalingState
from .readings import Interpreted
from .source import value

STABLE, LOCAL_OFFER, REMOTE_OFFER, LOCAL_PRANSWER, REMOTE_PRANSWER, CLOSED = SignalingState
OFFER, PRANSWER, ANSWER, ROLLBACK = SdpType
LOCAL, REMOTE = Side

TEXT = "#set-description"
JSEP_STATES = "jsep:3.2"
OTHER_SIDE = "rollback-of-the-other-side"
OF_PRANSWER = "rollback-of-a-provisional-answer"


class Transition(msgspec.Struct, frozen=True):
    """A row: setting a description of `type` from `side` leads from `source` to `target`.

    `default_of` names an interpretation whose default reading has this row, `other_of` one whose
    other reading has it; without either, all readings do.
    """

    source: SignalingState
    side: Side
    type: SdpType
    target: SignalingState
    anchor: str = JSEP_STATES
    default_of: str | None = None
    other_of: str | None = None


TRANSITIONS = (
    Transition(STABLE, LOCAL, OFFER, LOCAL_OFFER),
    Transition(STABLE, REMOTE, OFFER, REMOTE_OFFER),
    Transition(LOCAL_OFFER, LOCAL, OFFER, LOCAL_OFFER),
    Transition(LOCAL_OFFER, REMOTE, ANSWER, STABLE),
    Transition(LOCAL_OFFER, REMOTE, PRANSWER, REMOTE_PRANSWER),
    Transition(LOCAL_OFFER, LOCAL, ROLLBACK, STABLE, TEXT),
    Transition(LOCAL_OFFER, REMOTE, ROLLBACK, STABLE, TEXT, default_of=OTHER_SIDE),
    Transition(REMOTE_OFFER, REMOTE, OFFER, REMOTE_OFFER),
    Transition(REMOTE_OFFER, LOCAL, ANSWER, STABLE),
    Transition(REMOTE_OFFER, LOCAL, PRANSWER, LOCAL_PRANSWER),
    Transition(REMOTE_OFFER, REMOTE, ROLLBACK, STABLE, TEXT),
    Transition(REMOTE_OFFER, LOCAL, ROLLBACK, STABLE, TEXT, default_of=OTHER_SIDE),
    Transition(LOCAL_PRANSWER, LOCAL, PRANSWER, LOCAL_PRANSWER),
    Transition(LOCAL_PRANSWER, LOCAL, ANSWER, STABLE),
    Transition(LOCAL_PRANSWER, LOCAL, ROLLBACK, STABLE, TEXT, other_of=OF_PRANSWER),
    Transition(LOCAL_PRANSWER, REMOTE, ROLLBACK, STABLE, TEXT, other_of=OF_PRANSWER),
    Transition(REMOTE_PRANSWER, REMOTE, PRANSWER, REMOTE_PRANSWER),
    Transition(REMOTE_PRANSWER, REMOTE, ANSWER, STABLE),
    Transition(REMOTE_PRANSWER, LOCAL, ROLLBACK, STABLE, TEXT, other_of=OF_PRANSWER),
    Transition(REMOTE_PRANSWER, REMOTE, ROLLBACK, STABLE, TEXT, other_of=OF_PRANSWER),
)

_BY_KEY = {(row.source, row.side, row.type): row for row in TRANSITIONS}


class Signaling(Interpreted):
    """The signaling rules."""

    @value(JSEP_STATES, "1, 2")
    def next_signaling_state(
        self, state: SignalingState, side: Side, type: SdpType
    ) -> SignalingState | None:
        """The state after applying a description of this type, or None where it is invalid."""
        row = _BY_KEY.get((state, side, type))
        if row is None:
            return None
        if row.default_of is not None and self.insists_on_other(row.default_of):
            return None
        if row.other_of is not None and not self.insists_on_other(row.other_of):
            return None
        return row.target

    def transitions(self) -> tuple[Transition, ...]:
        """The rows that this reading of the specification has."""
        return tuple(
            row
            for row in TRANSITIONS
            if self.next_signaling_state(row.source, row.side, row.type) is not None
        )

"""An executable formal model of WebRTC negotiation, as webrtc-pc and JSEP specify it.

    spec = Specification()
    state = spec.initial()
    for state in spec.call(state, Call(1, "addTransceiver", Arguments(kind="audio"))):
        for label, next_state in spec.successors(state):
            ...

Pure: no I/O, no clock, no randomness. `negotiation.conformance` judges recordings with it.
"""

from __future__ import annotations

from .description import Description, Section, is_fresh
from .enums import Direction, Kind, SdpType, Side, SignalingState
from .labels import (
    Arguments,
    Call,
    Candidate,
    Channel,
    Configuration,
    Event,
    IceServer,
    Internal,
    Label,
    Output,
    Reject,
    Resolve,
    Return,
    Throw,
)
from .methods import CHAINED, METHODS, PROMISED
from .readings import FREEDOMS, INTERPRETATIONS, Freedom, Interpretation, Readings
from .signaling import TRANSITIONS, Transition
from .source import REVISION, SPECIFICATION, Rule, rules_of
from .specification import Specification, admit
from .state import Connection, Transceiver, Turn

__all__ = [
    "CHAINED",
    "FREEDOMS",
    "INTERPRETATIONS",
    "METHODS",
    "PROMISED",
    "REVISION",
    "SPECIFICATION",
    "TRANSITIONS",
    "Arguments",
    "Call",
    "Candidate",
    "Channel",
    "Configuration",
    "Connection",
    "Description",
    "Direction",
    "Event",
    "Freedom",
    "IceServer",
    "Internal",
    "Interpretation",
    "Kind",
    "Label",
    "Output",
    "Readings",
    "Reject",
    "Resolve",
    "Return",
    "Rule",
    "SdpType",
    "Section",
    "Side",
    "SignalingState",
    "Specification",
    "Throw",
    "Transceiver",
    "Transition",
    "Turn",
    "admit",
    "is_fresh",
    "rules_of",
]

"""Of which kind a departure is: the tables that lead from an observation to a finding's id."""

from __future__ import annotations

from negotiation.model import (
    Connection,
    Event,
    Output,
    Reject,
    Resolve,
    Return,
    Specification,
    Throw,
)

from .matching import Objection
from .seen import Told

Objections = tuple[Objection, ...]
"""In which aspects something differs."""

NN_ORDER = ("NN-DUPLICATE", "NN-SPURIOUS", "NN-EARLY")

LATE = {
    "negotiationneeded": "NN-LATE",
    "signalingstatechange": "STATE-ORDER",
}

BY_ASPECT = {
    "signaling": "STATE-WRONG",
    "transceivers": "TRANSCEIVER-STATE",
    "descriptions": "DESCRIPTION-STATE",
    "sdp": "SDP-SHAPE",
    "event": "EVENT-WRONG",
    "value": "TRANSCEIVER-STATE",
    "reads": "TRANSCEIVER-STATE",
}

_CLOSENESS = (
    "reads",
    "transceivers",
    "descriptions",
    "sdp",
    "value",
    "event",
    "error",
    "signaling",
    "kind",
)
"""Aspects in which an observation can differ, the smallest difference first."""


def distance(objections: Objections) -> tuple[int, int, Objections]:
    """How far something is from what was observed: first, in how many aspects it differs."""
    return len(objections), _CLOSENESS.index(objections[0].aspect), objections


def refusal_of(specification: Specification, connection: Connection) -> tuple[str, str, str]:
    """Why negotiationneeded cannot fire in a state: (finding, rule that refuses, sentence)."""
    if connection.is_closed:
        return "NN-EARLY", "is_update_pointless_once_closed", "the connection is closed"
    if not specification.is_stable_for_the_flag(connection):
        state = connection.signaling_state
        return "NN-EARLY", "is_stable_for_the_flag", f"the signaling state is {state}"
    if not specification.is_chain_empty_in_the_task(connection):
        method = connection.operations[0].method
        return "NN-EARLY", "is_chain_empty_in_the_task", f"{method} is still in the chain"
    if specification.has_freedom("implementation-specific-negotiation"):
        # Then nothing is ever spurious, nor repeated: it can only be the wrong moment.
        return "NN-EARLY", "queue_update", "its task cannot have run yet"
    if not specification.check_if_negotiation_is_needed(connection):
        sentence = "nothing is to be negotiated"
        return "NN-SPURIOUS", "check_if_negotiation_is_needed", sentence
    if specification.is_flag_already_true(connection):
        sentence = "the flag has been true since it fired last"
        return "NN-DUPLICATE", "is_flag_already_true", sentence
    return "NN-EARLY", "queue_update", "its task cannot have run yet"


def objection_id(told: Told, label: Output, aspect: str) -> str:
    """What it is called that the label is not the observation in this aspect."""
    if aspect == "error":
        return "CALL-ERROR" if told.kind == "throw" else "OP-ERROR"
    return _kind_id(told, label) if aspect == "kind" else BY_ASPECT[aspect]


def _kind_id(told: Told, label: Output) -> str:
    """What it is called that one settled, or returned, where the other should have failed."""
    ids: dict[tuple[str, type], str] = {
        ("resolve", Reject): "OP-ACCEPTED",
        ("reject", Resolve): "OP-REJECTED",
        ("return", Throw): "CALL-ACCEPTED",
        ("throw", Return): "CALL-REJECTED",
    }
    return ids[told.kind, type(label)]


def too_soon_id(told: Told) -> str:
    """What it is called that something came in the task of what came before, not in a later one."""
    if told.kind == "event":
        names = {"negotiationneeded": "NN-EARLY", "signalingstatechange": "STATE-ORDER"}
        return names.get(told.event or "", "EVENT-WRONG")
    return "OP-ORDER" if told.kind in ("resolve", "reject") else "RECORDING-CONTRADICTS"


def missing_id(first: Output, told: Told) -> str:
    """What it is called that something has to come first that did not."""
    if isinstance(first, Event):
        if first.name == "negotiationneeded":
            return "NN-MISSED"
        return "STATE-MISSING" if first.name == "signalingstatechange" else "EVENT-WRONG"
    if isinstance(first, Return | Throw):
        return "RECORDING-CONTRADICTS"
    return "OP-ORDER" if told.kind in ("resolve", "reject") else "OP-PENDING"


def missing_at_rest(missing: Output | None) -> str:
    """What it is called that this is still to come, although nothing happens any more."""
    return missing_id(missing, Told("event")) if missing is not None else "OP-PENDING"

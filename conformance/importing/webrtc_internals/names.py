"""The names of updates, in lower case: every generation's."""

from __future__ import annotations

from collections.abc import Mapping

from ..entries import CREATING, SETTING

CHAINED = (*SETTING, *CREATING)
"""Methods that are told with their settlements, and take their place in the operations chain."""

CALLS: Mapping[str, str] = {
    **{method.lower(): method for method in CHAINED},
    "createdatachannel": "createDataChannel",
    "createlocaldatachannel": "createDataChannel",
    "setconfiguration": "setConfiguration",
    "updateice": "setConfiguration",
    "restartice": "restartIce",
    "addtrack": "addTrack",
    "addtransceiver": "addTransceiver",
    "close": "close",
    "stop": "close",
}

SETTLEMENTS: Mapping[str, tuple[str, str]] = {
    (method + ending).lower(): (method, ending)
    for method in CHAINED
    for ending in ("OnSuccess", "OnFailure")
}

CHANGES = ("signalingstatechange", "onsignalingstatechange")
NEEDED = ("negotiationneeded", "onnegotiationneeded", "onrenegotiationneeded")
CONNECTING = (
    "iceconnectionstatechange",
    "oniceconnectionstatechange",
    "connectionstatechange",
    "onconnectionstatechange",
)
CANDIDATES = ("addicecandidate", "addicecandidatefailed")

TRANSCEIVERS = ("transceiveradded", "transceivermodified")
CAUSES = ("addTrack", "addTransceiver", "removeTrack")
"""Calls that are told only by what became of a transceiver: all of them by A to D, and of E the
last."""

REMARKS: Mapping[str, str] = {
    "addstream": "addStream was called (Plan B)",
    "removestream": "removeStream was called (Plan B)",
    "ontrack": "a track event",
}

KEPT = frozenset(
    (
        *CALLS,
        *SETTLEMENTS,
        *CHANGES,
        *NEEDED,
        *CONNECTING,
        *CANDIDATES,
        *TRANSCEIVERS,
        *REMARKS,
    )
)
"""What is about negotiation, or explains it."""

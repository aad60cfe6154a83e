"""The numbers of methods in rtcstats of 2025 (fileFormat 3): the table of its writer."""

from __future__ import annotations

from typing import Any

_FIRST = {
    1: "getStats",
    2: "createOffer",
    4: "createAnswer",
    6: "setLocalDescription",
    8: "setRemoteDescription",
    10: "addIceCandidate",
    20: "onicecandidate",
    21: "onicecandidateerror",
    22: "ontrack",
    23: "onsignalingstatechange",
    24: "oniceconnectionstatechange",
    25: "onconnectionstatechange",
    26: "onicegatheringstatechange",
    27: "onnegotiationneeded",
    28: "ondatachannel",
    30: "addTrack",
    31: "addTrackOnSuccess",
    32: "addTransceiver",
    33: "addTransceiverOnSuccess",
    34: "removeTrack",
    35: "createDataChannel",
    36: "close",
    37: "restartIce",
    38: "setConfiguration",
    39: "create",
    40: "constraints",
    41: "setCodecPreferences",
    42: "setHeaderExtensionsToNegotiate",
    50: "setParameters",
    51: "replaceTrack",
}
_SUCCESS = {number + 1: _FIRST[number] + "OnSuccess" for number in (2, 4, 6, 8, 10)}
_FAILURE = {number // 2 + 11: _FIRST[number] + "OnFailure" for number in (2, 4, 6, 8, 10)}
METHODS = {str(number): name for number, name in (_FIRST | _SUCCESS | _FAILURE).items()} | {
    "g": "getStats"
}
"""Names by their numbers, as text. What is not in it (media, tracks, elements) is left alone."""


def name_of(method: Any) -> str | None:
    """The method's name, which may be written as its number; None: it is neither."""
    if isinstance(method, bool) or not isinstance(method, int | str):
        return None
    if isinstance(method, int) and not 0 < method < 1000:
        return None
    return METHODS.get(str(method), str(method))

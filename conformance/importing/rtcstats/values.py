"""What the value of a record says, in the spellings of the whole family. All of it is hostile."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any

import msgspec

from negotiation.conformance.traces.format import Arguments
from negotiation.model import SdpType, SignalingState

from .. import arguments
from ..arguments import LONGEST, media
from ..entries import Given
from ..json_lines import as_json

LATEST = 8.64e15
"""The latest time that a Date can be, in milliseconds since the epoch."""

_STATES = frozenset(map(str, SignalingState))
_TYPES = frozenset(map(str, SdpType))
_OPTIONS = ("iceRestart", "offerToReceiveAudio", "offerToReceiveVideo")
_ERROR = re.compile(r"([A-Z][A-Za-z]{2,40}(?:Error|Exception)|TypeError)\b")
_WRONG_STATE = re.compile(
    r"[Cc]alled in wrong state|in a state other than|wrong state:|"
    r"Cannot (?:create|set) (?:local |remote )?\w+ in state "
)
_NO_STREAM = "-"


def as_number(value: Any) -> float | None:
    """The number, of milliseconds; None: it is none, or means no time."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) <= LATEST else None


def as_time(value: Any) -> float | None:
    """The time, in milliseconds since the epoch: a number, or an ISO 8601 text."""
    if not isinstance(value, str):
        return as_number(value)
    try:
        return as_number(datetime.fromisoformat(value[:40]).timestamp() * 1000)
    except (ValueError, OverflowError, OSError):
        return None


def as_object(value: Any) -> dict[str, Any]:
    """The object, which may be written as text; an empty one where there is none."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = as_json(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The arguments of a call: an array, or what JSON makes of `arguments`: {"0": ..., "1": ...}"""
    if isinstance(value, dict):
        return [value.get("0"), value.get("1")]
    return value if isinstance(value, list) else []


def signaling_state(value: Any) -> str | None:
    """The state; None: it is none."""
    text = value.strip('"') if isinstance(value, str) else None
    return text if text in _STATES else None


def description(value: Any) -> Given | None:
    """The session description; None: there was no argument. An empty text was one, not told."""
    if value is None or value == {}:
        return None
    told = as_object(value)
    type, sdp = told.get("type"), told.get("sdp")
    is_type = isinstance(type, str) and type in _TYPES
    return Given(type if is_type else None, sdp if isinstance(sdp, str) and sdp else None)


def offer_options(value: Any) -> Arguments:
    """What createOffer was given."""
    told = as_object(value)
    options = {
        name: bool(told[name]) for name in _OPTIONS if isinstance(told.get(name), bool | int)
    }
    return Arguments(options=options or None)


def candidate(value: Any) -> Arguments:
    """What addIceCandidate was given."""
    told = as_object(value)
    return arguments.candidate(told) if told else Arguments()


def data_channel(value: Any) -> Arguments:
    """What createDataChannel was given."""
    label, told = [*items(value), None, None][:2]
    return arguments.data_channel(label, told if isinstance(told, dict) else {})


def track(value: Any, labelled: bool = True) -> Arguments:
    """What addTrack was given: "kind:id stream:id;stream:id", or [kind, id, label, stream, ...].

    `labelled`: whether the label is there (rtcstats-js of before October 2025 left it out).
    """
    if isinstance(value, list):
        kind, id = [*value, None, None][:2]
        return media(kind, id, value[3 if labelled else 2 :])
    kind, id, rest = _spelled(value)
    streams = [one.removeprefix("stream:") for one in rest.split(";") if one]
    return media(kind, id, [one for one in streams if one != _NO_STREAM])


def transceiver(value: Any, labelled: bool = True) -> Arguments:
    """What addTransceiver was given: "kind {...}", "kind:id {...}", or [kind or track, init]."""
    if isinstance(value, list):
        what, told = [*value, None, None][:2]
        given = told if isinstance(told, dict) else {}
        of = track(what, labelled) if isinstance(what, list) else media(what, None, [])
    else:
        kind, id, rest = _spelled(value)
        given = as_object(rest)
        of = media(kind, id, [])
    named = media(of.kind, None, given.get("streams"), given.get("direction"))
    return msgspec.structs.replace(of, streams=named.streams, direction=named.direction)


def _spelled(value: Any) -> tuple[str, str | None, str]:
    """The kind, the track's id and the rest of "kind:id rest"."""
    text = value if isinstance(value, str) else ""
    track, _, rest = text[: 100 * LONGEST].partition(" ")
    kind, colon, id = track.partition(":")
    return kind, id if colon else None, rest


def error(message: str | None) -> str:
    """The error's name: what toString() begins with, or what the message proves."""
    text = message or ""
    if named := _ERROR.match(text):
        return named[1]
    return "InvalidStateError" if _WRONG_STATE.search(text) else ""

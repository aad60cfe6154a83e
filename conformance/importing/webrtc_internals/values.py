"""What the `value` of an entry says: text of its own kind in A and B, JSON from C on."""

from __future__ import annotations

import json
import re
from typing import Any

from negotiation.conformance.traces.format import Arguments
from negotiation.model import SignalingState

from .. import arguments
from ..arguments import LONGEST, as_text, media
from ..entries import Given

_STATES = {str(state): str(state) for state in SignalingState} | {
    "SignalingState" + "".join(part.capitalize() for part in str(state).split("-")): str(state)
    for state in SignalingState
}
_STATES |= {
    "SignalingStateHaveLocalPrAnswer": "have-local-pranswer",
    "SignalingStateHaveRemotePrAnswer": "have-remote-pranswer",
}

_DESCRIPTION = re.compile(r"type: (\w+), sdp: ", re.ASCII)
_CAUSE = re.compile(r"Caused by: (\w+)", re.ASCII)
_SENDER = re.compile(r"sender:\{\s*track:(?:null|'([^']*)'),\s*streams:\[([^\]]*)\]")
_QUOTED = re.compile(r"'([^']*)'")
_MEMBER = r"(?:^|[{{,\n])\s*{}: ?'?([\w-]+)"
_LABEL = re.compile(r"label: (.*), (?:reliable|ordered): (?:true|false)", re.DOTALL)
_CANDIDATE = re.compile(
    r"sdpMid: (.*?), sdpMLineIndex: (\w+), candidate: (.*?)(?:, url: .*)?", re.DOTALL
)
_CONFIGURATION = ("iceTransportPolicy", "bundlePolicy", "rtcpMuxPolicy")


def as_json(value: str) -> Any:
    """The JSON in the value; None: there is none."""
    try:
        return json.loads(value, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def as_object(value: str) -> dict[str, Any] | None:
    """The JSON object in the value; None: it is something else."""
    if not value.startswith("{"):
        return None
    told = as_json(value)
    return told if isinstance(told, dict) else None


def signaling_state(value: str) -> str | None:
    """The state, in the specification's words; None: it is none of them."""
    return _STATES.get(value.strip('"'))


def plain_state(value: str) -> str:
    """Another state ("failed", of ICE or of the connection) in lower case, without its prefix."""
    return value.strip('"')[:LONGEST].removeprefix("ICEConnectionState").lower()


def description(value: str) -> Given | None:
    """The session description; None: there is none, as in a call without argument."""
    if not value:
        return None
    told = as_object(value)
    if told is not None:
        type, sdp = told.get("type"), told.get("sdp")
    elif match := _DESCRIPTION.match(value):
        type, sdp = match[1], value[match.end() :]
    else:
        return None
    type = type if type in ("offer", "answer", "pranswer", "rollback") else None
    return Given(type, sdp if isinstance(sdp, str) and sdp else None)


def offer_options(value: str) -> Arguments:
    """What createOffer was given.

    D writes that media are to be received whenever both were left out: then nothing is concluded.
    """
    told = as_object(value)
    if told is None:
        told = {
            name: {"true": True, "1": True, "false": False, "0": False}.get(match[1])
            for name in ("iceRestart", *_RECEIVING)
            if (match := _member(name, value))
        }
    options = {name: told[name] for name in _RECEIVING if isinstance(told.get(name), bool)}
    if len(options) == 2 and all(options.values()):
        options = {}
    if told.get("iceRestart") is True:
        options["iceRestart"] = True
    return Arguments(options=options or None)


_RECEIVING = ("offerToReceiveAudio", "offerToReceiveVideo")


def candidate(value: str) -> Arguments:
    """What addIceCandidate was given."""
    told = as_object(value)
    if told is None:
        match = _CANDIDATE.fullmatch(value)
        if match is None:
            return Arguments()
        index = int(match[2]) if match[2].isdecimal() and len(match[2]) < 6 else None
        told = {"candidate": match[3], "sdpMid": match[1], "sdpMLineIndex": index}
    return arguments.candidate(told)


def configuration(value: str) -> Arguments:
    """The policies that setConfiguration was given; never servers, nor what opens them."""
    told = as_object(value)
    if told is None:
        found = {name: _member(name, value) for name in _CONFIGURATION}
        told = {name: match[1] for name, match in found.items() if match}
    policies = {name: as_text(told[name]) for name in _CONFIGURATION if as_text(told.get(name))}
    return Arguments(configuration=policies)


def data_channel(value: str) -> Arguments:
    """What createDataChannel was given."""
    told = as_object(value)
    if told is None:
        match = _LABEL.match(value)
        is_negotiated = "negotiated: true" in value[match.end() :] if match else False
        told = {"label": match[1] if match else None, "negotiated": is_negotiated or None}
    return arguments.data_channel(told.get("label"), told)


def cause(value: str) -> str | None:
    """Which call brought an update of a transceiver about."""
    told = as_object(value)
    if told is not None:
        return as_text(told.get("reason"))
    match = _CAUSE.match(value)
    return None if match is None else match[1]


def transceiver(value: str) -> Arguments:
    """What addTransceiver or addTrack was given, by the transceiver that came of it."""
    told = as_object(value)
    if told is None:
        kind, direction = _member("kind", value), _member("direction", value)
        sender = _SENDER.search(value)
        track = sender[1] if sender else None
        streams = _QUOTED.findall(sender[2]) if sender else []
        return media(kind and kind[1], track, streams, direction and direction[1])
    sending = told.get("sender")
    if not isinstance(sending, dict):
        sending = told
    track = sending.get("track", told.get("id"))
    return media(told.get("kind"), track, sending.get("streams"), told.get("direction"))


def _member(name: str, value: str) -> re.Match[str] | None:
    return re.search(_MEMBER.format(name), value)

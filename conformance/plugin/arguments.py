"""The arguments of each call, as a line of a trace has them. They are read before it is made."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..traces.format import Arguments, Candidate, DescriptionRef
from .stacks import PythonStack

Given = Mapping[str, Any]
"""The arguments by the names of the parameters, in their order."""

NameOf = Callable[[Any], str | None]
"""The name of a transceiver, or of the one that a sender belongs to."""

_OPTIONS = ("iceRestart", "offerToReceiveAudio", "offerToReceiveVideo")
_CHANNEL = ("negotiated", "id", "maxPacketLifeTime", "maxRetransmits")
_POLICIES = ("bundlePolicy", "iceTransportPolicy", "rtcpMuxPolicy", "iceCandidatePoolSize")


def value_of(value: Any) -> Any:
    """What is in an enumeration's member; everything else as it is."""
    return getattr(value, "value", value)


def described(description: Any) -> DescriptionRef | None:
    """A description with its text, where a trace has the text's name."""
    if description is None:
        return None
    is_dict = isinstance(description, dict)
    read = description.get if is_dict else lambda name: getattr(description, name, None)
    kind, sdp = value_of(read("type")), read("sdp")
    told = sdp if isinstance(sdp, str) and not (kind == "rollback" and not sdp) else None
    return DescriptionRef(None if kind is None else str(kind), told)


def bound(function: Callable[..., Any], connection: Any, args: Any, kwargs: Any) -> Given:
    """The arguments by name; none where they do not fit, which the call itself will tell."""
    try:
        given = dict(inspect.signature(function).bind(connection, *args, **kwargs).arguments)
    except (TypeError, ValueError):
        return {}
    given.pop(next(iter(given)), None)
    return given


def _members(given: Any) -> dict[str, Any]:
    """The members of a dictionary, whichever way a stack in Python has it."""
    if given is None:
        return {}
    if isinstance(given, Mapping):
        return dict(given)
    told = given.to_json() if hasattr(given, "to_json") else vars(given)
    return dict(told) if isinstance(told, Mapping) else {}


def _chosen(given: Any, names: Iterable[str]) -> dict[str, Any]:
    there = _members(given)
    return {name: there[name] for name in names if there.get(name) is not None}


def _first(given: Given) -> Any:
    return next(iter(given.values()), None)


def _track_name(track: Any) -> str | None:
    return None if track is None else f"{value_of(track.kind)}:{track.id}"


def _stream_ids(streams: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(stream.id) for stream in streams)


def _add_transceiver(given: Given) -> Arguments:
    what, init = _first(given), given.get("init")
    is_track = hasattr(what, "kind")
    direction = given.get("direction", getattr(init, "direction", None))
    streams = getattr(init, "streams", None)
    return Arguments(
        kind=None if is_track else str(value_of(what)),
        track=_track_name(what) if is_track else None,
        direction=None if direction is None else str(value_of(direction)),
        streams=_stream_ids(streams) if streams else None,
    )


def _add_track(given: Given) -> Arguments:
    streams = given.get("streams") or ()
    return Arguments(
        track=_track_name(_first(given)), streams=_stream_ids(streams) if streams else None
    )


def _create_data_channel(given: Given) -> Arguments:
    # aiortc takes the members of the dictionary as arguments of their own.
    return Arguments(label=str(_first(given)), init=_chosen(given.get("init", given), _CHANNEL))


def _create_offer(given: Given) -> Arguments:
    if _first(given) is None:
        return Arguments()
    chosen = _chosen(_first(given), _OPTIONS)
    return Arguments(options={name: bool(value) for name, value in chosen.items()})


def _description(given: Given) -> Arguments:
    return Arguments(description=described(_first(given)))


def _set_configuration(given: Given) -> Arguments:
    """Without its servers: their addresses and credentials are nobody's business."""
    told = {name: value_of(value) for name, value in _chosen(_first(given), _POLICIES).items()}
    return Arguments(configuration=told)


def _candidate(given: Given, stack: PythonStack) -> Arguments:
    candidate = _first(given)
    if candidate is None:
        return Arguments(candidate=Candidate())
    if stack.candidate is not None:
        return Arguments(candidate=stack.candidate(candidate))
    told = _members(candidate)
    return Arguments(
        candidate=Candidate(
            str(told.get("candidate") or ""),
            told.get("sdpMid"),
            told.get("sdpMLineIndex"),
            told.get("usernameFragment"),
        )
    )


_PLAIN: Mapping[str, Callable[[Given], Arguments]] = {
    "addTransceiver": _add_transceiver,
    "addTrack": _add_track,
    "createDataChannel": _create_data_channel,
    "createOffer": _create_offer,
    "createAnswer": lambda given: Arguments(),
    "restartIce": lambda given: Arguments(),
    "close": lambda given: Arguments(),
    "setLocalDescription": _description,
    "setRemoteDescription": _description,
    "setConfiguration": _set_configuration,
}

_OF_PARTS: Mapping[str, Callable[[str | None, Given], Arguments]] = {
    "stop": lambda name, given: Arguments(transceiver=name),
    "direction": lambda name, given: Arguments(
        transceiver=name, direction=str(value_of(_first(given)))
    ),
    "setStreams": lambda name, given: Arguments(
        transceiver=name, streams=_stream_ids(given.get("streams") or ())
    ),
    "replaceTrack": lambda name, given: Arguments(
        transceiver=name, track=_track_name(_first(given))
    ),
    "setParameters": lambda name, given: Arguments(transceiver=name),
}

METHODS = (*_PLAIN, "removeTrack", "addIceCandidate")
"""The methods of a peer connection that are recorded."""

OF_TRANSCEIVERS = ("stop", "direction")
OF_SENDERS = ("setStreams", "replaceTrack", "setParameters")


def arguments(method: str, given: Given, stack: PythonStack, name_of: NameOf) -> Arguments:
    """The arguments of a peer connection's method."""
    if method == "removeTrack":
        return Arguments(transceiver=name_of(_first(given)))
    if method == "addIceCandidate":
        return _candidate(given, stack)
    return _PLAIN[method](given)


def arguments_of_part(method: str, given: Given, name: str | None) -> Arguments:
    """The arguments of a method of a transceiver, or of its sender."""
    return _OF_PARTS[method](name, given)

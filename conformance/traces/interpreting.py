"""From the trace format's types to the model's, and back: arguments, descriptions, attributes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from negotiation.model import (
    METHODS,
    Arguments,
    Candidate,
    Channel,
    Configuration,
    Description,
    Direction,
    IceServer,
    Kind,
    SdpType,
    Section,
)
from negotiation.model.attributes import Attributes, TransceiverAttributes
from negotiation.model.description import FRESH
from negotiation.model.specification import DEFAULT

from . import format

LEGACY_OPTIONS = (("offerToReceiveAudio", Kind.AUDIO), ("offerToReceiveVideo", Kind.VIDEO))

Lookup = Callable[[str, SdpType], Description | None]
"""Finds the description of a text's id, as a description of that type; None: not known."""


class NotUnderstood(ValueError):  # noqa: N818 - it is not about an error of the caller's
    """Something that the model has no meaning for: `what`, as a noun."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} means nothing to the model")


def model_arguments(method: str, given: format.Arguments, lookup: Lookup) -> Arguments:
    """The arguments of a call, as the model reads them.

    Raises:
        NotUnderstood: an argument that the model has no meaning for.
    """
    if method not in METHODS:
        raise NotUnderstood(f"the method {method!r}")
    type, description = _description(given.description, lookup)
    kind, track = _kind_and_track(method, given)
    return Arguments(
        type=type,
        description=description,
        candidate=_candidate(given.candidate),
        transceiver=given.transceiver,
        kind=kind,
        track=track,
        streams=given.streams or (),
        direction=_direction(given.direction),
        channel=_channel(given),
        configuration=configuration_of(given.configuration) if given.configuration else DEFAULT,
        ice_restart=bool(given.options and given.options.get("iceRestart")),
        receive=_receive(given.options) if given.options else (),
    )


def _receive(options: Mapping[str, bool]) -> tuple[tuple[Kind, bool], ...]:
    return tuple((kind, bool(options[name])) for name, kind in LEGACY_OPTIONS if name in options)


def _description(
    given: format.DescriptionRef | None, lookup: Lookup
) -> tuple[SdpType | None, Description | None]:
    if given is None:
        return None, None
    try:
        type = None if given.type is None else SdpType(given.type)
    except ValueError:
        raise NotUnderstood(f"a description of type {given.type!r}") from None
    if given.sdp is None:
        return type, None
    description = lookup(given.sdp, type or SdpType.OFFER)
    if description is None:
        raise NotUnderstood(f"the SDP text {given.sdp!r} was not recorded")
    return type, description


def _kind_and_track(method: str, given: format.Arguments) -> tuple[str | None, str | None]:
    if given.track is None:
        if method == "addTrack":
            raise NotUnderstood("addTrack without a track")
        return given.kind, None
    kind = given.track.partition(":")[0]
    if kind not in (Kind.AUDIO, Kind.VIDEO):
        raise NotUnderstood(f"the track {given.track!r}, which is neither audio nor video")
    return kind, given.track


def _candidate(given: format.Candidate | None) -> Candidate:
    if given is None:
        return Candidate()
    if given.sdpMLineIndex is not None and given.sdpMLineIndex < 0:
        raise NotUnderstood("an sdpMLineIndex below 0")
    return Candidate(
        given.candidate, given.sdpMid, given.sdpMLineIndex, given.usernameFragment or None
    )


def _direction(given: str | None) -> Direction:
    if given is None:
        return Direction.SENDRECV
    try:
        return Direction(given or "sendrecv")
    except ValueError:
        raise NotUnderstood(f"a direction {given!r}") from None


def _channel(given: format.Arguments) -> Channel:
    if given.label is None and given.init is None:
        return Channel()
    init = given.init or {}
    return Channel(
        label_bytes=len((given.label or "").encode(errors="replace")),
        negotiated=bool(init.get("negotiated")),
        id=_number(init.get("id")),
        max_packet_life_time=_number(init.get("maxPacketLifeTime")),
        max_retransmits=_number(init.get("maxRetransmits")),
    )


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def configuration_of(given: dict[str, Any]) -> Configuration:
    """An RTCConfiguration, as the model reads it.

    Raises:
        NotUnderstood: an ICE server that is none.
    """
    servers = given.get("iceServers")
    size = given.get("iceCandidatePoolSize", 0)
    return Configuration(
        ice_servers=tuple(map(_server, servers)) if isinstance(servers, list) else (),
        bundle_policy=str(given.get("bundlePolicy", "balanced")),
        rtcp_mux_policy=str(given.get("rtcpMuxPolicy", "require")),
        ice_transport_policy=str(given.get("iceTransportPolicy", "all")),
        ice_candidate_pool_size=size if isinstance(size, int) else 0,
    )


def _server(given: object) -> IceServer:
    if not isinstance(given, dict):
        raise NotUnderstood("an ICE server that is not an object")
    urls = given.get("urls")
    if urls is not None and not isinstance(urls, str | list):
        raise NotUnderstood("an ICE server whose urls are no text and no list")
    listed = [urls] if isinstance(urls, str) else urls
    told = None if listed is None else tuple(map(str, listed))
    return IceServer(told, _text(given.get("username")), _text(given.get("credential")))


def _text(value: object) -> str | None:
    """A member of a dictionary as WebIDL makes a text of it, near enough; None: missing."""
    return None if value is None else str(value)


def description_of(summary: format.Summary, type: SdpType, name: str) -> Description:
    """The abstract description that a summary tells; `name` is what its text is called.

    Raises:
        NotUnderstood: a kind of m-section that negotiation has no meaning for.
    """
    credentials = (one.ice for one in summary.sections if not one.rejected)
    return Description(
        type=type,
        sdp=name,
        sections=tuple(map(_section, summary.sections)),
        ice=frozenset(one for one in credentials if one is not None),
        bundle=summary.bundle,
        problem=summary.problem,
    )


def _section(summary: format.SectionSummary) -> Section:
    try:
        kind, direction = Kind(summary.kind), Direction(summary.direction)
    except ValueError:
        raise NotUnderstood(f"an m-section of kind {summary.kind!r}") from None
    mid = summary.mid if summary.mid is not None else f"{FRESH}index{summary.index}"
    return Section(
        kind,
        mid,
        direction,
        summary.rejected,
        summary.msids,
        ice=summary.ice,
        default_stream=summary.default_stream,
    )


def summary_of(description: Description) -> format.Summary:
    """The summary of an abstract description (credentials: those told, or one name for all)."""
    ice = min(description.ice, default=None)
    return format.Summary(
        sections=tuple(
            format.SectionSummary(
                index=index,
                kind=str(section.kind),
                mid=section.mid,
                rejected=section.rejected,
                direction=str(section.direction),
                msids=section.msids,
                ice=None if section.rejected else section.ice or ice,
                default_stream=section.default_stream,
            )
            for index, section in enumerate(description.sections)
        ),
        bundle=description.bundle,
        problem=description.problem,
    )


def reading_of(attributes: Attributes) -> format.Reading:
    """The attributes, as a trace tells them."""
    current_local, current_remote, pending_local, pending_remote = (
        str(one) if one is not None else None for one in attributes.descriptions
    )
    return format.Reading(
        signalingState=attributes.signaling_state,
        transceivers=tuple(
            format.TransceiverReading(
                one.id, one.kind, one.direction, one.mid, one.current_direction
            )
            for one in attributes.transceivers
        ),
        descriptions=format.Descriptions(
            current_local, current_remote, pending_local, pending_remote
        ),
    )


def transceivers_read(reading: format.Reading) -> tuple[TransceiverAttributes, ...] | None:
    """The transceivers of a reading, as the model's attributes; None: they were not read."""
    if reading.transceivers is None:
        return None
    return tuple(
        TransceiverAttributes(one.id, one.kind, one.direction, one.mid, one.currentDirection)
        for one in reading.transceivers
    )

"""Forbidden: descriptions that were created and say something else than they must."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from negotiation.conformance.traces import format

from .judgeable import seen
from .recorded import Recording, replace, replaced
from .rows import Place, Row

CREATING = ("createOffer", "createAnswer")
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
OTHER_TYPE = {"offer": "answer", "answer": "offer"}
OTHER_KIND = {"audio": "video", "video": "audio"}


def created(recording: Recording) -> Iterator[tuple[int, format.Resolve, format.Sdp]]:
    """What createOffer and createAnswer gave, or setLocalDescription() set."""
    calls = recording.calls()
    for at, one in seen(recording):
        if not isinstance(one, format.Resolve) or not recording.profile(one.peer).descriptions:
            continue
        call, told = calls[one.call], one.description
        is_implicit = call.method == "setLocalDescription" and call.args.description is None
        if told is None or told.sdp is None or not (call.method in CREATING or is_implicit):
            continue
        yield at, one, recording.sdps[told.sdp]


def sections(recording: Recording) -> Iterator[tuple[int, format.SectionSummary]]:
    """The m-sections for media in them that are not rejected."""
    for at, _, sdp in created(recording):
        for section in sdp.summary.sections:
            if section.kind != "application" and not section.rejected:
                yield at, section


def directions(recording: Recording) -> Iterator[Place]:
    """An m-section, and another direction."""
    for at, section in sections(recording):
        others = (one for one in DIRECTIONS if one != section.direction)
        yield from (Place(at, section.index, one) for one in others)


def streams(recording: Recording) -> Iterator[Place]:
    """An m-section of a transceiver that sends in streams."""
    for at, section in sections(recording):
        if section.msids and section.direction in ("sendrecv", "sendonly"):
            yield Place(at, section.index)


def kinds(recording: Recording) -> Iterator[Place]:
    """An m-section, whatever it is for."""
    return (Place(at, section.index) for at, section in sections(recording))


def last_sections(recording: Recording) -> Iterator[Place]:
    """The last m-section."""
    for at, _, sdp in created(recording):
        if sdp.summary.sections:
            yield Place(at, len(sdp.summary.sections) - 1)


def types(recording: Recording) -> Iterator[Place]:
    """What createOffer and createAnswer gave."""
    calls = recording.calls()
    for at, one, _ in created(recording):
        if calls[one.call].method in CREATING and one.description is not None:
            yield Place(at, what=OTHER_TYPE[one.description.type or "offer"])


def of_another_type(recording: Recording, place: Place) -> Recording:
    """The description has another type."""
    one = recording.told[place.at]
    assert isinstance(one, format.Resolve)
    assert one.description is not None
    told = replace(one.description, type=place.what)
    return replaced(recording, place.at, replace(one, description=told))


Changed = Callable[[format.SectionSummary, Place], format.SectionSummary | None]


def _saying(changed: Changed) -> Callable[[Recording, Place], Recording]:
    """The description says something else of an m-section, in a text of its own."""

    def make(recording: Recording, place: Place) -> Recording:
        one = recording.told[place.at]
        assert isinstance(one, format.Resolve)
        assert one.description is not None
        sdp = recording.sdps[one.description.sdp or ""]
        each: list[format.SectionSummary | None] = list(sdp.summary.sections)
        each[place.to] = changed(sdp.summary.sections[place.to], place)
        kept = tuple(section for section in each if section is not None)
        other = replace(
            sdp,
            id=next(name for n in range(99) if (name := f"otherwise{n}") not in recording.sdps),
            text=f"{sdp.text}a=x-otherwise\r\n",
            summary=replace(sdp.summary, sections=kept),
        )
        told = replace(one, description=replace(one.description, sdp=other.id))
        sdps = {**recording.sdps, other.id: other}
        return replaced(replace(recording, sdps=sdps), place.at, told)

    return make


WRONG_DESCRIPTIONS = (
    Row(
        "created-with-another-direction",
        "forbidden",
        "jsep:5.2.1",
        "An m-section is offered with its transceiver's direction, and answered with what that and "
        "the offer have in common.",
        directions,
        _saying(lambda section, place: replace(section, direction=place.what)),
    ),
    Row(
        "created-without-its-streams",
        "forbidden",
        "jsep:5.2.1",
        "An m-section of a sender has a line for each of its streams.",
        streams,
        _saying(lambda section, place: replace(section, msids=())),
    ),
    Row(
        "created-with-another-kind",
        "forbidden",
        "jsep:5.2.1",
        "An m-section is of its transceiver's kind.",
        kinds,
        _saying(lambda section, place: replace(section, kind=OTHER_KIND[section.kind])),
    ),
    Row(
        "created-without-a-section",
        "forbidden",
        "jsep:5.2.1",
        "There is an m-section for each transceiver, and an answer has those of its offer.",
        last_sections,
        _saying(lambda section, place: None),
    ),
    Row(
        "created-with-another-type",
        "forbidden",
        "#dom-rtcpeerconnection-createoffer",
        "createOffer gives an offer, createAnswer an answer.",
        types,
        of_another_type,
    ),
)
"""What the text says of what is created."""

"""The descriptions of a program that runs on the model: abstract, with an SDP text when needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import msgspec

from negotiation.model import Connection, Description, SdpType, Section
from negotiation.model.sdp import describe, write

from . import texts
from .language import DescriptionSource, SectionText

Text = Callable[[Description], str]


def text_of(description: Description, session_id: int = 1, version: int = 1) -> str:
    """Real SDP text for a description all of whose names are bound."""
    written = msgspec.structs.replace(
        description, sections=tuple(section_as_written(one) for one in description.sections)
    )
    return write(written, session_id=session_id, version=version)


def section_as_written(section: Section) -> Section:
    """SDP has four directions: a transceiver that was added as "stopped" is offered inactive."""
    if section.direction == "stopped":
        return msgspec.structs.replace(section, direction=section.direction.reversed)
    return section


def invented(source: DescriptionSource, name: str) -> Description:
    """The description that a program invents with `sections` or `sdp`; its text is named `name`."""
    type = SdpType(source.type or "offer")
    if source.sections is not None:
        sections = tuple(
            _section(index, one, source.ice) for index, one in enumerate(source.sections)
        )
        bundle = tuple(one.mid for one in sections if not one.rejected)
        ice = frozenset({source.ice}) if bundle else frozenset()
        return Description(type, name, sections, ice, bundle)
    return describe(source.sdp or "", type, sdp_name=name, ice_names=lambda pair: pair[0])


def fitted(source: DescriptionSource, connection: Connection) -> DescriptionSource:
    """The source with the mids that the connection knows; see `DescriptionSource`."""
    if source.sections is None:
        return source
    is_answer = source.type in ("answer", "pranswer")
    ours = connection.local_description if is_answer else connection.current_remote_description
    known = [section.mid for section in ours.sections] if ours is not None else []
    sections = tuple(
        msgspec.structs.replace(one, mid=known[index])
        if one.mid is None and index < len(known)
        else one
        for index, one in enumerate(source.sections)
    )
    return msgspec.structs.replace(source, sections=sections)


def _section(index: int, given: SectionText, ice: str) -> Section:
    mid = given.mid if given.mid is not None else str(index)
    read = _as_read(given)
    return msgspec.structs.replace(read, mid=mid, ice=ice if read.ice is not None else None)


@lru_cache(maxsize=1 << 10)
def _as_read(given: SectionText) -> Section:
    """What is read of the m-section as it is written."""
    text = texts.render(DescriptionSource(sections=(given,)))
    return describe(text, SdpType.OFFER, sdp_name="", ice_names=lambda pair: "").sections[0]


def edited(description: Description, source: DescriptionSource, text: Text) -> Description:
    """The description after the source's edits of its text, and of the source's type."""
    type = SdpType(source.type) if source.type is not None else description.type
    if source.edits:
        credentials = min(description.ice, default="")
        changed = texts.edit(text(description), source.edits)
        description = describe(
            changed,
            type,
            sdp_name=f"{description.sdp} after {len(source.edits)} edits",
            ice_names=lambda pair: credentials,
        )
    return msgspec.structs.replace(description, type=type)


def attribute(connection: Connection, name: str) -> Description | None:
    """A description attribute of the connection, by its name in JavaScript."""
    slots = {
        "localDescription": connection.local_description,
        "remoteDescription": connection.remote_description,
        "pendingLocalDescription": connection.pending_local_description,
        "currentLocalDescription": connection.current_local_description,
        "pendingRemoteDescription": connection.pending_remote_description,
        "currentRemoteDescription": connection.current_remote_description,
    }
    return slots.get(name)

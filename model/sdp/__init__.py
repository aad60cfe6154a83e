"""SDP texts: real ones read into abstract descriptions, abstract ones written for real stacks.

Pure: text in, values out. `read` and `describe` never raise on any text; `write` raises only for
descriptions that no text can say.
"""

from __future__ import annotations

from collections.abc import Callable

from ..description import FRESH, Description, Section
from ..enums import Kind, SdpType
from .reading import Credentials, MediaText, SessionText, read
from .writing import credentials_of, write

__all__ = [
    "Credentials",
    "MediaText",
    "SessionText",
    "credentials_of",
    "describe",
    "read",
    "write",
]


def describe(
    text: str, type: SdpType, *, sdp_name: str, ice_names: Callable[[Credentials], str]
) -> Description:
    """The abstract description of that type that the text is.

    `ice_names` gives credentials their relational names (a dictionary's `__getitem__` does); those
    of rejected sections are none of the description's, as nothing restarts from them. A
    section without a mid gets the fresh name "?<sdp_name>/<index>": the user agent invents the mid.
    A section of a kind that WebRTC does not know stands as a rejected application section, which
    is how JSEP answers it. A rollback's text is not looked at.
    """
    if type == SdpType.ROLLBACK:
        return Description(type=type, sdp=sdp_name)
    session = read(text)
    return Description(
        type=type,
        sdp=sdp_name,
        sections=tuple(_abstract(one, sdp_name, ice_names) for one in session.sections),
        ice=frozenset(ice_names(one.ice) for one in session.sections if one.ice and _lives(one)),
        bundle=session.bundle,
        problem=session.problem,
    )


def _lives(section: MediaText) -> bool:
    return section.kind in tuple(Kind) and not section.rejected


def _abstract(
    section: MediaText, sdp_name: str, ice_names: Callable[[Credentials], str]
) -> Section:
    known = section.kind in tuple(Kind)
    return Section(
        kind=Kind(section.kind) if known else Kind.APPLICATION,
        mid=section.mid if section.mid is not None else f"{FRESH}{sdp_name}/{section.index}",
        direction=section.direction,
        rejected=section.rejected or not known,
        msids=section.msids,
        ice=ice_names(section.ice) if section.ice is not None else None,
        default_stream=section.has_default_stream,
    )

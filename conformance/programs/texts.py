"""SDP texts of programs: what a program invents, and the edits that it makes to any text."""

from __future__ import annotations

import re

from negotiation.model.description import Description, Section
from negotiation.model.enums import Direction, Kind, SdpType
from negotiation.model.sdp import write

from .language import DescriptionSource, Edit, SectionText

SESSION_ID = 4611731400430051336
"""The o= line's session id of every text that programs invent."""

_DIRECTION = re.compile(r"a=(sendrecv|sendonly|recvonly|inactive)\s*")


def render(source: DescriptionSource, offer_text: str | None = None) -> str:
    """The text of a source's `sdp` or `sections`, before its `edits`; "" for a rollback.

    Without a type the text is an offer's. A section without a mid has its index as mid. An answer
    takes the mids, protocols and payload types from `offer_text`, the offer that it answers (see
    `negotiation.model.sdp.write`). A ValueError says that the source has neither.
    """
    if source.type == "rollback":
        return ""
    if source.sdp is not None:
        return source.sdp
    if source.sections is None:
        raise ValueError("this description is not invented: give it `sdp` or `sections`")
    return write(
        _described(source.type, source.sections, source.ice),
        session_id=SESSION_ID,
        version=1,
        offer_text=offer_text,
    )


def _described(type: str | None, sections: tuple[SectionText, ...], ice: str) -> Description:
    return Description(
        type=SdpType(type or "offer"),
        sections=tuple(_section(index, section) for index, section in enumerate(sections)),
        ice=frozenset({ice}),
    )


def _section(index: int, section: SectionText) -> Section:
    return Section(
        kind=Kind(section.kind),
        mid=str(index) if section.mid is None else section.mid,
        direction=Direction(section.direction),
        rejected=section.rejected,
        msids=section.msids,
    )


def edit(text: str, edits: tuple[Edit, ...]) -> str:
    """The text after the edits, one by one; the fields of each apply in their order.

    Only the named lines change: a removed or rejected section stays in the BUNDLE group. A
    ValueError says that an edit counts to a section that is not there. Without edits the text
    stays as it is; with any, its lines end with CRLF.
    """
    for change in edits:
        text = _edited(text, change)
    return text


def _edited(text: str, change: Edit) -> str:
    blocks = _blocks(text)
    if change.reject is not None:
        _reject(_block(blocks, change.reject))
    if change.direction is not None:
        index, direction = change.direction
        _redirect(_block(blocks, index), direction)
    if change.remove is not None:
        blocks.remove(_block(blocks, change.remove))
    if change.unmux is not None:
        block = _block(blocks, change.unmux)
        block[:] = [line for line in block if line.rstrip() != "a=rtcp-mux"]
    if change.append is not None:
        blocks[-1].append(change.append)
    return "".join(f"{line}\r\n" for block in blocks for line in block)


def _blocks(text: str) -> list[list[str]]:
    """The lines of the session level, then those of each m-section."""
    blocks: list[list[str]] = [[]]
    for raw in text.removesuffix("\n").split("\n") if text else []:
        line = raw.removesuffix("\r")
        if line.startswith("m="):
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def _block(blocks: list[list[str]], index: int) -> list[str]:
    if not 0 <= index < len(blocks) - 1:
        raise ValueError(f"an edit names m-section {index}, and there are {len(blocks) - 1}")
    return blocks[index + 1]


def _reject(block: list[str]) -> None:
    block[0] = re.sub(r"^(m=\S+) [0-9]+", r"\1 0", block[0])


def _redirect(block: list[str], direction: str) -> None:
    """The new direction stands where the old one stood, or at the section's end."""
    places = [place for place, line in enumerate(block) if _DIRECTION.fullmatch(line)]
    for place in reversed(places[1:]):
        del block[place]
    if places:
        block[places[0]] = f"a={direction}"
    else:
        block.append(f"a={direction}")

"""Session descriptions, abstract but complete for negotiation.

A name (of a mid, of ICE credentials, of an SDP text) that the model had to invent, as a user agent
does, is *fresh*: it starts with "?" and stands for a value that no one has seen yet. Whoever
observes the value binds it (`negotiation.model.binding`). Names that were given or observed start
otherwise.
"""

from __future__ import annotations

import msgspec

from .enums import Direction, Kind, SdpType

FRESH = "?"


def is_fresh(name: str | None) -> bool:
    """Whether the name stands for a value that the model invented and nobody observed yet."""
    return name is not None and name.startswith(FRESH)


class Section(msgspec.Struct, frozen=True, cache_hash=True):
    """One m-section.

    `msids` are the ids of the MediaStreams that it names ("a=msid:-" names none); `transceiver` is
    JSEP's mapping from the m-sections of a created description to transceivers, and no part of the
    description itself.
    """

    kind: Kind
    mid: str
    direction: Direction = Direction.SENDRECV
    rejected: bool = False
    msids: tuple[str, ...] = ()
    transceiver: str | None = None


class Description(msgspec.Struct, frozen=True, cache_hash=True):
    """An RTCSessionDescription: its type, the name of its SDP text, and what the text says.

    `ice` holds the names of the ICE credentials in the text. `bundle` the mids of its BUNDLE group.
    `problem` is why the text can never be applied: "syntax" (no SDP), "rtcp-mux", "rids" or
    "content", in the order in which webrtc-pc's "set a session description" reports them.
    """

    type: SdpType
    sdp: str = ""
    sections: tuple[Section, ...] = ()
    ice: frozenset[str] = frozenset()
    bundle: tuple[str, ...] = ()
    problem: str | None = None

    def section(self, mid: str | None) -> Section | None:
        """The m-section with this mid, or None."""
        if mid is None:
            return None
        return next((section for section in self.sections if section.mid == mid), None)

    def says_the_same(self, other: Description) -> bool:
        """Whether both would negotiate the same, whatever their fresh names and texts are."""
        ice = {name for name in self.ice | other.ice if not is_fresh(name)}
        shared = self.ice & other.ice
        return _shape(self) == _shape(other) and (not ice or bool(shared) or not other.ice)


def _shape(description: Description) -> tuple[object, ...]:
    return tuple(
        (
            section.kind,
            None if is_fresh(section.mid) else section.mid,
            section.direction,
            section.rejected,
            section.msids,
            section.transceiver,
        )
        for section in description.sections
    )

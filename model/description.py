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

DEFAULT_STREAM = "?default stream"
"""The id of JSEP's "default" MediaStream of a session, which nobody names (jsep:5.8)."""


def is_fresh(name: str | None) -> bool:
    """Whether the name stands for a value that the model invented and nobody observed yet."""
    return name is not None and name.startswith(FRESH)


class Section(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """One m-section.

    `msids` are the ids of the MediaStreams that it names ("a=msid:-" names none); `transceiver` is
    JSEP's mapping from the m-sections of a created description to transceivers, and no part of the
    description itself. `ice` is the name of the credentials that a text gives to this section;
    None: it gives none, or the model created the section. `default_stream`: it sends, and has no
    a=msid line, not even one that names none.
    """

    kind: Kind
    mid: str
    direction: Direction = Direction.SENDRECV
    rejected: bool = False
    msids: tuple[str, ...] = ()
    transceiver: str | None = None
    ice: str | None = None
    default_stream: bool = False

    @property
    def streams(self) -> tuple[str, ...]:
        """The ids of the MediaStreams that whoever receives it associates its track with."""
        return (DEFAULT_STREAM,) if self.default_stream else self.msids


class Description(msgspec.Struct, frozen=True, cache_hash=True, gc=False):
    """An RTCSessionDescription: its type, the name of its SDP text, and what the text says.

    `ice` holds the names of the ICE credentials in the text. `bundle` the mids of its BUNDLE group.
    `problem` is why the text can never be applied: "empty" (nothing at all, as where the sdp was
    left out), "syntax" (no SDP), "rtcp-mux", "rids" or "content", in the order in which webrtc-pc's
    "set a session description" reports them; or "odd", with which it may be applied or not (a
    freedom). `replaced` are credentials that one that was created, and not seen yet, restarts from:
    it has none of them.
    """

    type: SdpType
    sdp: str = ""
    sections: tuple[Section, ...] = ()
    ice: frozenset[str] = frozenset()
    bundle: tuple[str, ...] = ()
    problem: str | None = None
    replaced: frozenset[str] = frozenset()

    def section(self, mid: str | None) -> Section | None:
        """The m-section with this mid, or None."""
        if mid is None:
            return None
        return next((section for section in self.sections if section.mid == mid), None)

    def credentials_at(self, mid: str | None, index: int | None) -> frozenset[str]:
        """The credentials in the m-section with this mid, or else index; in any, with neither.

        An m-section that gives none has those of the section that it is bundled into.
        """
        if mid is None and index is None:
            return self.ice | {one.ice for one in self.sections if one.ice is not None}
        section = self.section(mid)
        if mid is None and index is not None and index < len(self.sections):
            section = self.sections[index]
        if section is None:
            return frozenset()
        return self.ice if section.ice is None else frozenset({section.ice})

    @property
    def has_data(self) -> bool:
        """Whether an m-section is for data channels and not rejected."""
        return any(one.kind is Kind.APPLICATION and not one.rejected for one in self.sections)

    def credentials_by_mid(self) -> frozenset[tuple[str, str]]:
        """The mid of each m-section with each of its credentials."""
        mids = [one.mid for one in self.sections]
        return frozenset((mid, name) for mid in mids for name in self.credentials_at(mid, None))

    def goes_on_in(self, sections: tuple[Section, ...]) -> bool:
        """Whether one of these m-sections goes on with one of this description's, not rejected."""
        mids = {one.mid for one in self.sections if not one.rejected}
        return any(one.mid in mids for one in sections if not one.rejected)

    def credentials_going_on(self, sections: tuple[Section, ...]) -> frozenset[str]:
        """The credentials of its m-sections that go on in these, rejected nowhere.

        An m-section that gives none (it is bundled, or for bundle only) has none that go on; where
        it is not told whose they are, all do.
        """
        told = [one for one in self.sections if one.ice is not None and not one.rejected]
        if not told:
            return self.ice if self.goes_on_in(sections) else frozenset()
        mids = {one.mid for one in sections if not one.rejected}
        return frozenset(one.ice for one in told if one.mid in mids and one.ice is not None)

    def says_the_same(self, other: Description) -> bool:
        """Whether the m-sections of both are the same; a fresh mid may be any."""
        return _same_sections(self.sections, other.sections)


def _same_sections(ours: tuple[Section, ...], theirs: tuple[Section, ...]) -> bool:
    return len(ours) == len(theirs) and all(
        (is_fresh(one.mid) or is_fresh(other.mid) or one.mid == other.mid)
        and _without_mid(one) == _without_mid(other)
        for one, other in zip(ours, theirs, strict=True)
    )


def _without_mid(section: Section) -> tuple[object, ...]:
    said = (section.kind, section.direction, section.rejected, frozenset(section.msids))
    return (*said, section.transceiver)

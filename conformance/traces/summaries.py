"""SDP texts and ICE credentials of one trace: their names, and what the texts say."""

from __future__ import annotations

from negotiation.model.sdp import Credentials, MediaText, read

from .format import Sdp, SectionSummary, Summary


class Namer:
    """Gives texts the names s1, s2, ... and ICE credentials c1, c2, ... at first sight.

    One per trace, for all its peers: equal names mean equal texts and equal (ufrag, pwd) pairs.
    """

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._introduced: set[str] = set()
        self._pairs: dict[Credentials, str] = {}
        self._ufrags: dict[str, str] = {}
        self._reserved: dict[str, str] = {}
        self._count = 0

    def sdp(self, text: str) -> str:
        """The name of the SDP text."""
        return self._texts.setdefault(text, f"s{len(self._texts) + 1}")

    def introduce(self, text: str) -> Sdp | None:
        """The line that a trace needs before it first refers to the text; None after that."""
        name = self.sdp(text)
        if name in self._introduced:
            return None
        self._introduced.add(name)
        return Sdp(id=name, text=text, summary=self.summarise(text))

    def credentials(self, pair: Credentials) -> str:
        """The name of the (ufrag, pwd) pair."""
        if pair not in self._pairs:
            reserved = self._reserved.pop(pair[0], None)
            self._pairs[pair] = reserved or self._next()
            self._ufrags[pair[0]] = self._pairs[pair]
        return self._pairs[pair]

    def ufrag(self, ufrag: str) -> str:
        """The name of the credentials last seen with this ufrag (a candidate has only that).

        An ufrag that comes before its credentials gets the name that they will have.
        """
        if ufrag not in self._ufrags:
            self._ufrags[ufrag] = self._reserved[ufrag] = self._next()
        return self._ufrags[ufrag]

    def summarise(self, text: str) -> Summary:
        """What the text says, its credentials by name; any text has a summary."""
        session = read(text)
        return Summary(
            sections=tuple(self._section(section) for section in session.sections),
            bundle=session.bundle,
            problem=session.problem,
        )

    def _section(self, section: MediaText) -> SectionSummary:
        return SectionSummary(
            index=section.index,
            kind=section.kind,
            mid=section.mid,
            protocol=section.protocol,
            rejected=section.rejected,
            bundle_only=section.bundle_only,
            direction=section.direction,
            msids=section.msids,
            default_stream=section.has_default_stream,
            ice=None if section.ice is None else self.credentials(section.ice),
            rids=section.rids,
        )

    def _next(self) -> str:
        self._count += 1
        return f"c{self._count}"


class Ufrags(Namer):
    """Names ICE credentials by their ufrags, as candidates do in traces without summaries.

    Another pair with the same ufrag is another name.
    """

    def credentials(self, pair: Credentials) -> str:
        """The ufrag; with the password behind it, if the ufrag is another pair's."""
        ufrag, password = pair
        is_first = self._ufrags.setdefault(ufrag, password) == password
        return ufrag if is_first else f"{ufrag} {password}"

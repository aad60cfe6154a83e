"""Descriptions: where a program says that they come from, as expressions of a language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from negotiation.conformance.programs.language import DescriptionSource, Do
from negotiation.conformance.programs.texts import render
from negotiation.conformance.traces import format

from .languages import Language
from .sites import Site
from .subjects import Subject

LAST = {"lastOffer": "createOffer", "lastAnswer": "createAnswer"}
"""Attributes that no connection has: what the last call resolved with."""


class Descriptions:
    """The expressions for descriptions; `texts` are the constants that they need, by text."""

    def __init__(
        self, subject: Subject, language: Language, connections: Mapping[str, str]
    ) -> None:
        self.subject = subject
        self.language = language
        self.connections = connections
        self.texts: dict[str, str] = {}
        self._calls = {
            one.id: one for _, one in subject.trace.observations if isinstance(one, format.Call)
        }

    def last(self, peer: str, attribute: str) -> str:
        """The variable for what the peer's last createOffer or createAnswer resolved with."""
        return self.language.name(f"{attribute} {self.connections[peer]}")

    def of(self, source: DescriptionSource, item: Do, site: Site | None) -> str:
        """The description that a source means; `site` is the call's, None in a message."""
        language = self.language
        if source.sdp is not None or source.sections is not None:
            if source.type == "rollback":
                return language.described(language.literal("rollback"), None, None)
            text = self._invented(source, item, site)
            type = None if source.type is None else language.literal(source.type)
            return language.described(type, self._edited(text, source), None)
        of = self._origin(source)
        type = None if source.type is None else language.literal(source.type)
        if of is None:
            return language.described(type, None, None)
        if not source.edits:
            return of if type is None else language.described(type, language.sdp_of(of), of)
        return language.described(type, self._edited(language.sdp_of(of), source), of)

    def _edited(self, sdp: str, source: DescriptionSource) -> str:
        for edit in source.edits:
            sdp = self.language.edited(sdp, msgspec.to_builtins(edit))
        return sdp

    def _origin(self, source: DescriptionSource) -> str | None:
        name = self.language.name
        if source.result is not None:
            return name(source.result)
        if source.message == "*":
            return "message"
        if source.message is not None:
            return name(source.message)
        if source.of is None:
            return None
        peer, attribute = source.of
        if attribute in LAST:
            return self.last(peer, attribute)
        return self.language.attribute(self.connections[peer], attribute)

    def _invented(self, source: DescriptionSource, item: Do, site: Site | None) -> str:
        """The text, as the recording has it: with the mids that there are."""
        told = None if source.edits else self._recorded(item, site)
        text = render(source) if told is None else told
        kind = source.type or "offer"
        if text not in self.texts:
            wanted = f"{kind} text {len(self.texts) + 1}" if self.texts else f"{kind} text"
            self.texts[text] = self.language.name(wanted)
        return self.texts[text]

    def _recorded(self, item: Do, site: Site | None) -> str | None:
        refs: list[Any] = []
        if site is None:
            refs = [
                one.description
                for _, one in self.subject.trace.observations
                if isinstance(one, format.Send) and one.message == item.send
            ]
        else:
            made = self.subject.sites.calls_at(site)
            refs = [self._calls[call].args.description for call in made]
        ids = [ref.sdp for ref in refs if ref is not None and ref.sdp is not None]
        sdp = self.subject.trace.sdps.get(ids[0]) if ids else None
        return None if sdp is None else sdp.text

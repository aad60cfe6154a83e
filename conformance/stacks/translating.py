"""What recorders send, as lines of a trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from msgspec.structs import replace

from ..traces.format import (
    AnyObservation,
    Arguments,
    Call,
    Candidate,
    DescriptionRef,
    Line,
    Resolve,
    Sdp,
    SectionSummary,
    Send,
    Summary,
)
from ..traces.summaries import Namer


class Names(Protocol):
    """What is asked of the trace's namer (`traces.summaries.Namer`)."""

    def introduce(self, text: str) -> Sdp | None:
        """The line for a text that was not seen before; None for one that was."""

    def sdp(self, text: str) -> str:
        """The id of the text."""

    def ufrag(self, ufrag: str) -> str:
        """The name of the credentials with this ufrag."""


class Translator:
    """Makes the lines of one trace: each text is told once, before the first line that needs it.

    `streams` maps MediaStream ids to names; summaries tell the names, texts are left as they are.
    """

    def __init__(self, streams: Mapping[str, str], names: Names | None = None) -> None:
        self._streams = dict(streams)
        self._names: Names = Namer() if names is None else names

    def lines(self, observation: AnyObservation) -> Iterator[Line]:
        """The observation's line, after the lines of the texts that it is the first to name."""
        reference = _description(observation)
        if reference is not None and reference.sdp is not None:
            introduced = self._names.introduce(reference.sdp)
            if introduced is not None:
                yield replace(introduced, summary=self._summary(introduced.summary))
        yield self._renamed(observation)

    def _renamed(self, observation: AnyObservation) -> AnyObservation:
        match observation:
            case Call(args=args):
                return replace(observation, args=self._arguments(args))
            case Send(description=description, candidate=candidate):
                return replace(
                    observation,
                    description=self._reference(description),
                    candidate=self._candidate(candidate),
                )
            case Resolve(description=description):
                return replace(observation, description=self._reference(description))
        return observation

    def _arguments(self, args: Arguments) -> Arguments:
        return replace(
            args,
            description=self._reference(args.description),
            candidate=self._candidate(args.candidate),
        )

    def _reference(self, reference: DescriptionRef | None) -> DescriptionRef | None:
        if reference is None or reference.sdp is None:
            return reference
        return replace(reference, sdp=self._names.sdp(reference.sdp))

    def _candidate(self, candidate: Candidate | None) -> Candidate | None:
        if candidate is None or candidate.usernameFragment is None:
            return candidate
        return replace(candidate, usernameFragment=self._names.ufrag(candidate.usernameFragment))

    def _summary(self, summary: Summary) -> Summary:
        return replace(summary, sections=tuple(self._section(each) for each in summary.sections))

    def _section(self, section: SectionSummary) -> SectionSummary:
        return replace(section, msids=tuple(self._streams.get(id, id) for id in section.msids))


def _description(observation: AnyObservation) -> DescriptionRef | None:
    match observation:
        case Call(args=args):
            return args.description
        case Send(description=description) | Resolve(description=description):
            return description
    return None

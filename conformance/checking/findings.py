"""Findings: a kind of the registry, at a place, with its evidence."""

from __future__ import annotations

import msgspec

from ..errors import UsageError, did_you_mean
from .anchors import anchor_of
from .registry import FINDINGS, Blame, Class, FindingKind

__all__ = ["FINDINGS", "Blame", "Class", "Diagnosis", "Finding", "FindingKind", "finding_named"]


def finding_named(id: str) -> FindingKind:
    """The kind of findings with this id, in whatever letters.

    Raises:
        UsageError: there is none.
    """
    if id.upper() in FINDINGS:
        return FINDINGS[id.upper()]
    hint = did_you_mean(id.upper(), FINDINGS, "`negotiation explain` lists them")
    raise UsageError(f"there is no finding {id!r}; {hint}")


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding, told so that nobody has to open the source.

    `line` is the observation's line in the trace. `expected` lists what was allowed instead;
    `states` are the states that the model could have been in; `refused_by` is the rule that refused
    it, with its anchor; `alternative` the nearest history that would have been accepted; `rests_on`
    the freedoms and interpretations without which there would be no finding; `after` the line of an
    earlier finding that this one follows from; `about` says what is wrong without the names and
    numbers of one run, so that findings of the same fault have the same.
    """

    id: str
    class_: Class = msgspec.field(name="class")
    blame: Blame
    trace: str
    line: int
    peer: str
    message: str
    anchor: str
    expected: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    refused_by: str | None = None
    alternative: str | None = None
    rests_on: tuple[str, ...] = ()
    after: int | None = None
    about: str = ""


class Diagnosis(msgspec.Struct, frozen=True):
    """A finding before it is known where it is: id, sentence, and the evidence."""

    id: str
    message: str
    expected: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    refused_by: str | None = None
    anchor: str | None = None
    alternative: str | None = None
    after: int | None = None
    about: str = ""

    def finding(self, trace: str, line: int, peer: str) -> Finding:
        """The finding, at its place."""
        kind = FINDINGS[self.id]
        return Finding(
            id=self.id,
            class_=kind.class_,
            blame=kind.blame,
            trace=trace,
            line=line,
            peer=peer,
            message=self.message,
            anchor=self.anchor or anchor_of(self.id, self.about),
            expected=self.expected,
            states=self.states,
            refused_by=self.refused_by,
            alternative=self.alternative,
            after=self.after,
            about=self.about,
        )

"""What a command concluded, in a form from which every format is written.

A `Report` has an `Entry` for each thing that was looked at: a trace, a case, a cell of the matrix.
An entry has what was found in it, each time as a `Told`. Nothing here knows of any format, and no
format knows of a gate, a campaign or a matrix. All strings may come from a trace: a format escapes
what would mean something in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from negotiation.model import REVISION

from ...checking.findings import FINDINGS, Class
from ...release import tool_version
from ..leading import Leading
from ..links import url_of
from ..telling import MOST_LISTED

Outcome = Literal["passed", "failed", "undecided", "unreadable", "expected", "skipped"]

OUTCOMES: dict[Outcome, str] = {
    "failed": "something is wrong that nothing expects",
    "unreadable": "it could not be read to its end",
    "undecided": "it was read, and the evidence does not suffice",
    "expected": "all that is wrong in it is known",
    "passed": "nothing is wrong",
    "skipped": "it was not there to be looked at",
}
"""What an entry came to, the worst first, and what that means."""

THINGS = {"check": "traces", "fuzz": "cases", "matrix": "programs"}
"""What the entries of a command's report are."""

Compared = Literal["new", "unchanged"]
"""How a finding stands to those of before, in the words of SARIF."""

STALE = "EXPECTATION-STALE"
"""The id of what is told of an expectation that no longer holds."""


TODO = "What to do"
"""The label of what is the same for all findings of a kind."""


class Rule(msgspec.Struct, frozen=True):
    """What a kind of finding means: from the registry, so that a reader need not look it up."""

    id: str
    title: str
    means: str
    todo: str
    url: str
    class_: Class
    blame: str


_STALE = Rule(
    STALE,
    "an expectation no longer holds",
    "Programs that an expectation speaks of were judged to their end, and no longer have the "
    "finding: what is expected is not true any more.",
    "Take them out (`negotiation expectations update`), or look why it is gone.",
    "docs/expectations.md",
    "fault",
    "recording",
)


def rule_of(id: str) -> Rule:
    """The rule of a finding's id."""
    if id == STALE:
        return _STALE
    one = FINDINGS[id]
    return Rule(id, one.title, one.means, one.todo, url_of(one.anchor), one.class_, one.blame)


class Known(msgspec.Struct, frozen=True):
    """Why a finding is expected, and where that is said ("" where it is said nowhere)."""

    reason: str
    place: str = ""
    link: str | None = None


class Fact(msgspec.Struct, frozen=True):
    """What a finding rests on, under a label; `kind` says how it is to be shown."""

    label: str
    values: tuple[str, ...]
    kind: Literal["text", "url", "command"] = "text"


class Told(msgspec.Struct, frozen=True):
    """A finding as reports tell it.

    `message` is a sentence, `facts` the rest of the evidence. `file` and `line` are where it was
    seen ("" and 0 where nowhere). `fault` says what is wrong whatever it was seen in: it is the
    same for findings of the same fault. `flow` are the lines that lead to it, itself at the end.
    """

    id: str
    class_: Class = msgspec.field(name="class")
    message: str
    file: str
    line: int
    fault: tuple[str, ...]
    stack: str = ""
    facts: tuple[Fact, ...] = ()
    known: Known | None = None
    flow: tuple[Leading, ...] = ()
    baseline: Compared | None = None

    @property
    def rule(self) -> Rule:
        """What its kind means."""
        return rule_of(self.id)

    @property
    def is_wrong(self) -> bool:
        """Whether it makes a gate fail: it is no note, and nothing expects it."""
        return self.class_ != "note" and self.known is None

    @property
    def place(self) -> str:
        """Where it was seen, as compilers write it."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Entry(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    `group` and `name` name it, the same ones each time; `reasons` say why it could not be read or
    judged; `about` is what there is to say of it besides.
    """

    group: str
    name: str
    outcome: Outcome
    file: str = ""
    line: int = 0
    found: tuple[Told, ...] = ()
    reasons: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """What is to be said of everything together: a title, and sentences."""

    title: str
    told: tuple[str, ...]


class Report(msgspec.Struct, frozen=True):
    """What a command concluded.

    `summary` is a sentence after the `conclusion`. `allows_undecided`: what is undecided does not
    fail. `more` is how to get what a format has no room for.
    """

    command: str
    conclusion: str
    summary: str
    exit_code: int
    seconds: float
    entries: tuple[Entry, ...]
    properties: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = ()
    allows_undecided: bool = False
    more: str = "--format json has all"
    version: str = msgspec.field(default_factory=tool_version)
    revision: str = REVISION

    @property
    def title(self) -> str:
        """The command that was run."""
        return f"negotiation {self.command}"

    @property
    def things(self) -> str:
        """What its entries are."""
        return THINGS.get(self.command, "entries")

    @property
    def passed(self) -> bool:
        """Whether the command succeeds."""
        return self.exit_code == 0

    @property
    def found(self) -> Iterator[Told]:
        """All findings, in their order."""
        return (told for entry in self.entries for told in entry.found)

    @property
    def wrong(self) -> Iterator[Told]:
        """The findings that nothing expects."""
        return (told for told in self.found if told.is_wrong)

    def counted(self) -> dict[Outcome, int]:
        """How many entries came to what, the worst first; nothing that none came to."""
        outcomes = [one.outcome for one in self.entries]
        return {one: outcomes.count(one) for one in OUTCOMES if one in outcomes}


def cut(text: str, most: int) -> str:
    """At most so many signs of a text, and how many more there were."""
    if len(text) <= most:
        return text
    return f"{text[:most]} ... (cut: {len(text) - most:,} more signs)"


def facts_in_words(told: Told, most: int = MOST_LISTED) -> Iterator[str]:
    """The evidence, a line for each value that has one of its own; at most so many of a kind."""
    for fact in told.facts:
        if len(fact.values) == 1 and fact.kind != "command":
            yield f"{fact.label}: {fact.values[0]}"
            continue
        yield f"{fact.label}:"
        yield from (f"  {value}" for value in fact.values[:most])
        if len(fact.values) > most:
            yield f"  ... and {len(fact.values) - most} more"

"""What the matrix says, as values; the JSON is made of these as they are.

Evidence is shared: a cell names sightings, a sighting names its recording and its evidence, each by
its place in the matrix's lists. What stacks or versions show alike is there once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from ...checking.findings import FINDINGS, Blame, Class

TOLD, UNREADABLE = 0, 3
"""The exit codes of `matrix`."""

Status = Literal["conforms", "departs", "faults", "undecided", "unsupported"]

MEANINGS: dict[Status, str] = {
    "conforms": "judged, and nothing in it departs from the specification",
    "departs": "the stack does something that no state of the specification's model allows",
    "faults": "the program or the network does what ends badly; that is not the stack's doing",
    "undecided": "recorded, but the evidence does not suffice for a verdict",
    "unsupported": "it was not recorded for this stack and version, or its recorder cannot see it",
}


class Column(msgspec.Struct, frozen=True):
    """A stack in one version; `short` is the version with as few numbers as are needed here.

    `platforms` are what the recordings say of the machine and the build. The numbers count its
    programs: all that were recorded, and those of each status.
    """

    stack: str
    version: str
    short: str
    platforms: tuple[str, ...] = ()
    recorded: int = 0
    conforms: int = 0
    departs: int = 0
    undecided: int = 0

    @property
    def title(self) -> str:
        """The stack with its whole version."""
        return f"{self.stack} {self.version}".strip()


class Line(msgspec.Struct, frozen=True):
    """A line near a finding; `at` counts from the finding's own line."""

    at: int
    peer: str
    observed: str


class Evidence(msgspec.Struct, frozen=True):
    """What a finding rests on, without the place at which it was made.

    `observed` and `read` are what its line says; the rest is as in `checking.findings.Finding`.
    """

    id: str
    anchor: str
    url: str
    message: str
    observed: str | None
    read: str | None
    lines: tuple[Line, ...]
    states: tuple[str, ...]
    expected: tuple[str, ...]
    refused_by: str | None
    alternative: str | None
    rests_on: tuple[str, ...]


class Recording(msgspec.Struct, frozen=True):
    """A trace that was judged; `undecided` are the reasons why it could not be to its end."""

    trace: str
    program: str
    observations: int
    undecided: tuple[str, ...]
    replay: str


class Known(msgspec.Struct, frozen=True):
    """The row of the expectations that knows of a finding."""

    file: str
    number: int
    reason: str
    confirmed: str | None
    link: str | None

    @property
    def place(self) -> str:
        """Where the row is, as `Expectation` tells it."""
        return f"{self.file} (number {self.number})"


class Sighting(msgspec.Struct, frozen=True):
    """A finding where it was made; `known` is None where nothing expects it.

    `evidence`, `recording` and `known` are places in the matrix's lists; `after` is the line of the
    finding that it follows from.
    """

    evidence: int
    recording: int
    column: int
    line: int
    peer: str
    known: int | None
    after: int | None
    replay: str


class Cell(msgspec.Struct, frozen=True):
    """A row in one column.

    Of a rule `programs` is how many have the finding, `unknown` how many of these have one that
    nothing expects, and `judged` in how many of those that show it anywhere it was looked for here.
    Of a program these count itself; `recordings` are those of it, `hidden` the kinds of findings
    that their recorders cannot show, and `lacks` is what the stack does not have for it, where
    whoever recorded it has said so.
    """

    status: Status
    ids: tuple[str, ...] = ()
    programs: int = 0
    unknown: int = 0
    judged: int = 0
    sightings: tuple[int, ...] = ()
    recordings: tuple[int, ...] = ()
    hidden: tuple[str, ...] = ()
    lacks: str | None = None

    @property
    def says(self) -> tuple[object, ...]:
        """What makes cells of one row alike or not."""
        return (self.status, self.ids, self.programs, self.unknown)


def differ(cells: Iterable[Cell]) -> bool:
    """Whether the cells of a row do not all say the same."""
    return len({cell.says for cell in cells}) > 1


class Rule(msgspec.Struct, frozen=True):
    """A row: a kind of finding about one rule, and in how many programs it is seen anywhere.

    `algorithm` is the title of the algorithm at the anchor, or "" where there is none.
    """

    id: str
    anchor: str
    algorithm: str
    url: str
    title: str
    class_: Class = msgspec.field(name="class")
    blame: Blame
    seen_in: int
    cells: tuple[Cell, ...]

    @property
    def says(self) -> str:
        """What is wrong, and in which algorithm."""
        return f"{self.title} ({self.algorithm})" if self.algorithm else self.title


class ProgramRow(msgspec.Struct, frozen=True):
    """A row: a program; `area` and `about` are "" where it is not one that comes along."""

    name: str
    area: str
    about: str
    cells: tuple[Cell, ...]


class Unreadable(msgspec.Struct, frozen=True):
    """A trace of which not even the header could be read."""

    trace: str
    error: str


class Matrix(msgspec.Struct, frozen=True):
    """The whole matrix; `unseen` are the kinds of departures that no recording has."""

    revision: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    programs: tuple[ProgramRow, ...]
    unseen: tuple[str, ...]
    recordings: tuple[Recording, ...]
    sightings: tuple[Sighting, ...]
    evidence: tuple[Evidence, ...]
    known: tuple[Known, ...]
    assumptions: tuple[str, ...]
    unreadable: tuple[Unreadable, ...] = ()

    @property
    def exit_code(self) -> int:
        """What the command returns: it fails for none of what it tells."""
        return UNREADABLE if self.unreadable else TOLD

    @property
    def departures(self) -> tuple[Rule, ...]:
        """The rows of what stacks do wrong."""
        return tuple(one for one in self.rules if one.class_ == "departure")

    @property
    def faults(self) -> tuple[Rule, ...]:
        """The rows of what is not the stack's doing."""
        return tuple(one for one in self.rules if one.class_ == "fault")


def place_of(id: str) -> int:
    """The place of a kind of finding in the registry: the order of the rows."""
    return list(FINDINGS).index(id)

"""What is wrong, and not where: the same fault of the same program, whenever it was recorded.

A finding names a trace, a line and a peer; after the next recording all three are others. An
`Identity` is what is left without them. Baselines and comparisons with other runs count in it.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator

import msgspec

from ..checking.findings import Finding
from ..importing.opening import MARK
from ..traces.finding_files import STDIN
from .judged import Judged


def program_of(program: str | None, trace: str) -> str:
    """The program of a recording; for one of an application, which has none, the file's name.

    Without its folder and endings, and without the call of a dump: what is left is the test that
    was recorded, where files are called after tests. Were all applications one program, what one
    test shows would hide the same in every other.
    """
    if program:
        return program
    name = os.path.basename(trace.split(MARK)[0])
    return "" if trace == STDIN else name.partition(".")[0] or name


class Identity(msgspec.Struct, frozen=True, order=True, cache_hash=True):
    """A fault of a program on a stack.

    The stack's version is no part of it: a fault is as old as it is when the stack is updated. Nor
    is a number: how often a fault comes in a recording, and how many recordings there are of a
    program, is chance. `program` is what `program_of` says.
    """

    stack: str
    program: str
    id: str
    about: str
    anchor: str
    rule: str = ""

    @classmethod
    def of(cls, judged: Judged, finding: Finding) -> Identity:
        """What a finding in this trace shows."""
        stack = judged.stack(finding.peer)
        return cls(
            "" if stack is None else stack.name,
            program_of(judged.verdict.program, judged.verdict.trace),
            finding.id,
            finding.about,
            finding.anchor,
            finding.refused_by or "",
        )

    @property
    def place(self) -> tuple[str, str]:
        """The stack and the program, which have to be judged for it to come."""
        return self.stack, self.program

    def __str__(self) -> str:
        """It in a line."""
        program = f" of {self.program}" if self.program else ""
        stack = f" on {self.stack}" if self.stack else ""
        about = f": {self.about}" if self.about else ""
        return f"{self.id}{program}{stack}{about}"


def places_of(judged: Judged) -> Iterator[tuple[str, str]]:
    """The stacks and the program of a trace: where its faults come."""
    for peer in judged.header.peers.values() if judged.header is not None else ():
        yield peer.stack.name, program_of(judged.verdict.program, judged.verdict.trace)


class Entry(msgspec.Struct, frozen=True, order=True):
    """A fault in a baseline, with the days on which it was seen first, and last."""

    identity: Identity
    first_seen: datetime.date
    last_seen: datetime.date


class Came(msgspec.Struct, frozen=True):
    """What came in some judged traces, apart from what is expected.

    `tried` are the stacks and programs of which a trace was judged to its end. What follows from
    another finding counts for itself: where much is known, most findings follow from a known one,
    and what is new would hide behind it.
    """

    seen: frozenset[Identity] = frozenset()
    tried: frozenset[tuple[str, str]] = frozenset()

    def is_gone(self, identity: Identity) -> bool:
        """Whether it would have come if it were still there."""
        return identity not in self.seen and identity.place in self.tried


class Baselined(msgspec.Struct, frozen=True):
    """The baseline that a gate used: what became of its entries.

    `gone` came no more although their programs were judged; `added` and `removed` are what an
    update, or pruning, changed in the file.
    """

    file: str
    entries: int
    gone: tuple[Entry, ...] = ()
    added: tuple[Entry, ...] = ()
    removed: tuple[Entry, ...] = ()
    is_written: bool = False


class Compared(msgspec.Struct, frozen=True):
    """The other run that a gate was compared with.

    `gone` came there and no more here; `not_judged` counts what came there in programs that were
    not judged here. `troubles` are the traces that could not be read there.
    """

    what: str
    traces: int
    gone: tuple[Identity, ...] = ()
    not_judged: int = 0
    troubles: tuple[str, ...] = ()

"""What would make expectations files true again, from what was found now.

Findings that no row expects become rows without a reason: nobody but a person can say why a finding
is expected. Programs that no longer have a finding are taken out of their row, and rows without a
program are. All else stays as it is, byte for byte.
"""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from ..errors import UsageError
from ..traces.finding_files import STDIN
from .expectations import (
    FILE,
    Expectation,
    Row,
    Stale,
    expectation_files,
    expectations_for,
    folder_of,
    is_below,
    known_of_browsers,
    read_expectations,
)
from .gate import FAILED, Gate, Weighed, weigh
from .judged import Judged
from .rows_of_text import with_rows, without
from .versions import major_of

_ORDER = ("id", "stack", "versions", "program", "reason", "anchor", "about")


class Proposal(msgspec.Struct, frozen=True):
    """How one file changes: rows that it gets, and what goes from those that it has.

    `before` is None where there is no file yet. `unfilled` are the rows of `after` without a
    reason, numbered from 1.
    """

    file: str
    before: str | None
    after: str
    added: tuple[Row, ...] = ()
    gone: tuple[Stale, ...] = ()
    unfilled: tuple[int, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether there is something to write."""
        return self.after != (self.before or "")

    @property
    def diff(self) -> list[str]:
        """The change as lines of a unified diff."""
        old = os.devnull if self.before is None else self.file
        before, after = (self.before or "").splitlines(), self.after.splitlines()
        return list(difflib.unified_diff(before, after, old, self.file, lineterm=""))


class Proposed(msgspec.Struct, frozen=True):
    """The changes to all files, and the gate that the traces would meet after them."""

    proposals: tuple[Proposal, ...]
    gate: Gate

    @property
    def is_change(self) -> bool:
        """Whether there is something to write."""
        return any(one.is_change for one in self.proposals)

    @property
    def unfilled(self) -> int:
        """How many rows have no reason."""
        return sum(len(one.unfilled) for one in self.proposals)

    def exit_code(self, *, written: bool) -> int:
        """What the command returns."""
        to_do = bool(self.unfilled) or (self.is_change and not written)
        return FAILED if to_do else self.gate.exit_code


class ExpectationFiles:
    """The expectations that there are, and where rows for new findings go.

    `given` are expected of any recording, and stand in no file that could change.
    """

    def __init__(self, names: Sequence[str], file: str | None) -> None:
        self._names = names
        self._only = file
        self.given = known_of_browsers() if file is None else []
        if file is not None:
            self.files = [file] if os.path.exists(file) else []
            self.rows = [row for one in self.files for row in read_expectations(one, unfilled=True)]
        else:
            self.files = expectation_files(names)
            self.rows = expectations_for(names, unfilled=True)

    def file_for(self, trace: str) -> str:
        """The nearest file above the trace; where there is none, a new one in what was named.

        Raises:
            UsageError: the trace is no file.
        """
        if self._only is not None:
            return self._only
        if trace == STDIN:
            raise UsageError("what is read from standard input has no folder; name --expectations")
        nearest = next((one for one in self.files if is_below(trace, folder_of(one))), None)
        if nearest is not None:
            return nearest
        named = (one for one in self._names if os.path.isdir(one) and is_below(trace, one))
        return os.path.join(next(named, os.path.dirname(trace)), FILE)

    def folder(self, file: str) -> str | None:
        """What a file's rows are about."""
        return None if self._only is not None else folder_of(file)


def propose(
    judged: Sequence[Judged], known: ExpectationFiles, *, allow_undecided: bool = False
) -> Proposed:
    """The changes after which every finding is expected, and no expectation is stale.

    Raises:
        UsageError: a file cannot be read, or is not as it should be.
    """
    gate = weigh(judged, [*known.rows, *known.given])
    new: dict[str, list[Weighed]] = defaultdict(list)
    for one in _first_ones(gate.unexpected):
        new[known.file_for(one.judged.verdict.trace)].append(one)
    proposals = tuple(
        _proposal(file, new[file], [one for one in gate.stale if one.expectation.file == file])
        for file in dict.fromkeys([*known.files, *sorted(new)])
    )
    after = [*_expectations_after(proposals, known), *known.given]
    return Proposed(proposals, weigh(judged, after, allow_undecided=allow_undecided))


def _first_ones(unexpected: Iterable[Weighed]) -> Iterator[Weighed]:
    """Those that do not follow from another one: who is expected, is with what follows from it."""
    seen: set[tuple[str, str, int]] = set()
    for one in unexpected:
        finding = one.finding
        if (finding.trace, finding.peer, finding.after) not in seen:
            yield one
        seen.add((finding.trace, finding.peer, finding.line))


def _proposal(file: str, new: Iterable[Weighed], gone: Sequence[Stale]) -> Proposal:
    before = _text(file) if os.path.exists(file) else None
    rows = [] if before is None else read_expectations(file, unfilled=True)
    removed: set[int] = set()
    entries: dict[int, set[int]] = {}
    for stale in gone:
        index, row = stale.expectation.number - 1, stale.expectation.row
        if len(stale.programs) == len(row.programs):
            removed.add(index)
        else:
            entries[index] = {row.programs.index(program) for program in stale.programs}
    added = tuple(_rows(new))
    after = without("[]" if before is None else before, removed, entries)
    after = with_rows(after, [_as_written(row) for row in added])
    left = [row.row for index, row in enumerate(rows) if index not in removed]
    filled = [bool(row.reason.strip()) for row in (*left, *added)]
    unfilled = tuple(number for number, has in enumerate(filled, start=1) if not has)
    return Proposal(file, before, after, added, tuple(gone), unfilled)


def _text(file: str) -> str:
    with open(file, encoding="utf-8", newline="") as opened:
        return opened.read()


def _rows(new: Iterable[Weighed]) -> Iterator[Row]:
    """Rows for the findings: one for each stack, major version, kind, rule, and what it is about.

    A fault is the doing of the program or of the network: what it is expected of is every stack.
    """
    grouped: dict[tuple[str | None, str | None, str, str, str], set[str]] = defaultdict(set)
    for one in new:
        finding, stack = one.finding, one.judged.stack(one.finding.peer)
        of_stack = stack is not None and finding.class_ == "departure"
        name = _pattern(stack.name) if stack is not None and of_stack else None
        versions = major_of(stack.version) if stack is not None and of_stack else None
        program = _pattern(one.judged.verdict.program or "")
        about = _pattern(finding.about)
        grouped[name, versions, finding.id, finding.anchor, about].add(program)
    # Faults come last; None cannot be compared.
    for key in sorted(grouped, key=lambda key: (key[0] is None, *(one or "" for one in key))):
        name, versions, id, anchor, about = key
        programs = tuple(sorted(grouped[key]))
        yield Row(id, programs, "", name, versions, anchor, about=about or None)


def _pattern(name: str) -> str:
    """The pattern that only this name is like: a trace may call its program "*"."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _as_written(row: Row) -> dict[str, object]:
    told = msgspec.to_builtins(row)
    return {name: told[name] for name in _ORDER if told[name] is not None}


def _expectations_after(
    proposals: Sequence[Proposal], known: ExpectationFiles
) -> Iterator[Expectation]:
    for one in proposals:
        rows = msgspec.json.decode(one.after, type=list[Row])
        for number, row in enumerate(rows, start=1):
            yield Expectation(row, one.file, number, known.folder(one.file))

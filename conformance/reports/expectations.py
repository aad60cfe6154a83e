"""What is expected of traces: findings that are known, with the reason, as data beside the traces.

`expectations.json` is a list of objects:

    [{"id": "NN-SPURIOUS", "stack": "chrom*", "versions": ">=106,<150",
      "program": ["two-tracks", "rollback-*"],
      "reason": "fires after a rollback", "confirmed": "rollback-fires.js", "link": "https://..."}]

A finding that one of them matches is expected. A program that no longer has it, although a trace of
that program was judged to its end, makes its row stale: the program must go, so that the file stays
true. `docs/expectations.md` tells what the fields mean.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import msgspec

from ..checking.findings import FINDINGS, Finding
from ..errors import UsageError, did_you_mean, reason_of
from ..importing.opening import find_recordings
from ..traces.finding_files import STDIN
from ..traces.format import Stack
from .judged import Judged
from .versions import is_within

FILE = "expectations.json"

_NEEDED = ("id", "program", "reason")
_OPTIONAL = ("stack", "versions", "anchor", "rule", "about", "confirmed", "sometimes", "link")

_SCRIPT = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.(?:m?js|py|go)")


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An expectation as the file has it.

    `stack` and `program` are patterns ("*" is any), one or several; each of the programs must have
    the finding. `versions` is what `is_within` reads; `anchor` narrows it to findings about
    that rule of the text, `rule` to those that a rule of this name refused, `about` (a pattern, or
    several) to those that are about this. `confirmed` names the script that shows the departure
    with the plain stack. `sometimes`: it depends on the stack's threads, and its absence proves
    nothing.
    """

    id: str
    program: str | tuple[str, ...]
    reason: str
    stack: str | tuple[str, ...] | None = None
    versions: str | None = None
    anchor: str | None = None
    rule: str | None = None
    about: str | tuple[str, ...] | None = None
    confirmed: str | None = None
    sometimes: bool = False
    link: str | None = None

    @property
    def stacks(self) -> tuple[str, ...]:
        """The patterns of stacks; none for any."""
        return _several(self.stack)

    @property
    def programs(self) -> tuple[str, ...]:
        """The patterns of programs, one or several."""
        return _several(self.program)

    @property
    def abouts(self) -> tuple[str, ...]:
        """The patterns of what findings are about; none for anything."""
        return _several(self.about)


def _several(told: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else told or ()


class Expectation(msgspec.Struct, frozen=True):
    """A row with where it stands; it is about the traces in `folder` and below (None: all).

    `of_imports`: it is about what was imported from dumps, and nothing else.
    """

    row: Row
    file: str
    number: int
    folder: str | None = None
    of_imports: bool = False

    @property
    def place(self) -> str:
        """Where the row is, for people: the file, and its number in it, from 1."""
        return f"{self.file} (number {self.number})"

    def is_about(self, judged: Judged, peer: str) -> bool:
        """Whether a peer of the trace is one that the expectation speaks of."""
        program = judged.verdict.program or ""
        if not any(_is_like(program, pattern) for pattern in self.row.programs):
            return False
        stack = judged.stack(peer)
        if stack is None or not self._is_of(stack):
            return False
        if self.of_imports and not judged.is_imported(peer):
            return False
        return self.folder is None or is_below(judged.verdict.trace, self.folder)

    def expects(self, judged: Judged, finding: Finding) -> bool:
        """Whether the finding in this trace is the one expected."""
        if finding.class_ == "note" or finding.id != self.row.id:
            return False
        if self.row.anchor not in (None, finding.anchor):
            return False
        if self.row.rule not in (None, finding.refused_by):
            return False
        if not self.is_of_subject(finding.about):
            return False
        return self.is_about(judged, finding.peer)

    def is_of_subject(self, about: str) -> bool:
        """Whether it expects findings that are about this."""
        abouts = self.row.abouts
        return not abouts or any(_is_like(about, pattern) for pattern in abouts)

    def speaks_of(self, stack: str | None) -> bool:
        """Whether it is about a stack of this name (None: any)."""
        return stack is None or self._is_of_stack(stack)

    def narrowed(self, program: str) -> Expectation:
        """The same of one pattern of programs."""
        return msgspec.structs.replace(self, row=msgspec.structs.replace(self.row, program=program))

    def _is_of_stack(self, name: str) -> bool:
        stacks = self.row.stacks
        return not stacks or any(_is_like(name, pattern) for pattern in stacks)

    def _is_of(self, stack: Stack) -> bool:
        if not self._is_of_stack(stack.name):
            return False
        return self.row.versions is None or is_within(stack.version, self.row.versions)


class Stale(msgspec.Struct, frozen=True):
    """An expectation with those of its patterns of programs that no longer have the finding."""

    expectation: Expectation
    programs: tuple[str, ...]


def _is_like(name: str, pattern: str) -> bool:
    return name == pattern or fnmatch.fnmatchcase(name, pattern)


def is_below(trace: str, folder: str) -> bool:
    """Whether the trace is in the folder, or in one below it."""
    if trace == STDIN:
        return False
    real = os.path.realpath(folder)
    return os.path.commonpath([os.path.realpath(os.path.dirname(trace)), real]) == real


def expectations_for(names: Iterable[str], *, unfilled: bool = False) -> list[Expectation]:
    """What the files expect that `expectation_files` finds; `unfilled` as in `read_expectations`.

    Raises:
        UsageError: a file is not as it should be.
    """
    return [
        one
        for file in expectation_files(names)
        for one in read_expectations(file, folder=folder_of(file), unfilled=unfilled)
    ]


def expected_of(names: Iterable[str]) -> list[Expectation]:
    """What is expected of these recordings where nobody says what: beside them, and of browsers.

    Raises:
        UsageError: a file is not as it should be.
    """
    return [*expectations_for(names), *known_of_browsers()]


def known_of_browsers() -> list[Expectation]:
    """Departures of browsers that healthy calls have, too: expected of any dump.

    Somebody who brings a dump asks about a call. What his browser does to everybody is told, and
    fails nothing.
    """
    file = str(Path(__file__).with_name("known_of_browsers.json"))
    told = read_expectations(file)
    return [msgspec.structs.replace(one, of_imports=True) for one in told]


@cache
def known_of_stacks() -> tuple[Expectation, ...]:
    """What stacks do in every call: told, and the fault of no test of an application's."""
    file = str(Path(__file__).with_name("known_of_stacks.json"))
    browsers = [msgspec.structs.replace(one, of_imports=False) for one in known_of_browsers()]
    return (*read_expectations(file), *browsers)


def folder_of(file: str) -> str:
    """The folder that an expectations file is about."""
    return os.path.dirname(file) or os.curdir


def expectation_files(names: Iterable[str]) -> list[str]:
    """The files beside the traces that the names stand for, and above; the nearest come first.

    A file counts in the folder of a trace and in every folder above it, up to the top of the
    repository (the folder with `.git`), and up to the folder named at least.
    """
    folders: dict[str, str] = {}
    for name in names:
        if name != STDIN:
            top = os.path.realpath(name) if os.path.isdir(name) else None
            for beside in dict.fromkeys(
                os.path.dirname(trace) for trace in find_recordings([name])
            ):
                for folder in _up(beside, top):
                    folders.setdefault(os.path.realpath(folder), folder)
    nearest = sorted(folders, key=lambda real: -len(Path(real).parts))
    files = [os.path.join(folders[real], FILE) for real in nearest]
    return [file for file in files if os.path.isfile(file)]


def _up(folder: str, top: str | None) -> Iterator[str]:
    """The folder and those above it, up to the repository's, and beyond it up to `top`."""
    is_enough = top is None
    while True:
        yield folder
        real = os.path.realpath(folder)
        is_enough = is_enough or real == top
        if real == os.path.dirname(real) or (is_enough and os.path.exists(f"{real}/.git")):
            return
        folder = _above(folder)


def _above(folder: str) -> str:
    if os.path.islink(folder):
        return os.path.dirname(os.path.realpath(folder))
    if folder in ("", os.curdir):
        return os.pardir
    if os.path.basename(folder) in (os.curdir, os.pardir):
        return os.path.join(folder, os.pardir)
    return os.path.dirname(folder)


def read_expectations(
    file: str, *, folder: str | None = None, unfilled: bool = False
) -> list[Expectation]:
    """The expectations in a file; `unfilled` admits reasons that are still to be written.

    Raises:
        UsageError: it cannot be read, or is not as it should be; the field is named.
    """
    try:
        with open(file, "rb") as opened:
            rows = msgspec.json.decode(opened.read(), type=list[Row])
    except OSError as error:
        message = f"{file}: cannot be read ({reason_of(error)}); check the path"
        raise UsageError(message) from None
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        field = f"field `{path.rstrip('`')}`: " if path else ""
        message = f"{file}: {field}{what.replace('`', '')}; a row has {', '.join(_NEEDED)}"
        raise UsageError(f"{message}, and may have {', '.join(_OPTIONAL)}") from None
    except ValueError as error:
        raise UsageError(f"{file}: not JSON ({error}); write a list of objects") from None
    for index, row in enumerate(rows):
        _check(row, f"{file}: field `[{index}]")
    without = [index for index, row in enumerate(rows) if not row.reason.strip()]
    if without and not unfilled:
        more = f" (and of {len(without) - 1} more)" if without[1:] else ""
        what = f"the reason for {_of_row(rows[without[0]])}{more} says nothing"
        raise UsageError(f"{file}: field `[{without[0]}].reason`: {what}; write why it is expected")
    return [Expectation(row, file, number, folder) for number, row in enumerate(rows, start=1)]


def _of_row(row: Row) -> str:
    more = f" and {len(row.programs) - 1} more" if row.programs[1:] else ""
    return f"{row.id} of {row.programs[0]}{more}"


def _check(row: Row, place: str) -> None:
    if row.id not in FINDINGS:
        hint = did_you_mean(row.id, FINDINGS, "`negotiation explain` lists them")
        raise UsageError(f"{place}.id`: there is no finding {row.id!r}; {hint}")
    if FINDINGS[row.id].class_ == "note":
        raise UsageError(f"{place}.id`: {row.id} is a note, which never fails; take the row out")
    if not row.programs:
        raise UsageError(f"{place}.program`: names no program; name those that have the finding")
    for index, program in enumerate(row.programs):
        if program in row.programs[:index]:
            raise UsageError(f"{place}.program[{index}]`: {program!r} is there twice; take one out")
    if row.versions is not None:
        try:
            is_within("1", row.versions)
        except ValueError:
            raise UsageError(
                f'{place}.versions`: {row.versions!r} is no range; write one like ">=106,<150"'
                ' or "156"'
            ) from None
    if row.confirmed is not None and not _SCRIPT.fullmatch(row.confirmed):
        raise UsageError(
            f"{place}.confirmed`: {row.confirmed!r} is no script; "
            "name one in confirmations/, like close-clears-mid.js"
        )


def stale(expectations: Sequence[Expectation], judged: Sequence[Judged]) -> list[Stale]:
    """The expectations of which a program matched nothing, although a trace of it was judged.

    A trace counts only when it was judged to its end: what was not seen may still be there.
    """
    of_program: dict[str, list[Judged]] = {}
    for each in judged:
        of_program.setdefault(each.verdict.program or "", []).append(each)
    return [
        Stale(one, gone)
        for one in expectations
        if not one.row.sometimes
        if (gone := tuple(p for p in one.row.programs if _is_gone(one.narrowed(p), of_program)))
    ]


def _is_gone(expectation: Expectation, of_program: Mapping[str, list[Judged]]) -> bool:
    (pattern,) = expectation.row.programs
    judged = [
        each for program in of_program if _is_like(program, pattern) for each in of_program[program]
    ]
    return _was_tried(expectation, judged) and not _matched(expectation, judged)


def _was_tried(expectation: Expectation, judged: Sequence[Judged]) -> bool:
    return any(
        expectation.is_about(one, peer)
        for one in judged
        if one.header is not None and one.is_whole
        for peer in one.header.peers
    )


def _matched(expectation: Expectation, judged: Sequence[Judged]) -> bool:
    return any(
        expectation.expects(one, finding) for one in judged for finding in one.verdict.findings
    )

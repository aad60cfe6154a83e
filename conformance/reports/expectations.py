"""What is expected of traces: findings that are known, with the reason, as data beside the traces.

`expectations.json` is a list of objects:

    [{"id": "NN-SPURIOUS", "stack": "chrom*", "versions": ">=106,<150", "program": "two-tracks",
      "reason": "fires after a rollback", "link": "https://..."}]

A finding that one of them matches is expected. One that matches nothing, although a trace that it
is about was judged to its end, is stale: it must go, so that the file stays true.
"""

from __future__ import annotations

import difflib
import fnmatch
import itertools
import operator
import os
import re
from collections.abc import Callable, Iterable, Sequence

import msgspec

from ..checking.findings import FINDINGS, Finding
from ..errors import UsageError
from ..traces.finding_files import STDIN, find_traces
from ..traces.format import Stack
from .judged import Judged

FILE = "expectations.json"

_NEEDED = ("id", "program", "reason")
_OPTIONAL = ("stack", "versions", "anchor", "link")

_COMPARISON = re.compile(r"\s*(>=|<=|==|>|<)?\s*(\d[^\s,<>=]*)\s*")
_COMPARE: dict[str, Callable[[tuple[int, ...], tuple[int, ...]], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An expectation as the file has it.

    `stack` and `program` are patterns ("*" is any); `versions` is a range (">=106,<150") or one
    version; `anchor` narrows it to findings about that rule.
    """

    id: str
    program: str
    reason: str
    stack: str | None = None
    versions: str | None = None
    anchor: str | None = None
    link: str | None = None


class Expectation(msgspec.Struct, frozen=True):
    """A row with where it stands; it is about the traces in `folder` and below (None: all)."""

    row: Row
    file: str
    number: int
    folder: str | None = None

    @property
    def place(self) -> str:
        """Where the row is, for people: the file, and its number in it, from 1."""
        return f"{self.file} (number {self.number})"

    def is_about(self, judged: Judged, peer: str) -> bool:
        """Whether a peer of the trace is one that the expectation speaks of."""
        verdict = judged.verdict
        if self.folder is not None and not _is_below(verdict.trace, self.folder):
            return False
        if not fnmatch.fnmatchcase(verdict.program or "", self.row.program):
            return False
        stack = judged.stack(peer)
        return stack is not None and self._is_of(stack)

    def expects(self, judged: Judged, finding: Finding) -> bool:
        """Whether the finding in this trace is the one expected."""
        if finding.class_ == "note" or finding.id != self.row.id:
            return False
        if self.row.anchor not in (None, finding.anchor):
            return False
        return self.is_about(judged, finding.peer)

    def _is_of(self, stack: Stack) -> bool:
        if self.row.stack is not None and not fnmatch.fnmatchcase(stack.name, self.row.stack):
            return False
        return self.row.versions is None or is_within(stack.version, self.row.versions)


def is_within(version: str, versions: str) -> bool:
    """Whether a version is in a range like ">=106,<150", or is the one that is named.

    Raises:
        ValueError: that is no range.
    """
    return all(_fulfils(version, part) for part in versions.split(","))


def _fulfils(version: str, comparison: str) -> bool:
    parsed = _COMPARISON.fullmatch(comparison)
    if parsed is None:
        raise ValueError(comparison)
    compare, bound = parsed.groups()
    if compare is None and version == bound:
        return True
    pairs = itertools.zip_longest(_numbers(version), _numbers(bound), fillvalue=0)
    ours, theirs = zip(*pairs, strict=True)
    return version[:1].isdigit() and _COMPARE[compare or "=="](ours, theirs)


def _numbers(version: str) -> list[int]:
    leading = re.match(r"\d+(?:\.\d+)*", version)
    return [int(part) for part in leading[0].split(".")] if leading else []


def _is_below(trace: str, folder: str) -> bool:
    if trace == STDIN:
        return False
    real = os.path.realpath(folder)
    return os.path.commonpath([os.path.realpath(trace), real]) == real


def expectations_for(names: Iterable[str]) -> list[Expectation]:
    """What the files beside the traces expect that the names stand for.

    A file counts in the folder of a trace, and in every folder above it up to the one named.

    Raises:
        UsageError: a file is not as it should be.
    """
    folders: dict[str, str] = {}
    for name in names:
        if name != STDIN:
            for trace in find_traces([name]):
                for folder in _up(os.path.dirname(trace), name):
                    folders.setdefault(os.path.realpath(folder), folder)
    found: list[Expectation] = []
    for folder in folders.values():
        file = os.path.join(folder, FILE)
        if os.path.isfile(file):
            found += read_expectations(file, folder=folder or os.curdir)
    return found


def _up(folder: str, name: str) -> Iterable[str]:
    """The folder of a trace and those above it, up to the folder that was named."""
    yield folder
    top = os.path.realpath(name) if os.path.isdir(name) else None
    while top is not None and os.path.realpath(folder) != top:
        folder = os.path.dirname(folder)
        yield folder


def read_expectations(file: str, *, folder: str | None = None) -> list[Expectation]:
    """The expectations in a file.

    Raises:
        UsageError: it cannot be read, or is not as it should be; the field is named.
    """
    try:
        with open(file, "rb") as opened:
            rows = msgspec.json.decode(opened.read(), type=list[Row])
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(f"{file}: cannot be read ({reason}); check the path") from None
    except msgspec.ValidationError as error:
        what, _, path = str(error).partition(" - at `$")
        field = f"field `{path.rstrip('`')}`: " if path else ""
        message = f"{file}: {field}{what.replace('`', '')}; a row has {', '.join(_NEEDED)}"
        raise UsageError(f"{message}, and may have {', '.join(_OPTIONAL)}") from None
    except ValueError as error:
        raise UsageError(f"{file}: not JSON ({error}); write a list of objects") from None
    for index, row in enumerate(rows):
        _check(row, f"{file}: field `[{index}]")
    return [Expectation(row, file, number, folder) for number, row in enumerate(rows, start=1)]


def _check(row: Row, place: str) -> None:
    if row.id not in FINDINGS:
        close = difflib.get_close_matches(row.id, FINDINGS, n=1)
        hint = f"did you mean {close[0]}?" if close else "`negotiation explain` lists them"
        raise UsageError(f"{place}.id`: there is no finding {row.id!r}; {hint}")
    if FINDINGS[row.id].class_ == "note":
        raise UsageError(f"{place}.id`: {row.id} is a note, which never fails; take the row out")
    if not row.reason.strip():
        raise UsageError(f"{place}.reason`: says nothing; say why the finding is expected")
    if row.versions is not None:
        try:
            is_within("1", row.versions)
        except ValueError:
            raise UsageError(
                f'{place}.versions`: {row.versions!r} is no range; write one like ">=106,<150"'
            ) from None


def stale(expectations: Sequence[Expectation], judged: Sequence[Judged]) -> list[Expectation]:
    """The expectations that matched nothing, although a trace that they are about was judged.

    A trace counts only when it was judged to its end: what was not seen may still be there.
    """
    return [one for one in expectations if _was_tried(one, judged) and not _matched(one, judged)]


def _was_tried(expectation: Expectation, judged: Sequence[Judged]) -> bool:
    return any(
        expectation.is_about(one, peer)
        for one in judged
        if one.header is not None and _is_whole(one)
        for peer in one.header.peers
    )


def _is_whole(judged: Judged) -> bool:
    verdict = judged.verdict
    return verdict.error is None and not verdict.truncated and not verdict.undecided


def _matched(expectation: Expectation, judged: Sequence[Judged]) -> bool:
    return any(
        expectation.expects(one, finding) for one in judged for finding in one.verdict.findings
    )

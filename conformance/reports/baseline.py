"""The baseline: findings that are known since a day, in a file that the tool writes.

    {"format": "negotiation-baseline", "version": 1, "findings": [
      {"stack": "werift", "program": "first-change", "id": "NN-MISSED", "about": "",
       "anchor": "#dfn-update-the-negotiation-needed-flag", "rule": "",
       "first_seen": "2026-01-31", "last_seen": "2026-03-01"}
    ]}

(each finding in one line, in the order of its fields). A finding that is in it does not fail.
`docs/gate.md` tells when to use it, and when `expectations.json`.
"""

from __future__ import annotations

import datetime
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from ..checking.anchors import told_anew
from ..errors import UsageError, reason_of
from .gate import Gate, Weighed
from .known import Baselined, Came, Entry, Identity

FORMAT: Literal["negotiation-baseline"] = "negotiation-baseline"
VERSION = 1

_AGAIN = "make it anew with --update-baseline, or take the file from your history"

replace = msgspec.structs.replace


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    stack: str
    program: str
    id: str
    about: str
    anchor: str
    rule: str
    first_seen: datetime.date
    last_seen: datetime.date


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    findings: tuple[_Row, ...]


class Baseline(msgspec.Struct, frozen=True):
    """What is known, each fault once."""

    entries: Mapping[Identity, Entry] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Baseline:
        """The baseline of these entries; of two for one fault the days are those of both."""
        known: dict[Identity, Entry] = {}
        for one in entries:
            before = known.get(one.identity, one)
            first = min(before.first_seen, one.first_seen)
            last = max(before.last_seen, one.last_seen)
            known[one.identity] = Entry(one.identity, first, last)
        return cls({identity: known[identity] for identity in sorted(known)})

    def refreshed(self, came: Came, today: datetime.date) -> Baseline:
        """What came is seen today; nothing is added."""
        seen = (Entry(one, today, today) for one in self.entries if one in came.seen)
        return Baseline.of([*self.entries.values(), *seen])

    def updated(self, came: Came, today: datetime.date) -> Baseline:
        """What came is seen today, and what is new is added."""
        return Baseline.of(
            [*self.entries.values(), *(Entry(one, today, today) for one in came.seen)]
        )

    def pruned(self, came: Came, today: datetime.date, days: int | None = None) -> Baseline:
        """Without what came no more.

        With `days`, what was not seen for more than so many, whether its program was judged or
        not; without, what did not come although its program was. What came today stays.
        """

        def is_over(one: Entry) -> bool:
            if one.identity in came.seen:
                return False
            if days is None:
                return came.is_gone(one.identity)
            return (today - one.last_seen).days > days

        return Baseline.of(one for one in self.entries.values() if not is_over(one))

    def without(self, other: Baseline) -> tuple[Entry, ...]:
        """The entries for faults that the other one has not."""
        return tuple(one for key, one in self.entries.items() if key not in other.entries)

    def known_since(self, weighed: Weighed) -> datetime.date | None:
        """Since when a finding is known that would fail."""
        entry = self.entries.get(weighed.identity) if weighed.fails else None
        return None if entry is None else entry.first_seen


class Change(msgspec.Struct, frozen=True):
    """What is to be done to a baseline: seen findings refreshed, new ones added, old ones gone."""

    update: bool = False
    prune: bool = False
    days: int | None = None

    def of(self, baseline: Baseline, came: Came, today: datetime.date) -> Baseline:
        """The baseline after it."""
        if self.update:
            baseline = baseline.updated(came, today)
        elif self.prune:
            baseline = baseline.refreshed(came, today)
        return baseline.pruned(came, today, self.days) if self.prune else baseline


def known_by(gate: Gate, baseline: Baseline, file: str, before: Baseline | None = None) -> Gate:
    """The gate, with what the baseline knows; `before` is what it was before it was changed."""
    came = gate.came
    weighed = tuple(replace(one, known_since=baseline.known_since(one)) for one in gate.weighed)
    before = baseline if before is None else before
    told = Baselined(
        file,
        len(baseline.entries),
        gone=tuple(one for key, one in baseline.entries.items() if came.is_gone(key)),
        added=baseline.without(before),
        removed=before.without(baseline),
        is_written=baseline != before,
    )
    return replace(gate, weighed=weighed, baseline=told)


def read_baseline(file: str) -> Baseline:
    """The baseline in a file.

    Raises:
        UsageError: there is none, or it is none that can be used; what to do is said.
    """
    try:
        content = Path(file).read_bytes()
    except FileNotFoundError:
        message = f"{file}: there is no such baseline; make it with --update-baseline"
        raise UsageError(message) from None
    except (OSError, ValueError) as error:
        message = f"{file}: cannot be read ({reason_of(error)}); check the path"
        raise UsageError(message) from None
    _check_kind(file, content)
    try:
        rows = msgspec.json.decode(content, type=_File).findings
    except ValueError as error:
        raise UsageError(f"{file}: a damaged baseline ({_plainly(error)}); {_AGAIN}") from None
    for number, row in enumerate(rows, start=1):
        if row.last_seen < row.first_seen:
            what = f"finding {number} was last seen before it was first seen"
            raise UsageError(f"{file}: a damaged baseline ({what}); {_AGAIN}")
    return Baseline.of(map(_entry_of, rows))


def _check_kind(file: str, content: bytes) -> None:
    try:
        told: Any = msgspec.json.decode(content)
    except ValueError as error:
        hint = "mend the conflict of the merge, then --update-baseline"
        do = hint if b"\n<<<<<<< " in content else _AGAIN
        raise UsageError(f"{file}: a damaged baseline ({_plainly(error)}); {do}") from None
    if isinstance(told, list):
        raise UsageError(f"{file}: not a baseline; expectations are read with --expectations")
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        message = f"{file}: not a baseline; name a file that --update-baseline wrote, or a new one"
        raise UsageError(message)
    if told.get("version") != VERSION:
        version = str(told.get("version"))[:20]
        what = f"a baseline of version {version}, and {VERSION} is known here"
        raise UsageError(f"{file}: {what}; install the negotiation that wrote it, or a newer one")


def _plainly(error: ValueError) -> str:
    return str(error).replace("`", "")


def _entry_of(row: _Row) -> Entry:
    anchor = told_anew(row.id, row.about, row.anchor)
    identity = Identity(row.stack, row.program, row.id, row.about, anchor, row.rule)
    return Entry(identity, row.first_seen, row.last_seen)


def baseline_as_text(baseline: Baseline) -> str:
    """The file's text: each finding in a line, always in the same order."""
    lines = [f"  {_line(one)}" for one in baseline.entries.values()]
    inner = ",\n".join(lines)
    found = f"[\n{inner}\n]" if lines else "[]"
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "findings": {found}}}\n'


def _line(entry: Entry) -> str:
    row = {
        **msgspec.to_builtins(entry.identity),
        "first_seen": entry.first_seen.isoformat(),
        "last_seen": entry.last_seen.isoformat(),
    }
    return json.dumps(row, ensure_ascii=True).replace("\x7f", "\\u007f")


def write_baseline(baseline: Baseline, file: str) -> None:
    """Writes the file as a whole, or not at all: nobody ever reads half of it.

    Raises:
        UsageError: it cannot be written.
    """
    target = os.path.realpath(file)
    part = None
    try:
        handle, part = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".baseline-")
        with os.fdopen(handle, "w", encoding="ascii", newline="\n") as opened:
            opened.write(baseline_as_text(baseline))
        os.chmod(part, _mode_of(target))
        os.replace(part, target)
    except (OSError, ValueError) as error:
        if part is not None and os.path.exists(part):
            os.unlink(part)
        message = f"{file}: cannot be written ({reason_of(error)}); check the path"
        raise UsageError(message) from None


def _mode_of(target: str) -> int:
    """The rights that the file has, or that a new one gets (a temporary one is its owner's)."""
    try:
        return os.stat(target).st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask

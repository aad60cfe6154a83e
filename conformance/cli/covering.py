"""`--baseline` and `--against`: what a check knows already, and what it is compared with."""

from __future__ import annotations

import argparse
import datetime
import os
import tempfile
from pathlib import Path

import msgspec

from ..checking.findings import Finding
from ..checking.judging import Checker
from ..errors import UsageError
from ..importing.opening import find_recordings
from ..reports.against import Other, compared_with, other_of_judged, other_of_report
from ..reports.baseline import Baseline, Change, known_by, read_baseline, write_baseline
from ..reports.gate import NOTHING, Gate
from ..reports.judged import Judged, judge_traces, no_more_is_asked
from ..reports.known import Identity
from ..traces.revisions import lay_out
from .printing import Progress

NEVER = -1
"""Of `--prune-baseline` without an age."""


def add_covering_options(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    known = parser.add_argument_group("what is known already")
    known.add_argument(
        "--baseline", metavar="FILE", help="findings that are in this file do not fail, new ones do"
    )
    known.add_argument(
        "--update-baseline",
        action="store_true",
        help="write the file: new findings are added, and what came is last seen today",
    )
    known.add_argument(
        "--prune-baseline",
        metavar="DAYS",
        nargs="?",
        type=_days,
        const=NEVER,
        help="write the file without findings that came no more although their programs were "
        "judged; with DAYS, without those that were not seen for longer",
    )
    known.add_argument(
        "--date", type=_date, metavar="YYYY-MM-DD", help="today, for the baseline (default: UTC's)"
    )
    known.add_argument(
        "--against",
        metavar="WHAT",
        help="only what is new fails, compared with another run: its JSON report, or a git "
        "revision with the same traces",
    )


def _days(text: str) -> int:
    if not text.isdecimal():
        told = f"{text!r} is no number of days; write --prune-baseline=30, or put it last"
        raise argparse.ArgumentTypeError(told)
    return int(text)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write 2026-01-31") from None


class Covering:
    """What covers findings: made before anything is judged, so that mistakes are told at once.

    Another revision is judged here, with the checker: what is the same in both is known to it then,
    and costs little.

    Raises:
        UsageError: options that do not fit, a file or a revision that cannot be used.
    """

    def __init__(self, arguments: argparse.Namespace, checker: Checker) -> None:
        self._file: str | None = arguments.baseline
        self._against: str | None = arguments.against
        self._names: list[str] = arguments.traces
        days = arguments.prune_baseline
        self._change = Change(
            arguments.update_baseline, days is not None, None if days == NEVER else days
        )
        self._today = arguments.date or datetime.datetime.now(datetime.UTC).date()
        self._refuse_what_does_not_fit(dated=arguments.date is not None)
        self._before = self._read()
        self._other = self._judge_other(checker)

    def _refuse_what_does_not_fit(self, *, dated: bool) -> None:
        is_changed = self._change.update or self._change.prune
        if self._file is None and (is_changed or dated):
            raise UsageError("which baseline? Name its file with --baseline")
        if self._against is not None and is_changed:
            raise UsageError("a baseline is changed without --against; do one after the other")

    def _read(self) -> Baseline:
        if self._file is None or (self._change.update and not os.path.lexists(self._file)):
            return Baseline()
        return read_baseline(self._file)

    def _judge_other(self, checker: Checker) -> Other | None:
        if self._against is None:
            return None
        if os.path.isfile(self._against):
            return other_of_report(self._against)
        return _of_revision(self._against, self._names, checker)

    def knows(self, judged: Judged, finding: Finding) -> bool:
        """Whether the finding will be covered, so that nobody asks for more about it."""
        if self._change.update:
            return True
        identity = Identity.of(judged, finding)
        came_there = self._other is not None and identity in self._other.came
        return came_there or identity in self._before.entries

    def covered(self, gate: Gate) -> Gate:
        """The gate with what is known; the baseline is written where that was asked for."""
        gate = self._known(gate)
        return gate if self._other is None else compared_with(gate, self._other)

    def _known(self, gate: Gate) -> Gate:
        if self._file is None:
            return gate
        after = self._change.of(self._before, gate.came, self._today)
        if after != self._before and gate.exit_code != NOTHING:
            write_baseline(after, self._file)
        return known_by(gate, after, self._file, self._before)


def _of_revision(revision: str, names: list[str], checker: Checker) -> Other:
    """The same traces as the revision has them, judged in the same way."""
    with tempfile.TemporaryDirectory(prefix="negotiation-") as folder:
        laid = lay_out(revision, names, Path(folder))
        files = [file for name in laid for file in _recordings(name)]
        with Progress(f"checking {revision}:") as progress:
            judged = judge_traces(files, checker, progress, expects=no_more_is_asked)
        other = other_of_judged(revision, judged)
    tree = os.path.join(folder, "tree", "")
    troubles = tuple(text.replace(tree, f"{revision}:") for text in other.troubles)
    return msgspec.structs.replace(other, troubles=troubles)


def _recordings(name: str) -> list[str]:
    try:
        return find_recordings([name])
    except UsageError:
        return []  # a folder or a pattern that stood for nothing yet

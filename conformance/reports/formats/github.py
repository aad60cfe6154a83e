"""GitHub's annotations: workflow commands in the log of a step; the summary of the job is Markdown.

GitHub shows ten annotations of a kind for a step, and drops the others without a word: so faults
come before their repetitions, and the last annotation says how many more there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from ..counts import count
from ..paper import plain
from .files import place_in_repository
from .report import Entry, Report, Told, cut, facts_in_words

MOST_SHOWN = 10
"""Annotations of a kind that GitHub shows for a step."""

LONGEST_TEXT = 4_000
MOST_LISTED = 6

_COMMAND = re.compile(r"^[^\S\n]*::|##\[", re.MULTILINE)


class Annotation(msgspec.Struct, frozen=True):
    """What GitHub shows beside a line of a file."""

    kind: str
    title: str
    lines: tuple[str, ...]
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        """The workflow command: one line, whatever the annotation says."""
        line = str(self.line) if self.line else ""
        told = {"file": self.file, "line": line, "title": self.title}
        parts = ",".join(f"{name}={_property(value)}" for name, value in told.items() if value)
        told_of = cut("\n".join(no_command(plain(line)) for line in self.lines), LONGEST_TEXT)
        return f"::{self.kind} {parts}::{_data(told_of)}"


def report_as_annotations(report: Report) -> str:
    """Annotations, one a line; at the end what was concluded, for the log."""
    errors, warnings = list(_errors(report)), list(_warnings(report))
    told = [*_bounded(errors, report), *_bounded(warnings, report)]
    conclusion = no_command(plain(f"{report.title}: {report.conclusion}. {report.summary}"))
    return "".join(f"{one}\n" for one in (*told, conclusion))


def no_command(text: str) -> str:
    """Text in which a runner finds no command: `::` before a line, `##[` anywhere in one."""
    return _COMMAND.sub(_apart, text)


def _apart(found: re.Match[str]) -> str:
    return f"{found[0][:-1]} {found[0][-1]}"


def _bounded(told: Sequence[Annotation], report: Report) -> list[Annotation]:
    if len(told) <= MOST_SHOWN:
        return list(told)
    kept = told[: MOST_SHOWN - 1]
    left = len(told) - len(kept)
    title = f"{count(left, 'more finding')} of {report.title}"
    where = f"GitHub shows {MOST_SHOWN} annotations of a kind for a step; the summary has more"
    return [*kept, Annotation(told[0].kind, title, (f"{where}, and {report.more}.",))]


def _errors(report: Report) -> Iterator[Annotation]:
    """What is wrong: each fault once, then its repetitions; then what could not be read."""
    first: dict[tuple[str, ...], Told] = {}
    repeated: list[Told] = []
    for one in report.wrong:
        if first.setdefault(one.fault, one) is not one:
            repeated.append(one)
    for one in (*first.values(), *repeated):
        yield _of_finding(one)
    yield from _unjudged(report, "unreadable", "error", "could not be read")


def _warnings(report: Report) -> Iterator[Annotation]:
    yield from _unjudged(report, "undecided", "warning", "undecided")


def _of_finding(told: Told) -> Annotation:
    title = f"{told.id}: {told.rule.title}"
    lines = (f"{told.message}.", *facts_in_words(told, MOST_LISTED))
    return Annotation("error", title, lines, *place_in_repository(told.file, told.line))


def _unjudged(report: Report, outcome: str, kind: str, what: str) -> Iterator[Annotation]:
    for entry in report.entries:
        if entry.outcome == outcome:
            yield _of_entry(entry, kind, what)


def _of_entry(entry: Entry, kind: str, what: str) -> Annotation:
    place = place_in_repository(entry.file, entry.line or 1)
    return Annotation(kind, f"{entry.name}: {what}", entry.reasons, *place)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(no_command(plain(text))).replace(":", "%3A").replace(",", "%2C")

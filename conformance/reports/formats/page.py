"""The report as one HTML page: it loads nothing, and works from a disk.

Of a large report the page has what is wrong, then what is expected, as far as there is room; it
says how much was left out, and how to get it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from ..pages.framing import framed
from ..pages.strings import Strings
from .report import OUTCOMES, TODO, Entry, Report, Told, cut

MOST_BYTES = 8_000_000
"""Bytes of the findings' data; a browser opens a page of this size at once."""

MOST_UNJUDGED = 2_000
"""Reasons why something was not judged that are told."""

LONGEST_TEXT = 20_000


def report_as_page(report: Report, most: int = MOST_BYTES) -> str:
    """The page, whole."""
    return framed(__package__, "Negotiation report", page_data(report, most))


def page_data(report: Report, most: int = MOST_BYTES) -> dict[str, Any]:
    """What the script reads."""
    strings = Strings(_cut)
    found = sorted(report.found, key=lambda one: (not one.is_wrong, one.known is None))
    items: list[list[Any]] = []
    size = 0
    for one in found:
        item = _item(one, strings)
        size += len(json.dumps(item)) + 1
        if size + strings.bytes > most:
            break
        items.append(item)
    unjudged = list(_unjudged(report))
    return {
        "title": report.title,
        "things": report.things,
        "conclusion": report.conclusion,
        "passed": report.passed,
        "summary": report.summary,
        "exitCode": report.exit_code,
        "version": report.version,
        "revision": report.revision,
        "more": report.more,
        "outcomes": OUTCOMES,
        "counted": report.counted(),
        "groups": list(_groups(report.entries)),
        "kinds": {one.id: _kind(one) for one in found},
        "items": items,
        "leftOut": len(found) - len(items),
        "unjudged": unjudged[:MOST_UNJUDGED],
        "unjudgedLeftOut": len(unjudged[MOST_UNJUDGED:]),
        "sections": [[one.title, [_cut(told) for told in one.told]] for one in report.sections],
        "strings": list(strings.places),
    }


def _kind(told: Told) -> list[str]:
    rule = told.rule
    return [rule.title, rule.means, rule.todo]


def _item(told: Told, strings: Strings) -> list[Any]:
    known = told.known
    return [
        told.id,
        "failed" if told.is_wrong else "expected" if known is not None else "note",
        *strings.each((told.file, told.message, told.stack)),
        told.line,
        [
            [strings.place(fact.label), fact.kind, strings.each(fact.values)]
            for fact in told.facts
            if fact.label != TODO
        ],
        [[one.line, *strings.each((one.observed, one.read))] for one in told.flow],
        None if known is None else strings.each((known.reason, known.place, known.link or "")),
        told.baseline,
    ]


def _unjudged(report: Report) -> Iterator[list[str]]:
    for entry in report.entries:
        if entry.outcome in ("undecided", "unreadable", "failed"):
            for reason in entry.reasons:
                yield [entry.outcome, entry.file or entry.name, _cut(reason)]


def _groups(entries: Iterable[Entry]) -> Iterator[list[Any]]:
    """How many entries of each group came to what."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for one in entries:
        counted[one.group][one.outcome] += 1
    for group, counts in counted.items():
        yield [_cut(group), counts]


def _cut(told: str) -> str:
    """The text in ASCII escapes where it is no Unicode, and not longer than a page can bear."""
    return cut(told.encode("utf-8", "backslashreplace").decode(), LONGEST_TEXT)

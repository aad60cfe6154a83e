"""The report as Markdown: the comment on a pull request, the summary of a job.

Whatever may come from a trace is told so that it is no markup, no link, and names nobody: GitHub
makes mentions, links to issues and links to pages of plain text, after the Markdown was read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from ..paper import plain
from .report import OUTCOMES, TODO, Entry, Fact, Outcome, Report, Told, count

MOST_SIGNS = 65_536
"""Signs that a comment on GitHub may have."""

MOST_SUMMARY = 1 << 20
"""Bytes that all of the summaries of a step may have."""

LONGEST_TEXT = 2_000
MOST_LISTED = 8
MOST_PLACES = 20
"""Places of a fault that are listed."""

SIGNS: dict[Outcome, str] = {
    "failed": "❌",
    "unreadable": "⛔",
    "undecided": "❓",
    "expected": "☑️",
    "passed": "✅",
    "skipped": "➖",
}
"""Beside a word each time, which says the same."""

_MARKUP = re.compile(r"^\d+(?=\.)|^-|[\\`*_{}\[\]<>()|~#+!$^=&]")
_MADE_OUT = re.compile(r"(@|#|://|www\.|GH-)(?=\S)", re.IGNORECASE)


def report_as_markdown(report: Report, most: int = MOST_SIGNS) -> str:
    """The report, in at most so many bytes: what is left out is counted."""
    head = "\n".join(_head(report))
    tail = "\n".join(_tail(report))
    parts = list(_faults(report))
    room = most - len((head + tail).encode()) - 200
    kept: list[str] = []
    for part in parts:
        room -= len(part.encode()) + 1
        if room < 0:
            break
        kept.append(part)
    left = len(parts) - len(kept)
    more = f"\n{count(left, 'kind')} more of what is wrong had no room; {report.more}.\n"
    told = [head, *kept, *([more] if left else []), tail]
    return _fitting("\n".join(told), most)


def _fitting(text: str, most: int) -> str:
    """The text; if even its head and its tail are too long, as much as there is room for."""
    whole = text.encode()
    if len(whole) <= most:
        return text
    kept = whole[: max(most - 40, 0)].decode(errors="ignore").rpartition("\n")[0]
    return f"{kept}\n\nThe rest had no room.\n"[-most:] if most else ""


def _head(report: Report) -> Iterator[str]:
    sign = SIGNS["passed" if report.passed else "failed"]
    yield f"## {sign} {report.title}: {text(report.conclusion)}"
    yield ""
    yield text(report.summary)
    yield ""
    counted = report.counted()
    if counted:
        yield "| | outcome | how many | |"
        yield "|---|---|--:|---|"
        for outcome, number in counted.items():
            yield f"| {SIGNS[outcome]} | {outcome} | {number:,} | {OUTCOMES[outcome]} |"
        yield ""


def _faults(report: Report) -> Iterator[str]:
    """What is wrong and not expected, a part for each kind, the most frequent first."""
    kinds: dict[str, list[Told]] = {}
    for one in report.wrong:
        kinds.setdefault(one.id, []).append(one)
    for told in sorted(kinds.values(), key=len, reverse=True):
        yield "\n".join(_kind(told))


def _kind(told: Sequence[Told]) -> Iterator[str]:
    rule = told[0].rule
    times = f" ({len(told):,} times)" if told[1:] else ""
    yield f"### {rule.id}: {text(rule.title)}{times}"
    yield ""
    yield f"{text(rule.means)} **What to do:** {text(rule.todo)}"
    yield ""
    faults: dict[tuple[str, ...], list[Told]] = {}
    for one in told:
        faults.setdefault((*one.fault, one.message), []).append(one)
    for same in faults.values():
        yield from _fault(same)


def _fault(same: Sequence[Told]) -> Iterator[str]:
    """One fault: told once, with all the places where it was seen."""
    first = same[0]
    more = f" and {count(len(same) - 1, 'other place')}" if same[1:] else ""
    # What stands in the summary is HTML, not Markdown.
    place = f"<code>{_html(first.place)}</code>{more}: " if first.place else ""
    yield f"<details><summary>{place}{_html(first.message)}</summary>"
    yield ""
    for fact in first.facts:
        if fact.label != TODO:
            yield from _fact(fact)
    if same[1:]:
        listed = ", ".join(code(one.place) for one in same[1 : MOST_PLACES + 1])
        left = len(same) - 1 - MOST_PLACES
        yield f"- Seen also: {listed}" + (f" and {count(left, 'more place')}" if left > 0 else "")
    yield ""
    yield "</details>"
    yield ""


def _fact(fact: Fact) -> Iterator[str]:
    if fact.kind == "url":
        (address,) = fact.values
        linked = f"<{address}>" if re.fullmatch(r"https://[^\s<>]+", address) else code(address)
        yield f"- {text(fact.label)}: {linked}"
    elif len(fact.values) == 1 and fact.kind == "text":
        yield f"- {text(fact.label)}: {text(fact.values[0])}"
    else:
        yield f"- {text(fact.label)}:"
        yield from (f"  - {code(value)}" for value in fact.values[:MOST_LISTED])
        left = len(fact.values) - MOST_LISTED
        if left > 0:
            yield f"  - and {left} more"


def _tail(report: Report) -> Iterator[str]:
    yield from _unjudged(report, "unreadable", "Could not be read (what came before was judged)")
    yield from _unjudged(report, "undecided", "Undecided")
    known = [one for one in report.found if one.known is not None]
    if known:
        yield from _listed("Expected", _counted(known))
    notes = [one for one in report.found if one.class_ == "note" and one.known is None]
    if notes:
        yield from _listed("Notes (worth knowing, not wrong)", _counted(notes))
    for section in report.sections:
        yield from _listed(section.title, section.told)
    told = f"negotiation {report.version}, webrtc-pc {report.revision[:12]}"
    yield f"<sub>{_html(told)}. `negotiation explain ID` tells what a finding means.</sub>"
    yield ""


def _unjudged(report: Report, outcome: Outcome, title: str) -> Iterator[str]:
    wanted = [
        _reason(one, reason)
        for one in report.entries
        if one.outcome == outcome
        for reason in one.reasons
    ]
    if wanted:
        yield from _listed(title, wanted)


def _reason(entry: Entry, reason: str) -> str:
    return reason if reason.startswith(entry.file or "\0") else f"{entry.file}: {reason}"


def _counted(found: Iterable[Told]) -> list[str]:
    counted: dict[str, int] = {}
    for one in found:
        counted[one.id] = counted.get(one.id, 0) + 1
    return [f"{number} x {id}" for id, number in counted.items()]


def _listed(title: str, told: Sequence[str]) -> Iterator[str]:
    yield f"<details><summary>{_html(title)}: {len(told):,}</summary>"
    yield ""
    yield from (f"- {text(one)}" for one in told[:MOST_PLACES])
    left = len(told) - MOST_PLACES
    if left > 0:
        yield f"- and {left:,} more"
    yield ""
    yield "</details>"
    yield ""


def text(told: str) -> str:
    """Text that stays text, whatever it says: nothing in it is markup, a link or a mention."""
    escaped = _MARKUP.sub(_escaped, _cut(plain(told)).strip())
    return _MADE_OUT.sub(r"\1<!-- -->", escaped)


def _escaped(found: re.Match[str]) -> str:
    # A number that begins a line, and a point, would begin a list: the point is escaped.
    return f"{found[0]}\\" if found[0].isdecimal() else f"\\{found[0]}"


def code(told: str) -> str:
    """Text as code: it is not read as Markdown, and not searched for mentions."""
    shown = _cut(plain(told))
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def _html(told: str) -> str:
    return _MADE_OUT.sub(r"\1<!-- -->", html.escape(_cut(plain(told)), quote=False))


def _cut(told: str) -> str:
    if len(told) <= LONGEST_TEXT:
        return told
    return f"{told[:LONGEST_TEXT]} ... (cut: {len(told) - LONGEST_TEXT:,} more signs)"

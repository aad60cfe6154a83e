"""The report as Markdown: the comment on a pull request, the summary of a job.

Whatever may come from a trace is told so that it is no markup, no link, and names nobody: GitHub
makes mentions, links to issues and links to pages of plain text, after the Markdown was read.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ..counts import count
from ..paper import plain
from .report import OUTCOMES, TODO, Entry, Fact, Outcome, Report, Told, cut

MOST_SIGNS = 65_536
"""Signs that a comment on GitHub may have."""

MOST_SUMMARY = 1 << 20
"""Bytes that all of the summaries of a step may have."""

LONGEST_TEXT = 2_000
MOST_LISTED = 8
MOST_PLACES = 20
"""Places of a fault that are listed."""

_SPARE = 100
"""Bytes for the sentence that says what is left out."""

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
    kinds = _kinds(report)
    parts = _shared(kinds, most - len((head + tail).encode()) - _SPARE)
    left = len(kinds) - len(parts)
    more = f"{count(left, 'kind')} more of what is wrong had no room; {report.more}.\n"
    return _fitting("\n".join([head, *parts, *([more] if left else []), tail]), most)


def _shared(kinds: Sequence[_Kind], room: int) -> list[str]:
    """The kinds, in their order, each with its share of the room: what one leaves, others have."""
    told: dict[str, str] = {}
    for number, kind in enumerate(sorted(kinds, key=lambda one: one.size)):
        part = kind.within(room // (len(kinds) - number))
        if part is not None:
            told[kind.id] = part
            room -= len(part.encode()) + 1
    return [told[one.id] for one in kinds if one.id in told]


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
        yield f"| | outcome | {report.things} | |"
        yield "|---|---|--:|---|"
        for outcome, number in counted.items():
            yield f"| {SIGNS[outcome]} | {outcome} | {number:,} | {OUTCOMES[outcome]} |"
        yield ""


class _Kind:
    """A kind of what is wrong: its heading, and a part for each fault."""

    def __init__(self, told: Sequence[Told]) -> None:
        rule = told[0].rule
        times = f" ({len(told):,} times)" if told[1:] else ""
        self.id = rule.id
        self._head = (
            f"### {rule.id}: {text(rule.title)}{times}\n\n"
            f"{text(rule.means)} **What to do:** {text(rule.todo)}\n"
        )
        faults: dict[tuple[str, ...], list[Told]] = {}
        for one in told:
            faults.setdefault((*one.fault, one.message), []).append(one)
        self._parts = ["\n".join(_fault(same)) for same in faults.values()]
        self.size = len("\n".join([self._head, *self._parts]).encode())

    def within(self, room: int) -> str | None:
        """As much of it as there is room for; None where there is none for its heading."""
        if self.size <= room:
            return "\n".join([self._head, *self._parts])
        room -= len(self._head.encode()) + _SPARE
        if room < 0:
            return None
        kept = []
        for part in self._parts:
            room -= len(part.encode()) + 1
            if room < 0:
                break
            kept.append(part)
        left = f"And {count(len(self._parts) - len(kept), 'more fault')} of the kind.\n"
        return "\n".join([self._head, *kept, left])


def _kinds(report: Report) -> list[_Kind]:
    """What is wrong and not expected, by kind, the most frequent first."""
    kinds: dict[str, list[Told]] = {}
    for one in report.wrong:
        kinds.setdefault(one.id, []).append(one)
    return [_Kind(told) for told in sorted(kinds.values(), key=len, reverse=True)]


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
    return [f"{number} x {id}" for id, number in Counter(one.id for one in found).items()]


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
    escaped = _MARKUP.sub(_escaped, cut(plain(told), LONGEST_TEXT).strip())
    return _MADE_OUT.sub(r"\1<!-- -->", escaped)


def _escaped(found: re.Match[str]) -> str:
    # A number that begins a line, and a point, would begin a list: the point is escaped.
    return f"{found[0]}\\" if found[0].isdecimal() else f"\\{found[0]}"


def code(told: str) -> str:
    """Text as code: it is not read as Markdown, and not searched for mentions."""
    shown = cut(plain(told), LONGEST_TEXT)
    longest = max(map(len, re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if shown[:1] in ("`", " ", "") or shown[-1:] in ("`", " ") else ""
    return f"{fence}{padding}{shown}{padding}{fence}"


def _html(told: str) -> str:
    return _MADE_OUT.sub(r"\1<!-- -->", html.escape(cut(plain(told), LONGEST_TEXT), quote=False))

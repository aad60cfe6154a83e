"""JUnit XML, as Jenkins, GitLab and the viewers of GitHub read it.

A test case is a thing that was looked at, and has at most one element that says how it ended:
viewers show one. What could not be judged or read is an `error`, what is wrong and not expected a
`failure`. What is expected stands in `system-out` of a case that passed, and is no `skipped`: the
trace was judged, and the gate passes; a viewer that counts what was skipped would tell of hundreds
of tests that nobody ran. What was not there to be looked at is skipped.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence, Set
from xml.etree import ElementTree

from ..counts import count
from ..paper import plain
from .files import place_in_repository
from .report import Entry, Report, Told, cut, facts_in_words

LONGEST_MESSAGE = 500
LONGEST_TEXT = 64_000
"""Signs of one element's text: viewers show a test in a table."""


def report_as_junit(report: Report) -> str:
    """The report, one suite for each group."""
    groups: dict[str, list[Entry]] = {}
    for entry in report.entries:
        groups.setdefault(entry.group, []).append(entry)
    root = ElementTree.Element("testsuites", _of_all(report))
    for group, entries in groups.items():
        root.append(_suite(report, group, entries))
    ElementTree.indent(root)
    told = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}\n'


def _of_all(report: Report) -> dict[str, str]:
    tests, failures, errors, _ = _counts(report, report.entries)
    return {
        "name": report.title,
        "tests": str(tests),
        "failures": str(failures),
        "errors": str(errors),
        "time": f"{report.seconds:.3f}",
    }


def _counts(report: Report, entries: Sequence[Entry]) -> tuple[int, int, int, int]:
    ended = [_tag(report, one) for one in entries]
    return len(ended), ended.count("failure"), ended.count("error"), ended.count("skipped")


def _tag(report: Report, entry: Entry) -> str | None:
    """The element that says how the entry ended."""
    undecided = "skipped" if report.allows_undecided else "error"
    tags = {
        "failed": "failure",
        "unreadable": "error",
        "undecided": undecided,
        "skipped": "skipped",
    }
    return tags.get(entry.outcome)


def _suite(report: Report, group: str, entries: Sequence[Entry]) -> ElementTree.Element:
    tests, failures, errors, skipped = _counts(report, entries)
    attributes = {
        "name": plain(group),
        "tests": str(tests),
        "failures": str(failures),
        "errors": str(errors),
        "skipped": str(skipped),
        "time": "0.000",
    }
    suite = ElementTree.Element("testsuite", attributes)
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(report):
        told = {"name": plain(name), "value": plain(value)}
        ElementTree.SubElement(properties, "property", told)
    names: set[str] = set()
    for entry in entries:
        name = _another(plain(entry.name), names)
        names.add(name)
        suite.append(_case(report, entry, name))
    return suite


def _another(name: str, names: Set[str]) -> str:
    """The name, numbered where it is taken: two of one name are one to a viewer."""
    numbered = (f"{name} ({number})" for number in itertools.count(2))
    return next(one for one in itertools.chain([name], numbered) if one not in names)


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "negotiation", report.version
    yield "webrtc-pc", report.revision
    yield "conclusion", f"{report.conclusion}. {report.summary}"
    yield "exit_code", str(report.exit_code)
    yield from report.properties
    for section in report.sections:
        for number, told in enumerate(section.told, start=1):
            yield f"{section.title} ({number})", told


def _case(report: Report, entry: Entry, name: str) -> ElementTree.Element:
    attributes = {"name": name, "classname": class_name(entry.group), "time": "0.000"}
    at = next(iter(_wrong(entry)), None)
    place = (entry.file, entry.line) if at is None or not at.file else (at.file, at.line)
    file, line = place_in_repository(*place)
    attributes |= {"file": plain(file)} if file else {}
    attributes |= {"line": str(line)} if line else {}
    case = ElementTree.Element("testcase", attributes)
    tag = _tag(report, entry)
    if tag is not None:
        told = {"message": _message(entry), "type": plain(_type(entry))}
        element = ElementTree.SubElement(case, tag, told)
        element.text = _text(_lines(entry))
    besides = _text(_besides(entry))
    if besides:
        ElementTree.SubElement(case, "system-out").text = besides
    return case


def class_name(group: str) -> str:
    """A name that viewers make a tree of: folders are packages, and a dot in a name is none."""
    parts = (part.replace(".", "_") for part in group.split("/") if part not in ("", "."))
    return plain(".".join(parts)) or "traces"


def _wrong(entry: Entry) -> list[Told]:
    return [one for one in entry.found if one.is_wrong]


def _type(entry: Entry) -> str:
    wrong = _wrong(entry)
    return wrong[0].id if wrong else entry.outcome


def _message(entry: Entry) -> str:
    """A line: the first thing that is wrong, and how many there are."""
    wrong = _wrong(entry)
    told = [f"{one.id}: {one.message}" for one in wrong] or list(entry.reasons) or [entry.outcome]
    more = f" (and {count(len(told) - 1, 'other')})" if told[1:] else ""
    return cut(plain(told[0]), LONGEST_MESSAGE - len(more)) + more


def _lines(entry: Entry) -> Iterator[str]:
    for one in _wrong(entry):
        yield from _told(one)
        yield ""
    for reason in entry.reasons:
        yield f"{entry.outcome}: {reason}" if not _wrong(entry) else f"besides: {reason}"


def _told(one: Told) -> Iterator[str]:
    yield f"{one.id}: {one.rule.title}"
    if one.place:
        yield one.place
    yield f"{one.message}."
    yield from facts_in_words(one)


def _besides(entry: Entry) -> Iterator[str]:
    """What is no failure: what the trace is, what is known of it, and what is worth telling."""
    yield from entry.about
    for one in entry.found:
        if one.known is not None:
            yield f"expected: {one.id}: {one.message} ({one.place})"
            why = filter(None, (one.known.reason, one.known.place))
            yield f"  because {'; '.join(why)}"
        elif not one.is_wrong:
            yield f"note: {one.id}: {one.message} ({one.place})"


def _text(lines: Iterable[str]) -> str:
    """Lines in which nothing is left that XML forbids, that hides itself, or that breaks a line."""
    return cut("\n".join(map(plain, lines)), LONGEST_TEXT)

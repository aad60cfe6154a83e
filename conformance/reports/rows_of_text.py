"""A JSON list of objects, changed without touching the rest of its text.

People write the file, and its order and line breaks are theirs: what is not changed stays as it is,
byte for byte.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_WIDTH = 100
_DECODER = json.JSONDecoder()
_BLANK = re.compile(r"[ \t\r\n]*")


class _Span(NamedTuple):
    begin: int
    end: int


def without(text: str, rows: Collection[int], entries: Mapping[int, Collection[int]]) -> str:
    """The text without these rows, and without these entries of the `program` of other rows.

    Rows and entries are counted from 0.
    """
    spans = _rows(text)
    told: dict[int, str] = {}
    for row, gone in entries.items():
        begin, end = spans[row]
        told[row] = _without_programs(text[begin:end], gone)
    return _kept(text, spans, rows, told)


def with_rows(text: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The text with more rows at the end of its list."""
    if not rows:
        return text
    spans = _rows(text)
    new = [_told(row) for row in rows]
    if not spans:
        return "[\n  " + ",\n  ".join(textwrap.indent(one, "  ").lstrip() for one in new) + "\n]\n"
    last = spans[-1]
    indent = _indent(text, last.begin)
    line = "\r\n" if "\r\n" in text else "\n"
    added = "".join(f",\n{textwrap.indent(one, indent)}" for one in new)
    return text[: last.end] + added.replace("\n", line) + text[last.end :]


def line_of_row(text: str, row: int) -> int:
    """The line, from 1, on which a row begins; rows are counted from 0."""
    return text.count("\n", 0, _rows(text)[row].begin) + 1


def _kept(text: str, spans: Sequence[_Span], gone: Collection[int], told: Mapping[int, str]) -> str:
    """The text of a list with those elements left; each keeps what separated it from the last."""
    kept = [number for number in range(len(spans)) if number not in gone]
    if not kept:
        return text[: spans[0].begin].rstrip() + text[spans[-1].end :].lstrip() if spans else text
    parts = [text[: spans[0].begin]]
    for number in kept:
        if number != kept[0]:
            parts.append(text[spans[number - 1].end : spans[number].begin])
        parts.append(told.get(number, text[spans[number].begin : spans[number].end]))
    return "".join([*parts, text[spans[-1].end :]])


def _without_programs(row: str, gone: Collection[int]) -> str:
    begin, end = dict(_members(row))["program"]
    programs = row[begin:end]
    return row[:begin] + _kept(programs, _elements(programs, 0), gone, {}) + row[end:]


def _rows(text: str) -> list[_Span]:
    """Where the rows of the file are."""
    return _elements(text, _after_blanks(text, 0))


def _elements(text: str, begin: int) -> list[_Span]:
    """Where the elements of the list are that begins there."""
    spans: list[_Span] = []
    at = _after_blanks(text, begin + 1)
    while text[at] != "]":
        _, end = _DECODER.raw_decode(text, at)
        spans.append(_Span(at, end))
        at = _after_comma(text, end)
    return spans


def _members(text: str) -> Iterator[tuple[str, _Span]]:
    """The names of an object, and where their values are."""
    at = _after_blanks(text, 1)
    while text[at] != "}":
        name, end = _DECODER.raw_decode(text, at)
        value = _after_blanks(text, _after_blanks(text, end) + 1)
        _, end = _DECODER.raw_decode(text, value)
        yield name, _Span(value, end)
        at = _after_comma(text, end)


def _after_comma(text: str, at: int) -> int:
    at = _after_blanks(text, at)
    return _after_blanks(text, at + 1) if text[at] == "," else at


def _after_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _indent(text: str, begin: int) -> str:
    """The blanks before the row, where it begins its line."""
    before = text[:begin].rpartition("\n")[2]
    return before if not before.strip() else "  "


def _told(row: Mapping[str, Any]) -> str:
    """One row: what it is about on one line, then its programs, and the rest on lines after."""
    at = list(row).index("program")
    members = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in row.items()]
    members[at] = f'"program": {_wrapped([json.dumps(one) for one in row["program"]])}'
    lines = [", ".join(members[:at]), *members[at:]] if at else members
    return "{" + ",\n ".join(lines) + "}"


def _wrapped(items: Sequence[str]) -> str:
    """A list on one line, or on as many lines as it needs."""
    told = f"[{', '.join(items)}]"
    if len(told) <= _WIDTH - len('   "program": ,'):
        return told
    lines = [""]
    for item in items:
        if lines[-1] and len(lines[-1]) + len(item) > _WIDTH - len("     ,"):
            lines.append("")
        lines[-1] += f" {item}," if lines[-1] else f"{item},"
    return "[\n   " + "\n   ".join(lines).removesuffix(",") + "]"

"""Lists of objects, changed in place: what is not changed keeps its bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.rows_of_text import with_rows, without

ROWS = """[
  {"id": "A", "program": ["one", "two",
                          "three"],
   "reason": "because [of] {this}, \\"or\\" that"},

  {"id":"B","program":"x"},
    {"program": ["y"], "id": "C"}
]
"""


@pytest.mark.parametrize(
    ("rows", "entries", "told"),
    [
        ([], {}, ROWS),
        (
            [0],
            {},
            '[\n  {"id":"B","program":"x"},\n    {"program": ["y"], "id": "C"}\n]\n',
        ),
        ([0, 2], {}, '[\n  {"id":"B","program":"x"}\n]\n'),
        ([0, 1, 2], {}, "[]\n"),
        ([], {0: [1, 2]}, ROWS.replace(', "two",\n                          "three"', "")),
        ([], {0: [0]}, ROWS.replace('"one", ', "").replace('"two",\n', '"two",\n')),
        ([1], {0: [1]}, ROWS.replace(' "two",', "").replace('\n  {"id":"B","program":"x"},', "")),
    ],
)
def test_what_goes(rows: list[int], entries: dict[int, list[int]], told: str) -> None:
    assert json.loads(without(ROWS, rows, entries)) == json.loads(told)
    if 1 not in rows:
        assert without(ROWS, rows, entries) == told


NEW = {"id": "N", "stack": "s", "program": ["a"], "reason": "", "anchor": "#a"}
TOLD = '{"id": "N", "stack": "s",\n   "program": ["a"],\n   "reason": "",\n   "anchor": "#a"}'


def test_what_comes() -> None:
    assert with_rows(ROWS, []) == ROWS
    assert with_rows("[]", [NEW, NEW]) == f"[\n  {TOLD},\n  {TOLD}\n]\n"
    assert with_rows('[\n  {"id": "A"}\n]', [NEW]) == f'[\n  {{"id": "A"}},\n  {TOLD}\n]'
    assert with_rows('[{"id": "A"}]', [NEW]) == f'[{{"id": "A"}},\n  {TOLD}]'
    assert with_rows('[\r\n  {"id": "A"}\r\n]', [NEW]) == (
        f'[\n  {{"id": "A"}},\n  {TOLD}\n]'.replace("\n", "\r\n")
    )


def test_long_lists_of_programs_are_broken_between_them() -> None:
    programs = [f"a program, with blanks {number}" for number in range(20)]
    told = with_rows("[]", [{**NEW, "program": programs}])
    assert json.loads(told)[0]["program"] == programs
    assert max(map(len, told.splitlines())) <= 100
    assert len(told.splitlines()) > 6


names = st.text(max_size=6) | st.sampled_from(['a", "b', "[", "]", "{,}", "\\"])
lists = st.lists(names, min_size=1, max_size=5)
row = st.fixed_dictionaries(
    {"id": names, "program": lists, "reason": names}, optional={"stack": names, "link": names}
)


def text_of(rows: list[dict[str, Any]], indent: int | None, blanks: str) -> str:
    return f"{blanks}{json.dumps(rows, indent=indent, ensure_ascii=False)}{blanks}"


@given(
    st.data(), st.lists(row, max_size=4), st.none() | st.integers(0, 3), st.text(" \n", max_size=3)
)
def test_the_text_says_what_is_left_and_what_came(
    data: st.DataObject, rows: list[dict[str, Any]], indent: int | None, blanks: str
) -> None:
    text = text_of(rows, indent, blanks)
    gone = data.draw(st.sets(st.sampled_from(range(len(rows))))) if rows else set()
    entries = {
        index: data.draw(st.sets(st.integers(0, len(one["program"]) - 1)))
        for index, one in enumerate(rows)
        if index not in gone
    }
    new = data.draw(st.lists(row, max_size=3))
    after = with_rows(without(text, gone, entries), new)
    left = [
        one | {"program": [p for at, p in enumerate(one["program"]) if at not in entries[index]]}
        for index, one in enumerate(rows)
        if index not in gone
    ]
    assert json.loads(after) == left + new
    if not gone and not new and not any(entries.values()):
        assert after == text


@given(st.lists(row, min_size=1, max_size=4), st.lists(row, max_size=3), st.none() | st.just(2))
def test_what_came_can_be_taken_out_again(
    rows: list[dict[str, Any]], new: list[dict[str, Any]], indent: int | None
) -> None:
    text = text_of(rows, indent, "")
    added = range(len(rows), len(rows) + len(new))
    assert without(with_rows(text, new), added, {}) == text

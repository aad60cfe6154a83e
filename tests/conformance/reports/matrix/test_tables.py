"""Tables fit their width, and say everything."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negotiation.conformance.reports.matrix.tables import Heading, Row, tell_table
from negotiation.conformance.reports.paper import Paper

WORDS = st.from_regex(r"[a-z]{1,9}(-[a-z]{1,9}){0,4}", fullmatch=True)
CELLS = st.tuples(
    st.from_regex(r"[A-Z]{1,12}", fullmatch=True), st.from_regex(r"[0-9]{1,2}!?", fullmatch=True)
)


def told(headings: list[Heading], rows: list[Row], width: int) -> list[str]:
    paper = Paper(width)
    tell_table(paper, headings, rows)
    return paper.text().splitlines()


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Heading], list[Row]]:
    groups = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    sizes = [draw(st.integers(1, 9)) for _ in groups]
    headings = [
        Heading(group, str(100 + number))
        for group, size in zip(groups, sizes, strict=True)
        for number in range(size)
    ]
    labels = draw(st.lists(WORDS, min_size=1, max_size=5))
    rows = [Row(one, tuple(draw(CELLS) for _ in headings)) for one in labels]
    return headings, rows


@given(tables(), st.integers(90, 160))
def test_tables_fit_and_nothing_is_lost(table: tuple[list[Heading], list[Row]], width: int) -> None:
    headings, rows = table
    lines = told(headings, rows, width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    names = re.findall(r"\b1\d\d\b", text)
    assert sorted(names) == sorted(one.name for one in headings)
    for row in rows:
        assert all(part in text for part in row.label.split("-"))
    cells = [form for row in rows for cell in row.cells for form in cell]
    long, short = cells[::2], cells[1::2]
    assert all(one in text for one in long) or all(one in text for one in short)


def test_the_fullest_way_that_fits() -> None:
    headings = [Heading("stack", "1"), Heading("stack", "2"), Heading("other", "1")]
    rows = [Row("a-program", (("NN-EARLY OP-ORDER", "2"), (".",), ("NN-EARLY", "1")))]
    assert told(headings, rows, 60) == [
        "             stack                 other",
        "                             1  2         1",
        "  a-program  NN-EARLY OP-ORDER  .  NN-EARLY",
    ]
    rows = [Row("a-program", (*rows[0].cells[:2], ("NN-EARLY TRANSCEIVER-STATE", "2")))]
    assert told(headings, rows, 40)[-1].split() == ["a-program", "2", ".", "2"]


def test_columns_that_do_not_fit_are_told_below() -> None:
    headings = [Heading("first", f"{n}000000") for n in range(3)]
    headings += [Heading("second", f"{n}111111") for n in range(3)]
    lines = told(headings, [Row("one", ((".",),) * 6), Row("another", (("1",),) * 6)], 40)
    assert [line.split()[0] for line in lines if line.strip()] == [
        *("first", "0000000", "one", "another"),
        *("second", "0111111", "one", "another"),
    ]


@pytest.mark.parametrize("label", ["a" * 200, "word-" * 40, "a\x1b[2J\u202eb"])
def test_long_and_hostile_labels(label: str) -> None:
    lines = told([Heading(label, label)], [Row(label, ((".",),))], 60)
    assert all(line.isprintable() for line in lines)
    if "\x1b" not in label:
        shown = "".join(line.split()[0] for line in lines[2:])
        assert shown.replace(".", "") == label

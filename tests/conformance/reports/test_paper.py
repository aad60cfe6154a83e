"""Text for people: escaped, wrapped, coloured only where it is wanted."""

from __future__ import annotations

import pytest

from negotiation.conformance.reports.paper import Paper, plain


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain, ümläut 漢", "plain, ümläut 漢"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\u202e\u2028\x9b", "\\u202e\\u2028\\x9b"),
        ("\udc80", "\\udc80"),
        ("back\\slash'\"", "back\\slash'\""),
    ],
)
def test_what_is_not_printable_is_escaped(text: str, told: str) -> None:
    assert plain(text) == told


def test_paragraphs_are_wrapped_and_hang() -> None:
    paper = Paper(40)
    paper.paragraph("word " * 12, indent=2, hanging=4)
    paper.item("word " * 10)
    assert paper.text() == (
        "  word word word word word word word\n    word word word word word\n"
        "  - word word word word word word word\n    word word word\n"
    )


def test_a_blank_line_is_never_doubled() -> None:
    paper = Paper()
    paper.blank()
    paper.paragraph("a")
    paper.blank()
    paper.blank()
    paper.paragraph("b")
    assert paper.text() == "a\n\nb\n"


def test_an_empty_paragraph_is_an_empty_line() -> None:
    paper = Paper(colour=True)
    paper.paragraph("", style="red")
    assert paper.text() == "\n"


def test_colour_is_added_after_escaping() -> None:
    paper = Paper(40, colour=True)
    paper.paragraph("\x1b[31m", style="red")
    assert paper.text() == "\x1b[31m\\x1b[31m\x1b[0m\n"


def test_columns() -> None:
    paper = Paper(60)
    paper.columns("  12 A  one two three four five", ["state is stable", "next: nothing"], at=20)
    assert paper.text() == (
        "  12 A  one two     | state is stable\n    three four      | next: nothing\n    five\n"
    )


def test_what_has_no_blank_is_not_broken() -> None:
    paper = Paper(40)
    paper.as_it_is("x" * 60)
    paper.paragraph("y" * 60)
    assert paper.text() == f"{'x' * 60}\n{'y' * 60}\n"


def test_a_terminal_of_40_columns_leaves_37_beside_its_frame() -> None:
    paper = Paper(37)
    paper.paragraph("A and B are both firefox 153.7.0esr on linux x86_64.")
    paper.beside("  chain      ", "setRemoteDescription (applying a description)")
    assert max(map(len, paper.text().splitlines())) <= 37

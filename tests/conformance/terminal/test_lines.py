"""What is drawn, whatever the width, the terminal and the trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from negotiation.conformance.reports.expectations import Expectation, Row
from negotiation.conformance.reports.falsifying import altered, repeated
from negotiation.conformance.reports.observing import kind_of
from negotiation.conformance.reports.story import story_of
from negotiation.conformance.terminal.details import details_of
from negotiation.conformance.terminal.help_pane import help_of
from negotiation.conformance.terminal.keys import KEYS
from negotiation.conformance.terminal.lines import RowWriter
from negotiation.conformance.terminal.look import Look, look_of
from negotiation.conformance.terminal.parts import Part, fitted, length, marked, read_paper
from negotiation.conformance.terminal.rows import Rows
from negotiation.conformance.terminal.view import STORY

if TYPE_CHECKING:
    from tests.conformance.terminal.conftest import Open

    from negotiation.conformance.traces.format import Line

LOOK = look_of({"TERM": "xterm-256color", "LANG": "en_GB.UTF-8"})
POOR = look_of({"TERM": "linux"})
TWICE = repeated(kind="event", name="signalingstatechange")
EVIL = "\x1b[2J\x9b31m[red]bad[/red]\r\n\u202e\u2028\x07\x7f日本e\u0301"


def text_of(parts: list[Part]) -> str:
    return "".join(text for text, _ in parts)


def of_dates(lines: list[Line]) -> list[Line]:
    """The times of a clock that counts from 1970."""
    return [
        msgspec.structs.replace(one, t=1.76e12 + one.t) if hasattr(one, "t") else one
        for one in lines
    ]


def test_times_from_1970_count_from_the_first_observation(opened: Open) -> None:
    rows, dated = opened(), opened(edit=of_dates)
    first = rows.observation(0).t
    for row in range(len(rows)):
        assert abs(dated.time(row) - (rows.time(row) - first)) < 0.01
        assert "e+12" not in "".join(map(text_of, details_of(dated, row, 100, LOOK)))


def hostile(lines: list[Line]) -> list[Line]:
    lines = altered({"message": EVIL}, kind="send")(lines)
    lines = altered({"kind": "throw", "error": EVIL, "message": EVIL}, kind="return")(lines)
    stack = {"stack": {"name": EVIL, "version": EVIL}, "recorder": EVIL}
    return altered({"peers": {"A": stack, "B": stack}}, kind="header")(lines)


@pytest.mark.parametrize("width", [1, 20, 39, 59, 60, 79, 100, 140, 300])
@pytest.mark.parametrize("look", [LOOK, POOR], ids=["unicode", "ascii"])
def test_every_line_is_as_wide_as_the_list(width: int, look: Look, opened: Open) -> None:
    for edit in (TWICE, hostile):
        rows = opened(edit=edit)
        writer = RowWriter(rows, width, look)
        for line in [writer.heading(), *(writer.line(row) for row in range(STORY, len(rows)))]:
            assert length(line) == width or width < 40, text_of(line)
            assert text_of(line).isprintable()


@pytest.mark.parametrize("width", [3, 10, 20, 58, 78, 160])
def test_nothing_that_is_told_is_cut(width: int, opened: Open) -> None:
    rows = opened(edit=hostile)
    for row in range(STORY, len(rows)):
        for line in details_of(rows, row, width, LOOK, with_states=True):
            assert length(line) <= width
            assert text_of(line).isprintable()
    whole = "".join(
        text_of(line).strip() for line in details_of(rows, rows.with_findings[0], width, LOOK)
    )
    finding = rows.findings(rows.with_findings[0])[0]
    assert finding.id in whole
    assert f"{finding.trace}:{finding.line}" in whole


def test_no_sign_beyond_ascii_where_the_terminal_may_have_none(opened: Open) -> None:
    rows = opened(edit=hostile)
    writer = RowWriter(rows, 100, POOR)
    told = [writer.line(row) for row in range(STORY, len(rows))]
    told += [line for row in range(STORY, len(rows)) for line in details_of(rows, row, 58, POOR)]
    told += help_of(POOR)
    assert all(text_of(line).isascii() for line in told)


@pytest.mark.parametrize(
    ("environment", "ascii", "colour"),
    [
        ({}, False, True),
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, False, True),
        ({"TERM": "xterm", "LC_ALL": "C", "LANG": "de_DE.UTF-8"}, True, True),
        ({"TERM": "linux"}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, False, True),
    ],
)
def test_the_look_follows_the_environment(
    environment: dict[str, str], ascii: bool, colour: bool
) -> None:
    look = look_of(environment)
    assert (look.signs.cut.isascii(), look.colour) == (ascii, colour)


def test_the_lifelines_tell_who_and_to_whom(opened: Open) -> None:
    rows = opened()
    writer = RowWriter(rows, 120, POOR)
    told = {rows.words(row): text_of(writer.line(row)) for row in range(len(rows))}
    shown = {
        (kind_of(one), one.peer): text_of(writer.line(row))
        for row in range(len(rows))
        if (one := rows.observation(row))
    }
    assert "|-> |" in shown["send", "A"]
    assert "| ->|" in shown["receive", "B"]
    assert "| <-|" in shown["send", "B"]
    assert "|<- |" in shown["receive", "A"]
    calls = [line for words, line in told.items() if words.startswith("call")]
    assert any("@   |" in line for line in calls)
    assert any("|   @" in line for line in calls)


def test_findings_have_a_sign_and_their_names(opened: Open) -> None:
    rows = opened(edit=TWICE)
    writer = RowWriter(rows, 120, LOOK)
    for row in range(len(rows)):
        told = text_of(writer.line(row))
        found = rows.findings(row)
        assert (told[1] == "!") == bool(found)
        assert all(one.id in told for one in found)


def test_a_line_is_shown_as_the_worst_of_its_findings(opened: Open) -> None:
    rows = opened(edit=TWICE)
    (row,) = rows.with_findings
    (departure,) = rows.findings(row)
    note = msgspec.structs.replace(departure, id="GLARE-YIELDED", class_="note")
    rows.replay.findings[rows.lines[row]] = (note, departure)
    mark, *_ = RowWriter(rows, 120, LOOK).line(row)
    assert mark == (" ! ", "bold red")


def test_what_is_expected_is_known(opened: Open) -> None:
    rows = opened(edit=TWICE)
    row = Row("STATE-REPEATED", "*", "It fires twice.")
    rows.story = story_of(rows.replay, [Expectation(row, "expectations.json", 1)])
    (found,) = rows.with_findings
    told = RowWriter(rows, 120, LOOK).line(found)
    assert told[0] == (" ! ", "")
    assert "STATE-REPEATED (known): event" in text_of(told)


def test_what_changed_is_told_with_what_was_before(opened: Open) -> None:
    rows = opened()
    row = next(row for row in range(len(rows)) if "signalingstatechange" in rows.words(row))
    told = "\n".join(text_of(line) for line in details_of(rows, row, 100, LOOK))
    assert "have-local-offer   (before: stable)" in told


def test_cutting_and_marking() -> None:
    assert fitted("日本語", 4, LOOK) == "日 …"
    assert fitted("abc", 5, LOOK) == "abc  "
    assert fitted("abc", 0, LOOK) == ""
    assert list(marked("aBcab", "ab")) == [
        ("", ""),
        ("aB", "bold underline"),
        ("c", ""),
        ("ab", "bold underline"),
        ("", ""),
    ]
    assert "".join(text for text, _ in marked("aBcab", "aB")) == "aBcab"


def test_long_words_are_folded_with_their_styles() -> None:
    told = read_paper(f"  \x1b[1m{'x' * 50}\x1b[0m yes\n", 20, LOOK)
    assert [length(line) <= 20 for line in told] == [True] * len(told)
    assert "".join(text_of(line).strip() for line in told).replace(" ", "") == "x" * 50 + "yes"
    assert ("bold" in {style for line in told for _, style in line}) is True


def test_no_key_is_bound_twice() -> None:
    keys = [one for group in KEYS.values() for key in group for one in key.keys.split(",")]
    assert len(keys) == len(set(keys))


def test_the_help_fits_into_a_narrow_terminal() -> None:
    for line in help_of(LOOK):
        assert length(line) <= 60, text_of(line)


def test_rows_of_more_peers_than_lifelines_say_whose_they_are(opened: Open) -> None:
    rows: Rows = opened()
    rows.peers = ["w", "x", "y", "z", "A", "B"]
    writer = RowWriter(rows, 120, LOOK)
    assert f"{rows.observation(0).peer}: {rows.words(0)}" in text_of(writer.line(0))

"""Text from traces can do nothing to a terminal."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from negotiation.conformance.reports.falsifying import altered, dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

    from negotiation.conformance.traces.format import Line

EVIL = "\x1b[2J\x9b31m\r\nnegotiation: passed\u202e\u2028\x07\x7f\ud800"
EVIL_TEXT = EVIL.removesuffix("\ud800")


def hostile(lines: list[Line]) -> list[Line]:
    lines = altered({"method": "createOffer"}, kind="call")(lines)
    lines = dropped(kind="event")(lines)
    lines = altered({"kind": "throw", "error": EVIL_TEXT, "message": EVIL_TEXT}, kind="return")(
        lines
    )
    header = altered({"program": EVIL_TEXT, "note": EVIL_TEXT}, kind="header")(lines)
    stack = {"stack": {"name": EVIL_TEXT, "version": EVIL_TEXT}, "recorder": EVIL_TEXT}
    return altered({"peers": {"A": stack}}, kind="header")(header)


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "{}"),
        ("check", "{}", "--format", "json"),
        ("matrix", "{}"),
        ("matrix", "{}", "--format", "json"),
        ("matrix", "{}", "--format", "markdown"),
        ("replay", "{}"),
        ("replay", "{}", "--format", "json"),
        ("replay", "{}:3"),
        ("replay", "{}", "--story"),
        ("why", "{}:3"),
        ("why", "{}:3", "--format", "json"),
    ],
)
def test_nothing_gets_through(arguments: list[str], negotiation: Run, trace: Write) -> None:
    trace("a.jsonl", edit=hostile)
    name = "a\x1b[2J\u202e.jsonl"
    Path("a.jsonl").rename(name)
    ran = negotiation(*(one.format(name) for one in arguments))
    assert ran.code in (0, 1, 4)
    told = ran.out + ran.err
    assert "x1b" in told or "u001b" in told
    for line in told.split("\n"):
        assert line.isprintable(), line
    assert not re.search("^negotiation: passed", told, re.MULTILINE)


def test_arguments_are_escaped_in_errors(negotiation: Run) -> None:
    for arguments in (
        [EVIL_TEXT],
        ["check", EVIL_TEXT],
        ["explain", EVIL_TEXT],
        ["why", EVIL_TEXT],
    ):
        ran = negotiation(*arguments)
        assert ran.code == 2
        assert len(ran.err.split("\n")) == 2
        assert ran.err.strip("\n").isprintable()


def test_a_name_that_is_no_unicode(negotiation: Run, trace: Write) -> None:
    trace("a.jsonl", edit=dropped(kind="event"))
    Path("a.jsonl").rename("a\udcff.jsonl")
    for arguments in (["check", "."], ["check", ".", "--format", "json", "--output", "report"]):
        ran = negotiation(*arguments)
        assert (ran.code, ran.err) == (1, "")

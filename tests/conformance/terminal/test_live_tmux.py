"""The replay in a real terminal: tmux, at the sizes that people have."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tmux import TMUX, Terminal, terminal

from negotiation.conformance.reports.falsifying import altered, repeated

if TYPE_CHECKING:
    from tests.conformance.terminal.conftest import Write

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(TMUX is None, reason="tmux is not on the PATH (apt has it)"),
]

TWICE = repeated(kind="event", name="signalingstatechange")
EVIL = "\x1b[2J\x1b[31mHACKED\x1b]0;title\x07[bold red]x[/]\r\n\u202e"
SIZES = [(80, 24), (60, 20), (120, 40)]


@contextmanager
def replay(
    file: str, columns: int, rows: int, *, left: str = "; echo LEFT $?", **environment: str
) -> Iterator[Terminal]:
    """A shell in which the replay was begun."""
    path = os.pathsep.join(one for one in sys.path if one)
    with terminal(Path.cwd(), columns, rows, environment={"PYTHONPATH": path}) as shown:
        shown.write("PS1='$ '; echo BE''FORE\n")
        shown.wait_for("BEFORE")
        # tmux names its own terminal, so what is another one is told to the command.
        given = " ".join(f"{name}={value}" for name, value in environment.items())
        command = f"{sys.executable} -m negotiation.conformance.cli replay"
        shown.write(f"clear; env {given} {command} {file} --interactive{left}\n")
        yield shown


@pytest.mark.parametrize(("columns", "rows"), SIZES)
def test_a_replay_from_beginning_to_end(columns: int, rows: int, trace: Write) -> None:
    with replay(trace(edit=TWICE), columns, rows) as shown:
        first = shown.wait_for("THE STORY", "call.jsonl", "? keys")
        assert len(first) == rows
        assert shown.is_in_the_alternate_screen()
        shown.press("j", "j")
        shown.wait_for("line 3, 2 of", "line 3, peer A")
        shown.press("f")
        found = shown.wait_for("STATE-REPEATED", "blame")
        assert any(line.startswith("❯!") for line in found)
        shown.press("/")
        shown.write("answer")
        shown.press("Enter")
        matched = shown.wait_for("/answer", "line 21")
        assert any("answer" in line for line in matched)
        shown.press("n")
        shown.press(":")
        shown.write("12")
        shown.press("Enter")
        shown.wait_for("line 12, 1", "line 12, peer")
        shown.press("NPage", "G")
        shown.wait_for("(100%)")
        shown.press("?")
        shown.wait_for("Moving", "the next finding", "q: back")
        shown.press("q")
        shown.wait_for("(100%)")
        shown.press("q")
        left = shown.wait_for("LEFT 0", without="? keys")
        assert not shown.is_in_the_alternate_screen()
        assert not any("THE STORY" in line for line in left)
        shown.write("echo typed $((40 + 2))\n")
        shown.wait_for("typed 42")


def test_the_terminal_is_made_larger_and_smaller(trace: Write) -> None:
    with replay(trace(edit=TWICE), 80, 24, COLUMNS="80", LINES="24") as shown:
        shown.wait_for("THE STORY")
        shown.press("f")
        shown.wait_for("❯!")
        for columns, rows in [(160, 50), (60, 20), (40, 12), (100, 30)]:
            shown.resize(columns, rows)
            screen = shown.wait_for("❯!", "? keys")
            assert len(screen) == rows
        shown.press("q")
        shown.wait_for("LEFT 0")


@pytest.mark.parametrize(
    "environment", [{"TERM": "linux"}, {"TERM": "dumb"}, {"NO_COLOR": "1"}, {"LC_ALL": "C"}]
)
def test_poor_terminals(environment: dict[str, str], trace: Write) -> None:
    with replay(trace(edit=TWICE), 60, 20, **environment) as shown:
        shown.wait_for("THE STORY")
        shown.press("f")
        shown.wait_for("blame")
        screen = "\n".join(shown.screen(styled=True))
        if "NO_COLOR" not in environment:
            assert "\n".join(shown.screen()).isascii()
        if "TERM" not in environment or environment["TERM"] == "dumb":
            coloured = [f"[{code}m" for code in (31, 33, 36)]
            assert "LC_ALL" in environment or not any(one in screen for one in coloured)
        shown.press("q")
        shown.wait_for("LEFT 0")


def test_no_more_colours_than_sixteen(trace: Write) -> None:
    with replay(trace(edit=TWICE), 80, 24) as shown:
        shown.wait_for("THE STORY")
        shown.press("f")
        shown.wait_for("❯!")
        screen = "\n".join(shown.screen(styled=True))
        assert "38;5" not in screen
        assert "38;2" not in screen
        assert "48;" not in screen
        shown.press("q")


def test_hostile_text_is_text(trace: Write) -> None:
    def hostile(lines: Any) -> Any:
        stack = {"stack": {"name": EVIL, "version": EVIL}, "recorder": EVIL}
        lines = altered({"kind": "throw", "error": EVIL, "message": EVIL}, kind="return")(lines)
        return altered({"peers": {"A": stack, "B": stack}}, kind="header")(lines)

    with replay(trace(edit=hostile), 120, 40) as shown:
        shown.wait_for("THE STORY", "HACKED")
        shown.press("f")
        shown.wait_for("❯!", r"\x1b[31mHACKED\x1b]0;title\x07[bold red]x[/]\r\n\u202e")
        shown.press("q")
        shown.wait_for("LEFT 0")


def test_a_long_trace_tells_how_far_it_is_and_opens() -> None:
    long_trace(Path("long.jsonl"), 30_000)
    with replay("long.jsonl", 80, 24) as shown:
        shown.wait_for("observations", "q quits")
        shown.wait_for("THE STORY")
        shown.press("G")
        shown.wait_for("30000 of 30000 (100%)")
        shown.press("/")
        shown.write("m1234'")
        shown.press("Enter")
        shown.wait_for("no more match")
        shown.press("g", "n")
        shown.wait_for("send 'm1234'")
        shown.press("q")
        shown.wait_for("LEFT 0")


def test_one_leaves_at_once_while_it_judges() -> None:
    long_trace(Path("long.jsonl"), 100_000)
    with replay("long.jsonl", 80, 24) as shown:
        shown.wait_for("judging")
        shown.press("C-c")
        shown.wait_for("LEFT 130", "interrupted")


def test_what_fails_is_told_after_the_screen_is_given_back() -> None:
    Path("torn.jsonl").write_text('{"kind":"header"\n')
    with replay("torn.jsonl", 80, 24) as shown:
        told = shown.wait_for("LEFT 3")
        assert any("negotiation: torn.jsonl:1:" in line for line in told)
        assert not shown.is_in_the_alternate_screen()


def test_ctrl_z_gives_the_shell_back_and_fg_the_replay(trace: Write) -> None:
    with replay(trace(), 80, 24, left="") as shown:
        shown.wait_for("THE STORY")
        shown.press("j", "C-z")
        shown.wait_for("Stopped")
        shown.write("fg\n")
        shown.wait_for("THE STORY", "line 2, 1 of")
        shown.press("q")
        shown.wait_for("$ ", without="THE STORY")


def test_what_is_typed_ahead_is_taken_in_its_order(trace: Write) -> None:
    with replay(trace(edit=TWICE), 80, 24) as shown:
        shown.wait_for("THE STORY")
        shown.write(":12\rjjk/answer\rNn?jjqf")
        shown.wait_for("/answer", "line ")
        shown.write("g?q:7\rq")
        shown.wait_for("LEFT 0")


def long_trace(path: Path, observations: int) -> None:
    """Offers that are made, told and never set, again and again."""
    peer = {"stack": {"name": "made"}, "recorder": "made", "profile": "page", "configuration": {}}
    lines: list[dict[str, Any]] = [
        {
            "kind": "header",
            "format": "negotiation-trace",
            "version": 1,
            "date": "2026-01-01",
            "peers": {"A": peer, "B": peer},
        },
        {"kind": "sdp", "id": "s1", "text": "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"},
    ]
    offer = {"type": "offer", "sdp": "s1"}
    for call in range(observations // 5):
        here, there = ("A", "B") if call % 2 else ("B", "A")
        lines += [
            {"kind": "call", "peer": here, "id": call, "method": "createOffer"},
            {"kind": "return", "peer": here, "call": call},
            {"kind": "resolve", "peer": here, "call": call, "description": offer},
            {"kind": "send", "peer": here, "message": f"m{call}"},
            {"kind": "receive", "peer": there, "message": f"m{call}"},
        ]
    with path.open("w") as file:
        for number, line in enumerate(lines):
            timed = {"n": number - 1, "t": number - 1.0} if number > 1 else {}
            file.write(json.dumps({**line, **timed}) + "\n")

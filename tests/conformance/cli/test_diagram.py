"""`negotiation diagram`: which diagram is drawn of what, and what is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from negotiation.conformance.reports.falsifying import altered

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write

TRACES = Path(__file__).parents[3] / "traces"
GLARE = TRACES / "interworking/chromium+firefox/glare-that-both-ends-ignore.jsonl.gz"


def drawn(name: str) -> str:
    text = Path(name).read_text("utf-8")
    ElementTree.fromstring(text)
    return text


def test_what_was_observed(negotiation: Run, trace: Write) -> None:
    trace("a.jsonl")
    ran = negotiation("diagram", "signaling", "--observed", "a.jsonl", "--format", "mermaid")
    assert (ran.code, ran.err) == (0, "")
    assert "never seen" in ran.out
    assert "observed: all stacks, 1 connection" in ran.out


def test_a_file_for_each_stack(negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    options = ("--observed", "g.jsonl.gz", "--by", "stack", "--layout", "own")
    assert negotiation("diagram", "signaling", *options, "--output", "s.svg").code == 0
    assert sorted(one.name for one in Path().glob("*.svg")) == ["s-chromium.svg", "s-firefox.svg"]
    assert "observed: firefox, 1 connection" in drawn("s-firefox.svg")


@pytest.mark.parametrize(
    "options", [("--differ", "chromium", "firefox"), ("--against", "g.jsonl.gz")]
)
@pytest.mark.parametrize("what", ["signaling", "operation", "flag"])
def test_two_are_compared(what: str, options: tuple[str, ...], negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    shutil.copyfile(GLARE, "h.jsonl.gz")
    given = ("--observed", "h.jsonl.gz", *options, "--layout", "own", "--output", "d.svg")
    assert negotiation("diagram", what, *given).code == 0
    names = options[1:] if len(options) == 3 else ("h.jsonl.gz", "g.jsonl.gz")
    text = drawn("d.svg")
    assert f"left of the bar: {names[0]}, " in text
    assert f"right of the bar: {names[1]}, " in text


def test_one_stack_of_many(negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    options = ("--observed", ".", "--stack", "chromium@156", "--format", "dot")
    assert "observed: chromium@156, 1 connection" in negotiation("diagram", "flag", *options).out


def test_a_trace_that_cannot_be_read_is_told_and_counts_in_the_exit_code(
    negotiation: Run, trace: Write
) -> None:
    trace("a.jsonl")
    with Path("a.jsonl").open("a") as file:
        file.write("{}\n")
    ran = negotiation("diagram", "flag", "--observed", "a.jsonl", "--output", "a.dot")
    assert ran.code == 3
    assert "counted as far as it could be read" in ran.err
    assert Path("a.dot").exists()


@pytest.mark.parametrize("name", ["seq.svg", "seq.mmd", "seq.mermaid", "SEQ.MMD"])
def test_a_sequence(name: str, negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    ran = negotiation("diagram", "sequence", "g.jsonl.gz", "--output", name)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    text = Path(name).read_text("utf-8")
    assert "GLARE-DEADLOCK" in text
    assert ("sequenceDiagram" in text) is not name.endswith("svg")


def test_a_line_is_a_focus(negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    options = ("--format", "mermaid", "--depth", "1")
    there = negotiation("diagram", "sequence", "g.jsonl.gz:18", *options).out
    assert there == negotiation("diagram", "sequence", "g.jsonl.gz", "--focus", "18", *options).out
    assert re.findall(r": (\d+): ", there) == ["16", "18", "20"]


HOSTILE = "<script>alert(1)</script>\x1b[2J\u202eend; #35; %%{init: {}}%%"


def test_hostile_text_is_text(negotiation: Run, trace: Write) -> None:
    thrown = {"kind": "throw", "error": HOSTILE, "message": HOSTILE}
    trace("a.jsonl", edit=altered(thrown, kind="return"))
    for what in (("sequence", "a.jsonl"), ("signaling", "--observed", "a.jsonl")):
        for format in ("svg", "mermaid"):
            options = (*what, "--format", format, "--output", "out")
            assert negotiation("diagram", *options).code == 0
            text = Path("out").read_text("utf-8")
            assert all(line.isprintable() for line in text.split("\n"))
            assert "<script" not in text
            assert "%%{" not in text or format == "svg"
            if format == "svg":
                ElementTree.fromstring(text)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["sequence"], "which recording? write: negotiation diagram sequence TRACE"),
        (["sequence", "g.jsonl.gz", "--format", "png"], "let a browser, or rsvg-convert"),
        (["sequence", "g.jsonl.gz", "--format", "dot"], "Graphviz draws no sequences"),
        (["sequence", "g.jsonl.gz", "--peer", "C"], "there is no peer 'C'; there are A, B"),
        (["sequence", "g.jsonl.gz", "--focus", "x"], "it is a line of the recording"),
        (["sequence", "g.jsonl.gz", "--from", "999"], "--from, --to or --peer leave nothing"),
        (["sequence", "g.jsonl.gz", "--observed", "."], "--observed is for diagrams of the model"),
        (["sequence", "g.jsonl.gz", "--layout", "own"], "a sequence has one, leave it out"),
        (["signaling", "g.jsonl.gz"], "to count in recordings, write --observed TRACE"),
        (["signaling", "--from", "3"], "--from is for diagram sequence TRACE"),
        (["signaling", "--stack", "x"], "--stack is for --observed TRACE"),
        (["signaling", "--observed", ".", "--stack", "x"], "there are: chromium, firefox"),
        (["signaling", "--observed", ".", "--by", "stack"], "name them with --output"),
        (
            ["signaling", "--observed", ".", "--differ", "a", "b", "--against", "."],
            "--against and --differ are different questions",
        ),
        (["signaling", "--focus", "x"], "the diagram has no such node"),
        (["signaling", "--depth", "-1"], "'-1' is no whole number from 0 on"),
        (["nothing"], "use one of signaling, operation, flag, or sequence TRACE"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: list[str], says: str, negotiation: Run) -> None:
    shutil.copyfile(GLARE, "g.jsonl.gz")
    ran = negotiation("diagram", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err

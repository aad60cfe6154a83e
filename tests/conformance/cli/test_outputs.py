"""--format and --output: what belongs together, and exit codes that no format changes."""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conformance.cli.test_check import CASES, prepare

from negotiation.conformance.cli.outputs import FORMATS, Output, add_output_options, outputs_of
from negotiation.conformance.cli.parsing import Parser
from negotiation.conformance.errors import UsageError
from negotiation.conformance.reports.falsifying import altered, dropped

if TYPE_CHECKING:
    from tests.conformance.cli.conftest import Run, Write


def asked(*given: str) -> list[Output]:
    parser = Parser("negotiation x", "", ())
    add_output_options(parser)
    return outputs_of(parser.parse_args(list(given)))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("", [("text", None)]),
        ("--format json", [("json", None)]),
        ("--format json --output a", [("json", "a")]),
        ("--output a --format json", [("json", "a")]),
        ("--output a.xml --format json", [("json", "a.xml")]),
        ("--output a.xml", [("junit", "a.xml")]),
        ("--output a.sarif", [("sarif", "a.sarif")]),
        ("--output a.sarif.json", [("sarif", "a.sarif.json")]),
        ("--output a.MD", [("markdown", "a.MD")]),
        ("--output a.html", [("html", "a.html")]),
        ("--output a.json", [("json", "a.json")]),
        ("--output a.txt", [("text", "a.txt")]),
        ("--output -", [("text", None)]),
        ("--format github --output -", [("github", None)]),
        ("--format text --format junit --output a", [("text", None), ("junit", "a")]),
        ("--format junit --output a --format text", [("junit", "a"), ("text", None)]),
        ("--format junit --output a --output b.md", [("junit", "a"), ("markdown", "b.md")]),
        ("--output a.md --output b.xml --format json", [("markdown", "a.md"), ("junit", "b.xml"),
                                                        ("json", None)]),
        ("--output=a.md --format=json --output=b", [("markdown", "a.md"), ("json", "b")]),
    ],
)  # fmt: skip
def test_pairs(given: str, wanted: list[tuple[str, str | None]]) -> None:
    assert asked(*given.split()) == [Output(*one) for one in wanted]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("--format json --format junit", "json and junit cannot both go to standard output"),
        ("--format json --output - --output -", "json and text cannot both go to"),
        ("--output a.md --format json --output a.md", "a.md is named for two reports"),
        ("--output no/such/a.md", "there is no folder no/such"),
        ("--output .", "it is a folder"),
        ("--format xml", "invalid choice: 'xml'"),
    ],
)
def test_what_does_not_fit_is_told_with_what_to_do(given: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        asked(*given.split())
    assert told in str(raised.value)
    assert ";" in str(raised.value)


pairs = st.lists(
    st.one_of(
        st.tuples(st.just("--format"), st.sampled_from(sorted(FORMATS))),
        st.tuples(st.just("--output"), st.sampled_from(["a", "b.xml", "c.sarif", "d.md", "-"])),
    ),
    max_size=6,
)


@given(pairs)
def test_each_file_is_written_once_and_each_format_that_is_named(given: list[Any]) -> None:
    try:
        outputs = asked(*itertools.chain.from_iterable(given))
    except UsageError:
        return
    files = [value for name, value in given if name == "--output" and value != "-"]
    assert sorted(one.file for one in outputs if one.file is not None) == sorted(files)
    assert sum(one.file is None for one in outputs) <= 1
    named = {value for name, value in given if name == "--format"}
    assert named <= {one.format for one in outputs}


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_no_format_changes_the_exit_code_of_check(
    case: str, format: str, negotiation: Run, trace: Write
) -> None:
    code, _ = CASES[case]
    arguments = prepare(case, trace)
    assert negotiation("check", *arguments, "--format", format).code == code
    assert negotiation("check", *arguments, "--format", format, "--output", "r").code == code
    assert Path("r").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize("case", CASES)
def test_all_formats_at_once(case: str, negotiation: Run, trace: Write) -> None:
    code, _ = CASES[case]
    given = [part for one in FORMATS for part in ("--format", one, "--output", f"r.{one}")]
    ran = negotiation("check", *prepare(case, trace), *given)
    assert (ran.code, ran.out) == (code, "")
    for one in FORMATS:
        alone = negotiation("check", *prepare(case, trace), "--format", one)
        if one in ("junit", "github", "text"):
            # The others tell the seconds in more places.
            assert len(alone.out.splitlines()) == len(Path(f"r.{one}").read_text().splitlines())


@pytest.mark.parametrize("format", FORMATS)
def test_no_format_changes_the_exit_code_of_matrix(
    format: str, negotiation: Run, trace: Write
) -> None:
    trace("t/a.jsonl", edit=dropped(kind="event", name="negotiationneeded"))
    assert negotiation("matrix", "t", "--format", format, "--output", "r").code == 0
    Path("t/b.jsonl").write_text("{}\n")
    assert negotiation("matrix", "t", "--format", format, "--output", "r").code == 3


FUZZ = ("fuzz", "--stack", "model", "--seed", "1")


@pytest.mark.parametrize("mutation", ["return_to_stable/skipped", None])
def test_no_format_changes_the_exit_code_of_fuzz(
    mutation: str | None, negotiation: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = [part for one in FORMATS for part in ("--format", one, "--output", f"r.{one}")]
    which = ["--mutation", mutation, "--examples", "30"] if mutation else ["--examples", "5"]
    ran = negotiation(*FUZZ, *which, *given)
    assert (ran.code, ran.err) == (1 if mutation else 0, "")
    told = json.loads(Path("r.json").read_text())
    assert ran.code == bool(told["cases"])
    for one in ("junit", "sarif", "github", "markdown", "html"):
        for case in told["cases"]:
            assert case["fault"]["id"] in Path(f"r.{one}").read_text()


@pytest.mark.parametrize("format", ["junit", "sarif", "github", "html"])
def test_a_table_of_mutations_has_some_formats_only(format: str, negotiation: Run) -> None:
    ran = negotiation(*FUZZ, "--mutation", "*", "--format", format)
    assert ran.code == 2
    assert "is not for a table of mutations; take one of text, json, markdown" in ran.err


def test_perturbed_recordings_have_some_formats_only(negotiation: Run, trace: Write) -> None:
    ran = negotiation("fuzz", trace("a.jsonl"), "--format", "sarif")
    assert ran.code == 2
    assert "is not for perturbed recordings; take one of text, json" in ran.err


@pytest.mark.parametrize("command", ["check", "matrix"])
def test_a_page_is_not_for_a_terminal(
    command: str, negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("t/a.jsonl")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    ran = negotiation(command, "t", "--format", "html")
    assert ran.code == 2
    assert "a page is not for a terminal; name its file with --output" in ran.err


def test_the_summary_of_a_job_is_added_to(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("t/a.jsonl", edit=dropped(kind="event", name="negotiationneeded"))
    Path("summary.md").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    ran = negotiation("check", "t", "--format", "github")
    assert ran.code == 1
    told = Path("summary.md").read_text()
    assert told.startswith("before\n## ❌ negotiation check: Failed\n")
    assert "::error file=t/a.jsonl,line=4,title=NN-MISSED%3A " in ran.out


def test_a_full_summary_stays_within_what_github_takes(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("t/a.jsonl", edit=dropped(kind="event", name="negotiationneeded"))
    Path("summary.md").write_text("x" * ((1 << 20) - 100))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert negotiation("check", "t", "--format", "github").code == 1
    assert Path("summary.md").stat().st_size <= 1 << 20


def test_a_summary_that_cannot_be_written_fails_nothing(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace("t/a.jsonl")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "no/such/summary.md")
    ran = negotiation("check", "t", "--format", "github")
    assert ran.code == 0
    assert "no/such/summary.md: cannot be written" in ran.err


def test_no_text_is_a_command_to_a_runner(
    negotiation: Run, trace: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def evil(lines: Any) -> Any:
        lines = dropped(kind="event", name="negotiationneeded")(lines)
        stack = {"stack": {"name": "##[error]x ::error::y", "version": "1"}, "recorder": "r"}
        return altered({"peers": {"A": stack}}, kind="header")(lines)

    trace("t/a.jsonl", edit=evil)
    assert "##[error]" in negotiation("check", "t").out
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for format in ("text", "github", "markdown"):
        assert "##[" not in negotiation("check", "t", "--format", format).out


def test_the_options_are_told_in_the_help() -> None:
    parser = argparse.ArgumentParser()
    add_output_options(parser)
    told = parser.format_help()
    assert all(one in told for one in FORMATS)
